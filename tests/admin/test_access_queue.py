"""Requests for access as a queue, and who can do what for a Party."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import AccessRequest, Mandate, Party, Region
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:partners_accessrequest_changelist")


def found(browser: Client, **asked: Any) -> list[str]:
    page = browser.get(QUEUE, asked)
    assert page.status_code == 200
    return sorted(one.name for one in page.context["cl"].result_list)


def asked_days_ago(days: int, name: str, **said: Any) -> AccessRequest:
    made = make.access_request(name=name, **said)
    moment = timezone.now() - timedelta(days=days, minutes=1)
    AccessRequest.objects.filter(pk=made.pk).update(confirmed_at=moment)
    return made


def test_the_queue_is_narrowed_by_age_state_region_party_and_agency(auditor: Client) -> None:
    asia = Region.objects.create(key="asia", name_en="Asia", name_fr="Asie", name_es="Asia")
    viet_nam = make.party("VNM")
    Party.objects.filter(pk=viet_nam.pk).update(region=asia)
    asked_days_ago(0, "Today")
    asked_days_ago(4, "Four", party=viet_nam)
    asked_days_ago(8, "Eight", party=None, agency=make.agency(), role="officer")
    old = asked_days_ago(31, "Old")
    refused = asked_days_ago(40, "Refused")
    perform("refuse", refused, by=make.the_lead(), data={"reason": "Not known there."})
    make.access_request(confirmed=False, name="Unconfirmed")

    assert found(auditor) == ["Eight", "Four", "Old", "Refused", "Today"]
    assert found(auditor, age="3") == ["Eight", "Four", "Old"]
    assert found(auditor, age="7") == ["Eight", "Old"]
    assert found(auditor, age="30") == ["Old"]
    assert found(auditor, age="nonsense") == found(auditor)
    assert found(auditor, state="refused") == ["Refused"]
    assert found(auditor, party__region__id__exact=asia.pk) == ["Four"]
    assert found(auditor, party__id__exact=old.party_id, state="confirmed") == ["Old", "Today"]
    assert found(auditor, agency__id__exact=make.agency().pk) == ["Eight"]
    shown = auditor.get(QUEUE, {"age": "30"}).content.decode()
    assert "31 days" in shown


def test_leads_decide_and_nobody_else_is_offered_it(
    lead: Client, officer: Client, auditor: Client
) -> None:
    made = make.access_request()
    page = reverse("admin:partners_accessrequest_change", args=[made.pk])
    grant = reverse("admin:partners_accessrequest_act", args=[made.pk, "grant"])
    offered = {
        name: grant in browser.get(page).content.decode()
        for name, browser in {"lead": lead, "officer": officer, "auditor": auditor}.items()
    }
    assert offered == {"lead": True, "officer": False, "auditor": False}
    assert {officer.post(grant).status_code, auditor.post(grant).status_code} == {403}
    made.refresh_from_db()
    assert made.state == "confirmed"


# ── who can do what ──────────────────────────────────────────────────────────────────────────


def who(browser: Client, party: Party) -> Any:
    page = browser.get(reverse("admin:partners_party_people", args=[party.pk]))
    assert page.status_code == 200
    return page


def table(page: Any) -> dict[str, list[Any]]:
    """Person → role, how it stands, and the answers in the order of the columns."""
    return {
        seat.mandate.user.name: [seat.role, seat.stands, "".join("yn"[not m] for _w, m in seat.may)]
        for seat in page.context["overview"].seats
    }


def test_the_people_of_a_party_and_what_each_may_do(auditor: Client) -> None:
    kenya = make.party()
    head, writer, reader = make.focal_point(), make.contributor(), make.party_viewer()
    deputy = make.deputy(head)
    resting = make.contributor()
    Mandate.objects.filter(user=resting).update(
        confirm_by=timezone.now().date() - timedelta(days=1)
    )
    gone = make.focal_point()
    Mandate.objects.filter(user=gone).update(ended_at=timezone.now())
    stranger = make.focal_point(make.party("PER"))
    invited = make.invitation(by=head)

    page = who(auditor, kenya)

    until = deputy.mandates.get().until_on
    shown = table(page)
    assert shown[head.name] == ["Focal point", "in force", "yyyyy"]
    assert shown[deputy.name] == [
        "Deputy of the focal point", f"in force until {until.day} {until:%B %Y}", "yyyyn",
    ]  # fmt: skip
    assert shown[reader.name] == ["Viewer", "in force", "ynnnn"]
    rows = [(seat.mandate.user, seat.stands) for seat in page.context["overview"].seats]
    assert (writer, "in force") in rows
    assert (resting, "rests: not confirmed for this year") in rows
    assert [one.mandate.user for one in page.context["overview"].seats] == [
        head, deputy, writer, resting, reader,
    ]  # fmt: skip
    text = page.content.decode()
    assert invited.email in text
    assert stranger.email not in text
    assert page.context["overview"].gaps == []


@pytest.mark.parametrize(
    ("people", "gaps"),
    [
        ([], ["Nobody can submit or answer for this Party: it has no focal point."]),
        ([{}], ["One person alone can submit and answer for this Party."]),
        ([{}, {}], []),
    ],
)
def test_the_gaps_of_a_party_are_said(
    auditor: Client, people: list[dict[str, Any]], gaps: list[str]
) -> None:
    kenya = make.party()
    for _one in people:
        make.focal_point(kenya)
    page = who(auditor, kenya)
    assert page.context["overview"].gaps == gaps
    assert all(gap in page.content.decode() for gap in gaps)


def test_an_end_that_comes_is_a_gap_too(auditor: Client) -> None:
    make.focal_point()
    day = timezone.now().date() + timedelta(days=9)
    Mandate.objects.filter(role="focal_point").update(until_on=day)
    gaps = who(auditor, make.party()).context["overview"].gaps
    assert gaps[-1] == f"After {day.day} {day:%B %Y} nobody can submit or answer for this Party."


@pytest.mark.parametrize("who_asks", ["focal_point", "agency_officer"])
def test_nobody_else_opens_it(who_asks: str, request: Any) -> None:
    address = reverse("admin:partners_party_people", args=[make.party().pk])
    assert request.getfixturevalue(who_asks).get(address).status_code == 302


def test_it_costs_the_same_for_many_people_as_for_few(auditor: Client) -> None:
    kenya = make.party()
    make.focal_point(kenya)
    address = reverse("admin:partners_party_people", args=[kenya.pk])
    auditor.get(address)
    with CaptureQueriesContext(connection) as few:
        auditor.get(address)
    for _number in range(12):
        make.contributor(kenya)
    with CaptureQueriesContext(connection) as many:
        auditor.get(address)
    assert len(many) == len(few) <= 8
