"""Moves that meet in the database wait for each other and both come through."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from history.models import Event
from partners import granting
from partners.granting import rules
from partners.models import ApiKey, Mandate, Role, User
from partners.models.keys import in_a_year
from partners.workflow import invitations
from tests import make
from toolkit.models import PublishedTotal
from toolkit.workflow import observing
from workflow.errors import Refused
from workflow.executor import perform

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)


def at_once(*jobs: Callable[[], Any]) -> list[str]:
    """What became of each: "done", or the name of what stopped it."""

    def run(job: Callable[[], Any]) -> str:
        try:
            job()
        except (Refused, DatabaseError) as stopped:
            return type(stopped).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return sorted(pool.map(run, jobs))


def slowly(patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Whoever comes past `name` stays there for a while, and the other one arrives meanwhile."""
    real = getattr(module, name)

    def late(*args: Any, **kwargs: Any) -> Any:
        answer = real(*args, **kwargs)
        time.sleep(0.7)
        return answer

    patch.setattr(module, name, late)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_end_each_other_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = make.lead(), make.lead()
    mine, yours = one.mandates.get(), other.mandates.get()
    slowly(monkeypatch, rules, "may_end")

    became = at_once(
        lambda: granting.end_mandate(yours, by=one), lambda: granting.end_mandate(mine, by=other)
    )

    assert became == ["NotPermitted", "done"]
    assert Mandate.objects.in_force().filter(role=Role.LEAD).count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_close_each_others_account_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = make.lead(), make.lead()
    slowly(monkeypatch, User, "save")

    def close(person: User, by: User) -> None:
        with transaction.atomic():
            person.is_active = False
            person.save()
            granting.keep_access(person, by=by)

    became = at_once(lambda: close(other, by=one), lambda: close(one, by=other))

    assert became[1] == "done"
    assert became[0] in {"NotPermitted", "Refused"}
    assert Mandate.objects.in_force().filter(role=Role.LEAD).count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_deputy_who_accepts_while_the_mandate_ends_does_not_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    focal_point, lead = make.focal_point(), make.lead()
    own = focal_point.mandates.get()
    invited = make.invitation(
        focal_point, role=Role.FOCAL_POINT, stands_in_for=own, until_on=make.in_a_month()
    )
    deputy = make.person(email=invited.email)
    slowly(monkeypatch, invitations, "grant_mandate")

    def end() -> None:
        time.sleep(0.3)
        granting.end_mandate(own, by=lead)

    became = at_once(lambda: perform("accept", invited, by=deputy), end)

    assert became == ["done", "done"]
    assert not Mandate.objects.in_force().filter(party=own.party).exists()


@on_postgresql
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


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_the_same_total_entered_at_once_one_is_kept_with_one_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = make.the_officer(), make.officer()
    said = {"effective_on": date(2018, 1, 1), "precision": "day", "date_in_source": "2018",
            "text": "1 request", "in_all": 1, "source": "A paper"}  # fmt: skip
    slowly(monkeypatch, observing, "record")

    became = at_once(
        lambda: observing.observe_total(by=one, **said),
        lambda: observing.observe_total(by=other, **said),
    )

    assert became == ["done", "done"]
    assert PublishedTotal.objects.count() == 1
    assert Event.objects.filter(kind=observing.TOTAL_OBSERVED).count() == 1
