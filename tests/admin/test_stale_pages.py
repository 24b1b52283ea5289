"""Somebody else was quicker: the page tells what happened and who did it, and keeps what was
typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from requests_app.models import RequestState
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db

TYPED = "Name the ports of entry."


def opened(browser: Client, address: str) -> dict[str, Any]:
    """The hidden fields of a page, as its reader has it open."""
    shown = browser.get(address)
    return {"version": shown.context["form"]["version"].value(), "seen": shown.context["seen"]}


def at_desk(case: Any, action: str) -> str:
    return reverse("admin:requests_app_supportrequest_act", args=[case.pk, action])


def lines(answer: Any) -> list[tuple[str, str]]:
    return [(entry.what, entry.who) for entry in answer.context["meanwhile"]]


def test_a_stale_page_shows_what_happened_meanwhile_beside_what_was_typed(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    hidden = opened(officer, at_desk(case, "return"))
    perform("advise", case, by=make.the_lead(), data={"advice": "Write to the ministry."})
    answer = officer.post(at_desk(case, "return"), {**hidden, "to_correct": TYPED})
    assert answer.status_code == 409
    assert lines(answer) == [("Advised on next steps", "Lead, CITES")]
    assert answer.context["form"]["to_correct"].value() == TYPED
    assert "Write to the ministry." in page(answer)
    case.refresh_from_db()
    assert case.state == RequestState.IN_REVIEW
    again = {"version": case.version, "seen": answer.context["seen"], "to_correct": TYPED}
    assert officer.post(at_desk(case, "return"), again).status_code == 302


def test_of_two_officers_who_take_the_same_one_wins_and_the_other_reads_who(browse: Any) -> None:
    first, second = make.officer(), make.officer()
    case = make.request_in(RequestState.SUBMITTED)
    browsers = {one.pk: browse(one) for one in (first, second)}
    hidden = {pk: opened(browser, at_desk(case, "take_up")) for pk, browser in browsers.items()}
    answers = [
        browsers[one.pk].post(at_desk(case, "take_up"), {**hidden[one.pk], "assignee": one.email})
        for one in (first, second)
    ]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert lines(answers[1]) == [("Taken up by the Secretariat", first.name)]
    case.refresh_from_db()
    assert case.assignee == first


def test_a_page_opened_too_late_tells_who_has_done_it(officer: Client) -> None:
    case = make.request_in(RequestState.DECLINED)
    answer = officer.get(at_desk(case, "refer"))
    assert answer.status_code == 409
    assert lines(answer) == [("Declined", "Lead, CITES")]


def test_a_referral_that_its_agency_answered_meanwhile(officer: Client) -> None:
    referral = make.referral()
    address = reverse("admin:requests_app_referral_act", args=[referral.pk, "remind"])
    hidden = opened(officer, address)
    perform("accept", referral, by=make.agency_officer(), data={"comment": "Gladly."})
    answer = officer.post(address, hidden)
    assert answer.status_code == 409
    assert lines(answer) == [("Accepted by the agency (INTERPOL)", "Officer, INTERPOL")]


def test_a_country_learns_of_what_it_may_know_and_of_nothing_else() -> None:
    country = make.focal_point()
    case = make.request_in(RequestState.REFERRED, by=country)
    browser = signed_in(country)
    address = reverse("requests:action", args=[case.handle, "withdraw"])
    hidden = opened(browser, address)
    perform("note", case, by=make.the_officer(), data={"text": "SECRET note."})
    perform("release", case, by=make.the_officer())
    referral = case.referrals.get()
    perform("accept", referral, by=make.agency_officer(), data={"comment": "SECRET answer."})
    answer = browser.post(address, {**hidden, "reason": "Solved."})
    assert answer.status_code == 409
    assert lines(answer) == [("Accepted by the agency (INTERPOL)", "Officer, INTERPOL")]
    assert "SECRET" not in page(answer)
    assert "Solved." in page(answer)


@pytest.mark.parametrize("mark", ["", "-1", "²", "9" * 40, "nonsense"])
def test_a_mark_that_is_none_of_ours_is_nobodys_fault(officer: Client, mark: str) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    data = {"version": case.version - 1, "seen": mark, "to_correct": TYPED}
    answer = officer.post(at_desk(case, "return"), data)
    assert (answer.status_code, len(lines(answer))) == (409, 1)


def test_a_country_learns_nothing_of_the_desks_own_business_from_a_stale_page() -> None:
    focal = make.focal_point()
    case = make.request_in(RequestState.REFERRED, by=focal)
    browser, address = signed_in(focal), f"/requests/{case.reference}/actions/withdraw/"
    hidden = opened(browser, address)
    perform("release", case, by=make.the_officer())
    answer = browser.post(address, {**hidden, "reason": "Settled."})
    assert (answer.status_code, lines(answer)) == (409, [])
    assert "Nothing that you see of it has changed. Send it again." in page(answer)
    again = {"version": case.version, "seen": answer.context["seen"], "reason": "Settled."}
    assert browser.post(address, again).status_code == 302
