"""Moves that meet in the database wait for each other and both come through."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from partners import granting
from partners.models import ApiKey
from partners.models.keys import in_a_year
from tests import make
from workflow.executor import perform


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_key_is_issued_while_a_request_is_referred_to_the_same_agency(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead, officer, interpol = make.lead(), make.officer(), make.agency("INTERPOL")
    case = make.request_in("in_review")
    holds_agency = threading.Event()
    record = granting.keys.record

    def record_late(*args: Any, **kwargs: Any) -> Any:
        holds_agency.set()
        time.sleep(0.7)  # the referral takes the history's lock meanwhile
        return record(*args, **kwargs)

    monkeypatch.setattr(granting.keys, "record", record_late)

    def issue() -> None:
        try:
            granting.issue_key(
                agency=interpol,
                label="Case system",
                scopes=["requests:read"],
                expires_at=in_a_year(),
                by=lead,
            )
        finally:
            connection.close()

    def refer() -> None:
        holds_agency.wait(5)
        data = {"agencies": [interpol], "note": "Please.", "answer_due_on": make.in_a_month()}
        try:
            perform("refer", case, by=officer, data=data)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(issue), pool.submit(refer)]:
            job.result(timeout=20)
    assert case.referrals.count() == ApiKey.objects.count() == 1
