"""The limits of a key at the desk: set by a lead, kept in history."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from partners import granting
from partners.differences import differences
from tests import make
from tests.api.conftest import with_key
from workflow.errors import NotPermitted

pytestmark = pytest.mark.django_db


def test_a_lead_limits_a_key_at_the_desk_and_history_keeps_it(lead: Client) -> None:
    key, token = make.api_key()
    page = reverse("admin:partners_apikey_limits", args=[key.pk])
    typed = {"networks": " 192.0.2.0/24 \r\n\r\n2001:DB8::/32\r\n192.0.2.0/24", "calls_a_minute": 9}
    assert lead.post(page, typed).status_code == 302
    key.refresh_from_db()
    assert (key.networks, key.calls_a_minute) == (["192.0.2.0/24", "2001:db8::/32"], 9)
    event = Event.objects.get(kind="partners.key_limited")
    assert event.changes == {
        "networks": [[], ["192.0.2.0/24", "2001:db8::/32"]],
        "calls_a_minute": [None, 9],
    }
    assert lead.post(page, typed).status_code == 302
    assert Event.objects.filter(kind="partners.key_limited").count() == 1
    told = [(one.label, one.before, one.after) for one in differences([event])[event.pk]]
    assert told == [
        ("From the networks", "–", "192.0.2.0/24\n2001:db8::/32"),
        ("Calls a minute", "–", "9"),
    ]
    shown = lead.get(reverse("admin:partners_apikey_change", args=[key.pk])).content.decode()
    assert "192.0.2.0/24, 2001:db8::/32" in shown
    assert with_key(token).get("referrals/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("192.0.2.1/24", "Do you mean 192.0.2.0/24?"),
        ("office", "“office” is no network."),
        ("192.0.2.0/33", "is no network."),
        ("\n".join(f"192.0.2.{n}" for n in range(51)), "Name at most 50 networks."),
    ],
)
def test_what_is_no_network_is_told_at_its_field(lead: Client, typed: str, said: str) -> None:
    key, _token = make.api_key()
    page = lead.post(reverse("admin:partners_apikey_limits", args=[key.pk]), {"networks": typed})
    assert (page.status_code, said in page.content.decode()) == (200, True)
    key.refresh_from_db()
    assert key.networks == []


@pytest.mark.parametrize("who", ["officer", "auditor", "agency_officer"])
def test_only_leads_limit_keys(who: str, request: Any) -> None:
    key, _token = make.api_key()
    page = reverse("admin:partners_apikey_limits", args=[key.pk])
    answer = request.getfixturevalue(who).post(page, {"networks": "192.0.2.0/24"})
    assert answer.status_code in {302, 403}
    key.refresh_from_db()
    assert key.networks == []
    with pytest.raises(NotPermitted):
        granting.limit_key(key, networks=[], calls_a_minute=1, by=make.officer())


def test_limits_are_set_when_a_key_is_issued(lead: Client) -> None:
    agency = make.agency("WCO")
    typed = {
        "agency": agency.pk,
        "label": "Case system",
        "scopes": ["events:read"],
        "last_day": str(timezone.now().date() + timedelta(days=90)),
        "networks": "203.0.113.4",
        "calls_a_minute": "30",
    }
    page = lead.post(reverse("admin:partners_apikey_add"), typed)
    key = page.context["key"]
    assert (key.agency, key.networks, key.calls_a_minute) == (agency, ["203.0.113.4/32"], 30)
    issued = Event.objects.get(kind="partners.key_issued").changes
    assert (issued["networks"], issued["calls_a_minute"]) == (["203.0.113.4/32"], 30)
