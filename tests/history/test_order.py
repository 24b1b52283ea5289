"""Many writers at once: numbers without gaps, and a change feed that never skips."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from history.log import SYSTEM, record
from history.models import Event
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*jobs: Callable[[], None]) -> None:
    """Run each job in a thread with a database connection of its own."""
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as failure:  # noqa: BLE001 - shown by the assert below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_officers_who_advise_at_the_same_moment_leave_numbers_without_gaps() -> None:
    case = make.request_in("in_review")
    officers = [make.officer() for _each in range(4)]
    before = Event.objects.about(case).count()

    def advise(officer: object) -> None:
        for _each in range(5):
            perform("advise", type(case).objects.get(pk=case.pk), by=officer, data={"advice": "!"})

    _at_once(*(lambda officer=officer: advise(officer) for officer in officers))

    chain = list(Event.objects.about(case))
    assert [event.sequence for event in chain] == list(range(1, before + 21))
    assert [event.previous_hash for event in chain] == ["", *(e.hash for e in chain[:-1])]


def test_a_reader_of_the_feed_never_meets_a_later_event_before_an_earlier_one() -> None:
    cases = [make.request_in("submitted") for _each in range(4)]
    kind = Event.objects.about(cases[0]).latest("pk").kind
    start = Event.objects.latest("pk").pk
    met: list[int] = []
    writing = threading.Event()

    def write(case: object) -> None:
        for number in range(6):
            with transaction.atomic():
                type(case).objects.select_for_update().get(pk=case.pk)
                record(case, kind, by=SYSTEM, changes={"number": number})
                time.sleep(0.005 * (number % 3))  # the commit comes later, now and then

    def read() -> None:
        cursor = start
        while not writing.is_set() or Event.objects.filter(pk__gt=cursor).exists():
            for pk in (
                Event.objects.filter(pk__gt=cursor).order_by("pk").values_list("pk", flat=True)
            ):
                met.append(pk)
                cursor = pk

    def write_all() -> None:
        try:
            _at_once(*(lambda case=case: write(case) for case in cases))
        finally:
            writing.set()

    _at_once(write_all, read)

    written = Event.objects.filter(pk__gt=start).order_by("pk").values_list("pk", flat=True)
    assert met == list(written)
    assert len(met) == 24
