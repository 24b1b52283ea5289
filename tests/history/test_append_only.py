"""The database itself refuses changes to history, whatever the code above it does."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from history import triggers
from history.models import AppendOnly, Event
from outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def _refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        connection.cursor().execute(statement)
    return str(refusal.value)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_event SET actor_name = 'Somebody else'",
        "UPDATE history_event SET changes = '{}' WHERE id = (SELECT min(id) FROM history_event)",
        "DELETE FROM history_event",
    ],
)
def test_raw_sql_cannot_change_what_happened(statement: str) -> None:
    make.request_in("referred")
    before = list(Event.objects.values())

    assert triggers.REFUSAL in _refused(statement)
    assert list(Event.objects.values()) == before
    assert before


def test_putting_a_row_in_place_of_another_is_refused_too() -> None:
    """SQLite's REPLACE deletes without a delete trigger; PostgreSQL's upsert is an UPDATE."""
    make.request_in("submitted")
    before = list(Event.objects.values())
    names = [field.column for field in Event._meta.local_fields]
    same = ", ".join("'Somebody else'" if name == "actor_name" else name for name in names)
    columns = ", ".join(names)
    statement = {
        "sqlite": f"REPLACE INTO history_event ({columns}) SELECT {same} FROM history_event",  # noqa: S608
        "postgresql": f"INSERT INTO history_event ({columns}) SELECT {same} FROM history_event "  # noqa: S608
        "ON CONFLICT (id) DO UPDATE SET actor_name = EXCLUDED.actor_name",
    }[connection.vendor]

    assert triggers.REFUSAL in _refused(statement)
    assert list(Event.objects.values()) == before


def test_the_heads_of_all_chains_can_be_kept_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    case = make.request_in("referred")
    call_command("verify_history", "--heads")
    last = Event.objects.about(case).last()
    assert last is not None
    line = f"requests_app.supportrequest\t{case.pk}\t{last.sequence}\t{last.hash}"
    assert line in capsys.readouterr().out.splitlines()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has TRUNCATE")
def test_postgresql_does_not_empty_the_table_either() -> None:
    make.request_in("submitted")

    assert triggers.REFUSAL in _refused("TRUNCATE history_event CASCADE")
    assert Event.objects.exists()


def test_the_models_own_ways_to_change_rows_are_shut() -> None:
    make.request_in("submitted")
    event = Event.objects.latest("pk")

    with pytest.raises(AppendOnly):
        Event.objects.update(actor_name="Somebody else")
    with pytest.raises(AppendOnly):
        Event.objects.all().delete()
    with pytest.raises(AppendOnly):
        Event.objects.bulk_update([event], ["actor_name"])
    event.actor_name = "Somebody else"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


def test_history_that_nobody_touched_is_found_intact(capsys: pytest.CaptureFixture[str]) -> None:
    make.request_in("completed")

    call_command("verify_history")

    assert f"History holds: {Event.objects.count()} events" in capsys.readouterr().out


def _triggers() -> list[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        " AND tbl_name = 'history_event' ORDER BY name",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid = 'history_event'::regclass ORDER BY tgname",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return [row[0] for row in cursor.fetchall()]


def test_what_is_removed_by_force_is_every_trigger_and_comes_back_whole() -> None:
    before = _triggers()
    triggers.remove(connection)
    without = _triggers()
    triggers.install(connection)
    assert without == []
    assert _triggers() == before != []


@pytest.mark.parametrize(
    ("statement", "number", "why"),
    [
        (
            "UPDATE history_event SET actor_name = 'Somebody else' WHERE id = {id}",
            2,
            "its content does not match its hash",
        ),
        (
            "UPDATE history_event SET hash = previous_hash WHERE id = {id}",
            2,
            "its content does not match its hash",
        ),
        ("DELETE FROM history_event WHERE id = {id}", 3, "number 2 of this chain is missing"),
    ],
)
def test_a_chain_broken_by_force_is_named(statement: str, number: int, why: str) -> None:
    broken = make.request_in("accepted")
    make.request_in("accepted")
    second = Event.objects.about(broken).get(sequence=2)
    named = Event.objects.about(broken).get(sequence=number)

    Message.objects.filter(event=second).delete()  # its foreign key protects the event as well
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(id=second.pk))
    triggers.install(connection)

    with pytest.raises(CommandError) as found:
        call_command("verify_history")
    assert str(found.value) == (
        f"History is broken at event {named.pk} "
        f"(requests_app.supportrequest {broken.pk}, number {number}): {why}."
    )
