"""The queue of requests: what it opens on, whom it finds, what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models import PartyAlias
from requests_app.models import RequestState, SupportRequest
from tests import make

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")


def shown(browser: Client, **asked: Any) -> list[str]:
    page = browser.get(QUEUE, asked)
    assert page.status_code == 200
    return [row.reference for row in page.context["cl"].result_list]


@pytest.fixture
def in_every_state() -> dict[str, SupportRequest]:
    return {str(state): make.request_in(state) for state in RequestState}


def test_it_opens_on_open_work_with_what_waits_for_the_desk_first(
    officer: Client, in_every_state: dict[str, SupportRequest]
) -> None:
    waiting = ["submitted", "in_review"]
    others = ["returned", "referred", "awaiting_funds", "accepted", "under_way"]
    references = {state: one.reference for state, one in in_every_state.items()}
    first, rest = shown(officer)[:2], shown(officer)[2:]
    assert first == [references[state] for state in waiting]
    assert set(rest) == {references[state] for state in others}


def test_drafts_are_never_shown(lead: Client, browse: Any) -> None:
    kenya = make.party()
    make.draft()
    submitted = make.request_in(RequestState.SUBMITTED)
    both_hats = make.officer()
    make.mandate(both_hats, "focal_point", kenya)
    assert shown(lead, state="all") == [submitted.reference]
    assert shown(browse(both_hats), state="all") == [submitted.reference]
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
    assert shown(lead, state="draft") == []
    mine = in_every_state["in_review"]
    assert mine.reference in shown(lead, officer=str(mine.assignee_id))
    assert shown(lead, officer="nobody", state="submitted") == [
        in_every_state["submitted"].reference
    ]
    assert shown(lead, officer="me") == []


def test_a_search_finds_a_reference_and_a_party_in_any_spelling(lead: Client) -> None:
    vietnam = make.party("VNM")
    PartyAlias.objects.create(party=vietnam, written="Vietnam", spelling="vietnam")
    kenyan = make.request_in(RequestState.DECLINED)
    vietnamese = make.request_in(RequestState.SUBMITTED, of=vietnam)
    assert shown(lead, q="vietnám") == [vietnamese.reference]
    assert shown(lead, q="VNM") == [vietnamese.reference]
    assert shown(lead, q=kenyan.reference.lower()) == [kenyan.reference]
    assert shown(lead, q="nowhere") == []
    assert shown(lead, q="%%%") == []


def test_the_age_of_open_work_is_shown(lead: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    SupportRequest.objects.filter(pk=case.pk).update(
        submitted_at=case.submitted_at - timedelta(days=12)
    )
    assert "12 days" in lead.get(QUEUE).content.decode()


def test_sixty_rows_cost_no_more_queries_than_ten(officer: Client) -> None:
    for _each in range(10):
        make.request_in(RequestState.IN_REVIEW)
    with CaptureQueriesContext(connection) as ten:
        assert len(shown(officer)) == 10
    for _each in range(50):
        make.request_in(RequestState.IN_REVIEW)
    with CaptureQueriesContext(connection) as sixty:
        assert len(shown(officer)) == 50  # a page
    assert len(sixty) == len(ten) <= 12
