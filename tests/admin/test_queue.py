"""The queue of requests: what it opens on, in which order, what its columns say, what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from requests_app.models import RequestState, SupportRequest
from tests import make
from tests.reading_pages import table_rows
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")


def shown(browser: Client, **asked: Any) -> list[str]:
    page = browser.get(QUEUE, asked)
    assert page.status_code == 200
    return [row.reference for row in page.context["cl"].result_list]


@pytest.fixture
def in_every_state() -> dict[str, SupportRequest]:
    return {str(state): make.request_in(state) for state in RequestState}


def due_in(case: SupportRequest, days: int | None) -> None:
    due_at = None if days is None else timezone.now() + timedelta(days=days)
    SupportRequest.objects.filter(pk=case.pk).update(due_at=due_at)


def test_it_opens_on_open_work_the_first_due_first_and_what_has_no_day_last(
    officer: Client, in_every_state: dict[str, SupportRequest]
) -> None:
    cases = in_every_state
    days = {
        "referred": 1, "under_way": 2, "submitted": 3, "in_review": 4, "accepted": 5,
        "awaiting_funds": None, "returned": None,
    }  # fmt: skip
    for state, day in days.items():
        due_in(cases[state], day)
    without_day = sorted([cases["awaiting_funds"], cases["returned"]], key=lambda one: one.pk)
    first = [cases[state].reference for state in list(days)[:5]]
    assert shown(officer) == [*first, *(one.reference for one in without_day)]


def test_drafts_are_never_shown(lead: Client, browse: Any) -> None:
    kenya = make.party()
    make.draft()
    submitted = make.request_in(RequestState.SUBMITTED)
    both_hats = make.officer()
    make.mandate(both_hats, "focal_point", kenya)
    assert shown(lead, queue="all") == [submitted.reference]
    assert shown(browse(both_hats), queue="all") == [submitted.reference]
    draft = SupportRequest.objects.get(reference=None)
    for browser in (lead, browse(both_hats)):
        change = reverse("admin:requests_app_supportrequest_change", args=[draft.pk])
        assert browser.get(change).status_code == 404


def test_filters_and_nonsense_in_them(
    lead: Client, in_every_state: dict[str, SupportRequest]
) -> None:
    assert shown(lead, state="declined") == [in_every_state["declined"].reference]
    assert len(shown(lead, state="ended")) == 4
    assert len(shown(lead, state="all")) == 11
    assert len(shown(lead, state="nonsense")) == 11
    assert len(shown(lead, queue="nonsense")) == 7
    assert shown(lead, state="draft") == []
    assert shown(lead, queue="new", state="declined") == []
    mine = in_every_state["in_review"]
    assert mine.reference in shown(lead, officer=str(mine.assignee_id))
    assert shown(lead, officer="nobody", state="submitted") == [
        in_every_state["submitted"].reference
    ]
    assert shown(lead, officer="me") == []


def test_the_columns_say_what_decides(officer: Client) -> None:
    late = make.request_in(RequestState.IN_REVIEW)
    asked = make.request_in(RequestState.IN_REVIEW)
    make.conversation(asked)
    twelve_days_ago = late.submitted_at - timedelta(days=12)
    SupportRequest.objects.filter(pk=late.pk).update(submitted_at=twelve_days_ago)
    due_in(late, -3)
    due_in(asked, 4)
    rows = table_rows(officer.get(QUEUE), "result-list-caption")
    assert [row[1:6] + row[6:8] for row in rows] == [
        [late.reference, "Kenya", "Basic training", "normal", "In review",
         "The Secretariat", "12 days"],
        [asked.reference, "Kenya", "Basic training", "normal", "In review",
         "The country", "0 days"],
    ]  # fmt: skip
    assert rows[0][8].startswith("3 days late")
    assert rows[1][8] == "clock stands still"
    assert [row[9] for row in rows] == [make.the_officer().name] * 2


def test_the_button_that_writes_to_the_country_says_so(officer: Client) -> None:
    new = make.request_in(RequestState.SUBMITTED)
    released = make.request_in(RequestState.REFERRED)
    perform("release", released, by=make.the_officer())
    make.request_in(RequestState.IN_REVIEW)
    buttons = re.findall(
        r'<button class="desk-take"[^>]*title="([^"]*)">(.*?)<', officer.get(QUEUE).content.decode()
    )
    assert sorted(buttons) == [
        ("", "Assign to me"), ("The country is told by e-mail.", "Assign to me and take up"),
    ]  # fmt: skip
    for case, words in ((new, "Assign to me and take up"), (released, "Assign to me")):
        change = reverse("admin:requests_app_supportrequest_change", args=[case.pk])
        page = officer.get(change).content.decode()
        (button,) = re.findall(r'<button [^>]*name="version"[^>]*>(.*?)</button>', page)
        assert button == words


def test_sixty_rows_cost_no_more_queries_than_ten(officer: Client) -> None:
    def some_more(each: int) -> None:
        for _each in range(each):
            make.request_in(RequestState.SUBMITTED)
            taken = make.request_in(RequestState.REFERRED, agencies=("INTERPOL", "WCO"))
            make.conversation(taken)
            make.request_in(RequestState.UNDER_WAY)

    some_more(3)
    make.request_in(RequestState.RETURNED)
    with CaptureQueriesContext(connection) as ten:
        assert len(shown(officer)) == 10
    some_more(17)
    with CaptureQueriesContext(connection) as sixty:
        assert len(shown(officer)) == 50  # a page
    assert len(sixty) == len(ten) <= 12
