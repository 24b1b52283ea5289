"""A list copied by `updated_since`, as docs/api.md has it, while others write."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from requests_app.models import Referral
from tests import make
from tests.api.conftest import Caller, with_key
from workflow.executor import perform

pytestmark = pytest.mark.django_db(transaction=True)
# As in the document, but in the measure of this test: longer than any of its transactions.
OVERLAP = timedelta(seconds=20)


def pass_over(caller: Caller, copy: dict[int, Any], since: str) -> str:
    """One pass of the documented algorithm; where the next begins."""
    until = datetime.now(UTC) - OVERLAP
    address = "referrals/?ordering=updated_at&page_size=2" + (since and f"&updated_since={since}")
    while address:
        page = caller.get(address).json()
        copy |= {row["id"]: row for row in page["results"]}
        address = page["next"]
    return until.strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(caller: Caller) -> dict[int, Any]:
    copy: dict[int, Any] = {}
    pass_over(caller, copy, "")
    return copy


def referrals(number: int) -> list[Referral]:
    return [make.referral(make.agency("INTERPOL")) for _each in range(number)]


def test_a_change_that_is_committed_long_after_its_date_is_in_the_next_pass() -> None:
    late, early = referrals(2)
    caller = with_key(make.api_key(make.agency("INTERPOL"))[1])
    officer = make.agency_officer(late.agency)
    copy: dict[int, Any] = {}
    changed, read = threading.Event(), threading.Event()
    listed(caller)  # so that the next calls need not note that the key is in use

    def change_slowly() -> None:
        try:
            with transaction.atomic():
                perform("accept", late, by=officer, data={})
                changed.set()
                read.wait(60)
        finally:
            connection.close()

    writer = threading.Thread(target=change_slowly)
    writer.start()
    assert changed.wait(10)
    since = pass_over(caller, copy, "")
    before = {pk: row["state"] for pk, row in copy.items()}
    read.set()
    writer.join()
    # Dated after the change above, and read before it where there are several writers.
    perform("accept", early, by=officer, data={})
    pass_over(caller, copy, since)

    assert before == {late.pk: "sent", early.pk: "sent"}
    assert copy == listed(caller)
    assert {row["state"] for row in copy.values()} == {"accepted"}


def test_passes_over_a_list_that_many_change_end_with_what_is_there() -> None:
    cases = referrals(6)
    caller = with_key(make.api_key(make.agency("INTERPOL"))[1])
    officers = [make.agency_officer(cases[0].agency) for _each in range(3)]
    copy: dict[int, Any] = {}
    over = threading.Event()
    passes, passed = [""], threading.Condition()

    def wait_for(number: int) -> None:
        """So that no machine is too slow for passes between the changes."""
        with passed:
            assert passed.wait_for(lambda: len(passes) > number, timeout=60)

    def change(officer: Any, mine: list[Referral]) -> None:
        deliver = {"outcome": "Course held.", "ended_on": datetime.now(UTC).date()}
        start = {"start_on": datetime.now(UTC).date()}
        try:
            todo = [("accept", {}), ("start", start), ("deliver", deliver)]
            for number, (action, data) in enumerate(todo):
                wait_for(number)
                for referral in mine:
                    with transaction.atomic():
                        perform(action, referral, by=officer, data=data)
                        over.wait(0.05)  # dated now, committed later
        finally:
            connection.close()

    writers = [
        threading.Thread(target=change, args=[officer, cases[number::3]])
        for number, officer in enumerate(officers)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        since = pass_over(caller, copy, passes[-1])
        with passed:
            passes.append(since)
            passed.notify_all()
    for writer in writers:
        writer.join()
    pass_over(caller, copy, passes[-1])

    assert copy == listed(caller)
    assert {row["state"] for row in copy.values()} == {"delivered"}
