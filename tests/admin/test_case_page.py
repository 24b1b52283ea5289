"""The page of one request: what an officer reads there, and what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from requests_app import drafts
from requests_app.models import RequestState, SupportRequest
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def address(case: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


def read(browser: Client, case: SupportRequest) -> str:
    page = browser.get(address(case))
    assert page.status_code == 200
    return page.content.decode()


def buttons(browser: Client, case: SupportRequest) -> list[str]:
    return [button.url.split("/")[-2] for button in browser.get(address(case)).context["buttons"]]


def test_it_tells_what_is_asked_by_whom_and_what_happened(officer: Client) -> None:
    earlier = make.request_in(RequestState.COMPLETED)
    make.implementation()
    case = make.referral(
        state="accepted", situation="Pangolin scales in containers"
    ).support_request
    text = read(officer, case)
    for words in (
        "Pangolin scales in containers",
        "submitted by Focal point, Kenya",
        earlier.reference,
        "Toolkit request received",
        "Please say whether you can help.",
        "letter.pdf",
        "Taken up by the Secretariat",
        "Accepted by the agency (INTERPOL)",
    ):
        assert words in text


def test_it_shows_what_the_country_corrected(officer: Client) -> None:
    country = make.focal_point()
    case = make.request_in(RequestState.RETURNED, by=country, asked="Thirty radios")
    drafts.write(case, by=country, answers={"asked": "Forty radios"})
    case.refresh_from_db()
    make.submit(case, by=country)
    page = officer.get(address(case))
    (change,) = page.context["differences"]
    assert (change.before, change.after) == ("Thirty radios", "Forty radios")


def test_answers_that_are_being_corrected_are_not_read_before_they_are_submitted(
    officer: Client,
) -> None:
    country = make.focal_point()
    case = make.request_in(RequestState.RETURNED, by=country, asked="Thirty radios")
    drafts.write(case, by=country, answers={"asked": "UNSENT"})
    text = read(officer, case)
    assert "Thirty radios" in text
    assert "UNSENT" not in text


def test_only_actions_allowed_now_are_buttons(
    lead: Client, officer: Client, auditor: Client
) -> None:
    submitted = make.request_in(RequestState.SUBMITTED)
    review = make.request_in(RequestState.IN_REVIEW)
    completed = make.request_in(RequestState.COMPLETED)
    assert buttons(officer, submitted) == ["take_up", "return", "ask"]
    assert buttons(officer, review) == ["return", "refer", "advise", "redirect", "ask"]
    assert buttons(lead, review) == [
        "return", "refer", "advise", "accept", "decline", "redirect", "ask"
    ]  # fmt: skip
    assert buttons(officer, completed) == []
    assert buttons(lead, completed) == ["reopen"]
    for case in (submitted, review, completed):
        assert buttons(auditor, case) == []


def test_a_long_history_comes_in_pages(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    for number in range(60):
        perform("advise", case, by=make.the_officer(), data={"advice": f"Advice {number}."})
    first = officer.get(address(case))
    assert len(first.context["timeline"]) == 25
    second = officer.get(address(case), {"before": first.context["older"]})
    third = officer.get(address(case), {"before": second.context["older"]})
    told = [
        entry.words[0][1]
        for page in (first, second, third)
        for entry in page.context["timeline"]
        if entry.what == "Advised on next steps"
    ]
    assert told == [f"Advice {number}." for number in reversed(range(60))]
    assert third.context["older"] is None
    assert officer.get(address(case), {"before": "nonsense"}).status_code == 200


def test_many_referrals_and_events_cost_no_more_queries_than_few(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    interpol, desk = make.agency(), make.the_officer()
    refer = {"agencies": [interpol], "note": "Please.", "answer_due_on": make.in_a_month()}

    def refer_and_recall(times: int) -> None:
        for _each in range(times):
            perform("refer", case, by=desk, data=refer)
            newest = case.referrals.first()
            perform("recall", newest, by=desk, data={"reason": "Sent in error."})

    refer_and_recall(10)
    with CaptureQueriesContext(connection) as ten:
        read(officer, case)
    refer_and_recall(50)
    with CaptureQueriesContext(connection) as sixty:
        read(officer, case)
    assert len(sixty) == len(ten) <= 18
    assert len(officer.get(address(case)).context["referrals"]) == 12


def test_files_come_as_attachments_to_the_secretariat_alone(
    auditor: Client, focal_point: Client, agency_officer: Client
) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    other = make.request_in(RequestState.SUBMITTED)
    letter, foreign = case.attachments.get(), other.attachments.get()
    url = reverse("admin:requests_app_supportrequest_file", args=[case.pk, letter.pk])
    given = auditor.get(url)
    assert given.status_code == 200
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert b"".join(given).startswith(b"%PDF")
    assert {focal_point.get(url).status_code, agency_officer.get(url).status_code} == {302}
    crossed = reverse("admin:requests_app_supportrequest_file", args=[case.pk, foreign.pk])
    assert auditor.get(crossed).status_code == 404


@pytest.mark.parametrize("wrong", ["0", "999999", "abc", "1%2F2"])
def test_a_request_that_is_not_there_is_not_found(lead: Client, wrong: str) -> None:
    page = lead.get(f"/admin/requests_app/supportrequest/{wrong}/change/")
    assert page.status_code == 404


def test_reading_changes_nothing(lead: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    before: tuple[Any, int] = (case.version, Event.objects.count())
    read(lead, case)
    for action in ("refer", "accept", "decline", "take_up"):
        lead.get(reverse("admin:requests_app_supportrequest_act", args=[case.pk, action]))
    case.refresh_from_db()
    assert (case.version, Event.objects.count()) == before
