"""Long lists are read by a worker; and what is said of a list whose reading broke off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from record.admin import importing
from record.importing import reading
from record.models import ActivityImport, ImportFile, ImportRow
from record.tasks import carry_on_imports, read_on
from tests import make
from tests.reading_pages import page, signed_in
from tests.record.importing_world import act, give, page_of, parties, send, send_rows, verdicts

pytestmark = pytest.mark.django_db

LIST = "/admin/record/activityimport/"
ROWS = (
    "Kenya,Training (2015),analysis",
    '"Peru","Course (2016)\nWorkshop (2017)\nStudy (2018)",analysis',
    "Kenya,training (2015),analysis",
    "Uganda,Meeting (2016),Conference",
    "Kenya,Patrol (2017-2016),analysis",
    "Uganda,Seminar (2016),analysis",
)
BROKE_OFF = "Reading this file broke off before its end. Send it again."


@pytest.fixture(autouse=True)
def _parties() -> None:
    parties()


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on six rows are a long list, stored two activities at a time."""

    def begin() -> None:
        monkeypatch.setattr(importing, "A_FEW_TO_READ", 5)
        monkeypatch.setattr(reading, "AT_ONCE", 2)

    return begin


@contextmanager
def lost_at_the_second_piece() -> Iterator[None]:
    """The database goes away when rows are stored for the second time."""
    pieces = []

    def work(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "record_importrow"'):
            pieces.append(sql)
            if len(pieces) > 1:
                raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *rest)

    with connection.execute_wrapper(work), pytest.raises(OperationalError):
        yield


def sent_ago(batch: ActivityImport, **time: int) -> None:
    sent = timezone.now() - timedelta(**time)
    ActivityImport.objects.filter(pk=batch.pk).update(made_at=sent)


def test_a_long_list_is_read_by_a_worker_and_comes_to_the_same(
    officer: Client, long: Callable[[], None]
) -> None:
    at_once = verdicts(send_rows(officer, *ROWS))
    long()

    batch = send_rows(officer, *ROWS)

    said = page(officer.get(page_of(batch)))
    assert "The file is here and is being read. Nothing is taken over yet." in said
    assert "The file is being read: 0 of 6 rows so far." in said
    assert BROKE_OFF not in said
    assert "is being read" in page(officer.get(LIST))
    read_on(batch.pk)
    assert verdicts(batch) == at_once
    assert len(at_once) == 8
    assert "being read" not in page(officer.get(page_of(batch))) + page(officer.get(LIST))
    assert not ImportFile.objects.exists()


def test_what_a_lost_worker_left_unread_is_read_on_by_the_sweep(
    officer: Client, long: Callable[[], None]
) -> None:
    at_once = verdicts(send_rows(officer, *ROWS))
    long()
    batch = send_rows(officer, *ROWS)
    with lost_at_the_second_piece():
        read_on(batch.pk)

    response = officer.get(page_of(batch))
    assert "The file is being read: 2 of 6 rows so far." in page(response)
    assert (response.context["questions"], [one.action for one in response.context["actions"]]) == (
        [],
        ["drop"],
    )
    assert carry_on_imports() == 0  # a worker may still be at it
    sent_ago(batch, minutes=3)
    assert carry_on_imports() == 1

    assert verdicts(batch) == at_once
    batch.refresh_from_db()
    assert batch.read_at is not None
    assert carry_on_imports() == 0


def test_a_list_that_is_dropped_while_it_is_read_is_read_no_further(
    officer: Client, long: Callable[[], None]
) -> None:
    long()
    batch = send_rows(officer, *ROWS)
    with lost_at_the_second_piece():
        read_on(batch.pk)

    act(officer, batch, "drop")
    read_on(batch.pk)
    sent_ago(batch, minutes=3)

    assert (carry_on_imports(), ImportRow.objects.count()) == (0, 0)
    assert "being read" not in page(officer.get(page_of(batch))) + page(officer.get(LIST))


def test_a_list_that_comes_to_no_end_within_a_day_is_given_up(
    officer: Client, long: Callable[[], None]
) -> None:
    long()
    batch = send_rows(officer, *ROWS)
    sent_ago(batch, hours=25)

    assert carry_on_imports() == 0

    assert BROKE_OFF in page(officer.get(page_of(batch)))


def test_reading_that_broke_off_in_the_call_is_said_and_can_be_dropped(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    with lost_at_the_second_piece():
        send(officer, "\n".join(["Country,Description,Kind", *reversed(ROWS)]).encode())

    batch = ActivityImport.objects.get()
    response = officer.get(page_of(batch))
    assert (ImportRow.objects.count(), BROKE_OFF in page(response)) == (2, True)
    assert "reading broke off: send it again" in page(officer.get(LIST))
    assert response.context["questions"] == []
    assert give(officer, batch, "kind:conference", "capacity").status_code == 400
    assert officer.get(page_of(batch, "actions/take/")).context["form"].refusal is not None

    act(officer, batch, "drop")

    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count()) == ("dropped", 0)
    said = page(officer.get(page_of(batch))) + page(officer.get(LIST))
    assert "broke off" not in said
