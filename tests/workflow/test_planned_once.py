"""A query that is planned once answers as any other does; with PostgreSQL its plan is kept."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from partners.models import Party
from tests import make
from workflow.kept_queries import KeptQuery

pytestmark = pytest.mark.django_db(transaction=True)
with_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL keeps plans"
)


def by_code() -> KeptQuery:
    parties = Party.objects.exclude(name_en="100 % “of” 'them'")
    return KeptQuery(
        lambda codes: parties.filter(code__in=codes).values_list("code", "m49"),
        is_planned_once=True,
    )


def asked_by(kept: KeptQuery, code: str) -> tuple[list[str], list[str]]:
    """The codes that are found, and how each question began."""
    with CaptureQueriesContext(connection) as captured:
        found = [code for code, _m49 in kept.rows(codes=[code])]
    return found, [query["sql"].split()[0] for query in captured]


def usual() -> str:
    return "EXECUTE" if connection.vendor == "postgresql" else "SELECT"


def test_each_call_gets_the_rows_of_its_own_values() -> None:
    make.party(), make.party("VNM")
    kept = by_code()
    found = [asked_by(kept, code) for code in ("KEN", "VNM", "PER", "KEN", "VNM", "KEN', 'VNM")]
    codes: list[list[str]] = [["KEN"], ["VNM"], [], ["KEN"], ["VNM"], []]
    assert found == [(one, [usual()]) for one in codes]


def test_a_new_connection_gets_plans_of_its_own() -> None:
    make.party()
    kept = by_code()
    found = [asked_by(kept, "KEN")]
    connection.close()
    assert [*found, asked_by(kept, "KEN")] == [(["KEN"], [usual()])] * 2


def test_threads_that_ask_in_turn_have_plans_of_their_own() -> None:
    make.party()
    kept = by_code()

    def ask() -> tuple[list[str], list[str]]:
        return asked_by(kept, "KEN")

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        found = [thread.submit(ask).result() for thread in (one, other, one, other)]
        for thread in (one, other):
            thread.submit(connections.close_all).result()
    assert found == [(["KEN"], [usual()])] * 4


@with_postgres
def test_what_is_asked_after_a_lock_sees_what_was_done_while_it_waited() -> None:
    party = make.party()
    rows = Party.objects.select_for_update(no_key=True)
    lock = KeptQuery(lambda pk: rows.filter(pk=pk).values_list("pk"), is_planned_once=True)
    read = KeptQuery(lambda pk: Party.objects.filter(pk=pk), is_planned_once=True)

    def wait_and_read() -> list[str]:
        try:
            with transaction.atomic():
                found = read.objects_after((lock, {"pk": party.pk}), pk=party.pk)
                return [one.name_en for one in found]
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            lock.rows(pk=party.pk)
            other = pool.submit(wait_and_read)
            while not _somebody_waits():
                time.sleep(0.02)
            Party.objects.filter(pk=party.pk).update(name_en="As it is now")
        assert other.result() == ["As it is now"]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@with_postgres
def test_behind_a_pooler_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    make.party()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert asked_by(by_code(), "KEN") == (["KEN"], ["SELECT"])


@pytest.fixture
def longer_codes() -> Iterator[None]:
    yield
    _code_is("varchar(3)")


def _code_is(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE partners_party ALTER COLUMN m49 TYPE {kind}")


@with_postgres
def test_a_migration_meanwhile_is_not_in_the_way(longer_codes: None) -> None:
    make.party()
    kept = by_code()
    assert asked_by(kept, "KEN") == (["KEN"], ["EXECUTE"])
    _code_is("varchar(30)")
    assert asked_by(kept, "KEN") == (["KEN"], ["EXECUTE", "SELECT"])
    assert asked_by(kept, "KEN") == (["KEN"], ["SELECT"])
