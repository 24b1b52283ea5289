"""Mandates and keys at the desk: by leads, by POST, never for oneself, and kept in history."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners.access import standing
from partners.models import ApiKey, Mandate, User
from tests import make

pytestmark = pytest.mark.django_db


def today() -> Any:
    return timezone.now().date()


def grant(browser: Client, user: User, **data: Any) -> Any:
    said = {"user": user.pk, "role": "focal_point", "from_on": today().isoformat(), **data}
    return browser.post(reverse("admin:partners_mandate_add"), said)


def kinds_about(row: Any) -> list[str]:
    return [event.kind for event in Event.objects.about(row)]


# ── people ───────────────────────────────────────────────────────────────────────────────────


def test_a_lead_creates_a_person_who_then_chooses_a_password(lead: Client) -> None:
    said = {"name": "Focal point, Peru", "email": "Peru@Example.org", "language": "es"}
    lead.post(reverse("admin:partners_user_add"), {**said, "time_zone": "America/Lima"})
    person = User.objects.get(email="peru@example.org")
    assert (person.name, person.language, person.has_usable_password()) == (
        "Focal point, Peru", "es", False,
    )  # fmt: skip
    Client().post(reverse("account_reset_password"), {"email": "peru@example.org"})
    letter = Message.objects.get(address="peru@example.org")
    assert letter.holds_secret


def test_addresses_that_differ_by_capitals_are_one(lead: Client) -> None:
    make.person(email="here@example.org")
    said = {"name": "X", "email": "HERE@example.org", "language": "en", "time_zone": "UTC"}
    page = lead.post(reverse("admin:partners_user_add"), said)
    assert page.status_code == 200
    assert "email" in page.context["adminform"].form.errors


def test_a_changed_address_leaves_a_trace(lead: Client) -> None:
    person = make.person(email="old@example.org")
    said = {
        "name": person.name, "email": "new@example.org", "language": "en", "time_zone": "UTC",
        "is_active": "on", "mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip
    lead.post(reverse("admin:partners_user_change", args=[person.pk]), said)
    (event,) = Event.objects.about(person)
    assert event.changes == {"email": ["old@example.org", "new@example.org"]}


def test_closing_an_account_and_opening_it_again_leave_a_trace(lead: Client) -> None:
    person = make.focal_point()
    said = {
        "name": person.name, "email": person.email, "language": "en", "time_zone": "UTC",
        "mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip
    address = reverse("admin:partners_user_change", args=[person.pk])
    for sent in (said, said, {**said, "is_active": "on"}):
        lead.post(address, sent)

    kept = [(one.kind, one.actor_name, one.changes) for one in Event.objects.about(person)]
    assert sorted(kept, key=str) == [
        ("partners.access_closed", "Lead, CITES", {"is_active": [True, False]}),
        ("partners.access_opened", "Lead, CITES", {"is_active": [False, True]}),
    ]


def test_the_only_lead_cannot_be_shut_out(lead: Client) -> None:
    me = make.the_lead()
    said = {
        "name": me.name, "email": me.email, "language": "en", "time_zone": "UTC",
        "mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip
    page = lead.post(reverse("admin:partners_user_change", args=[me.pk]), said)
    assert "only lead" in page.content.decode()
    me.refresh_from_db()
    assert me.is_active


# ── mandates ─────────────────────────────────────────────────────────────────────────────────


def test_a_lead_grants_a_mandate_and_history_keeps_it(lead: Client) -> None:
    person, kenya = make.person(), make.party()
    assert grant(lead, person, party=kenya.pk).status_code == 302
    mandate = person.mandates.get()
    assert (mandate.party, mandate.role, mandate.granted_by) == (
        kenya, "focal_point", make.the_lead(),
    )  # fmt: skip
    (event,) = Event.objects.about(mandate)
    assert event.kind == "partners.mandate_granted"
    assert (event.actor_name, event.actor_body) == ("Lead, CITES", "CITES")
    assert event.changes["body"] == "KEN"


def test_nobody_grants_a_mandate_to_themselves(lead: Client) -> None:
    page = grant(lead, make.the_lead(), party=make.party().pk)
    assert "Nobody can grant a mandate to themselves." in page.content.decode()
    assert make.the_lead().mandates.count() == 1


@pytest.mark.parametrize("who", ["officer", "auditor", "focal_point", "agency_officer"])
def test_only_leads_grant(who: str, request: Any) -> None:
    person = make.person()
    answer = grant(request.getfixturevalue(who), person, party=make.party().pk)
    assert answer.status_code in {302, 403}
    assert not person.mandates.exists()


def test_a_mandate_that_makes_no_sense_is_refused_with_a_sentence(lead: Client) -> None:
    person, kenya, interpol = make.person(), make.party(), make.agency()
    for wrong in (
        {},
        {"party": kenya.pk, "agency": interpol.pk},
        {"party": kenya.pk, "role": "lead"},
        {"agency": interpol.pk, "role": "auditor"},
        {"agency": interpol.pk, "role": "focal_point"},
        {"party": kenya.pk, "until_on": "2001-01-01"},
        {"party": kenya.pk, "from_on": "0000-01-01"},
        {"party": kenya.pk, "from_on": ""},
        {"party": 987654},
    ):
        page = grant(lead, person, **wrong)
        assert page.status_code == 200, wrong
        assert page.context["errors"], wrong
    assert not person.mandates.exists()


def test_the_same_mandate_is_not_granted_twice(lead: Client) -> None:
    person, kenya = make.person(), make.party()
    grant(lead, person, party=kenya.pk)
    page = grant(lead, person, party=kenya.pk)
    assert "holds this mandate already" in page.content.decode()
    assert person.mandates.count() == 1


def test_what_was_granted_is_not_rewritten(lead: Client) -> None:
    person, kenya = make.person(), make.party()
    mandate = make.mandate(person, "focal_point", kenya)
    later = (today() + timedelta(days=200)).isoformat()
    address = reverse("admin:partners_mandate_change", args=[mandate.pk])
    forged = {"party": make.party("PER").pk, "role": "viewer", "from_on": "2001-01-01"}
    lead.post(address, {**forged, "user": make.person().pk, "until_on": later})
    mandate.refresh_from_db()
    assert (mandate.user, mandate.party, mandate.role) == (person, kenya, "focal_point")
    assert (mandate.from_on, mandate.until_on.isoformat()) == (today(), later)
    assert kinds_about(mandate) == ["partners.mandate_ended"]


def test_one_does_not_prolong_ones_own_mandate(browse: Any) -> None:
    me = make.lead()
    make.lead()
    mandate = me.mandates.get()
    Mandate.objects.filter(pk=mandate.pk).update(until_on=today() + timedelta(days=3))
    address = reverse("admin:partners_mandate_change", args=[mandate.pk])
    page = browse(me).post(address, {"until_on": ""}, follow=True)
    assert "Nobody can grant a mandate to themselves." in page.content.decode()
    mandate.refresh_from_db()
    assert mandate.until_on == today() + timedelta(days=3)


def test_a_mandate_is_ended_now_on_post_alone(lead: Client) -> None:
    person = make.focal_point()
    Mandate.objects.filter(user=person).update(from_on=today() - timedelta(days=30))
    mandate = person.mandates.get()
    end = reverse("admin:partners_mandate_end", args=[mandate.pk])
    assert lead.get(end).status_code == 200
    assert standing(User.objects.get(pk=person.pk)).parties
    lead.post(end)
    assert not standing(User.objects.get(pk=person.pk)).parties
    assert kinds_about(mandate) == ["partners.mandate_ended"]
    again = lead.post(end, follow=True)
    assert "has ended already" in again.content.decode()
    assert kinds_about(mandate) == ["partners.mandate_ended"]


def test_a_mandate_that_began_today_ends_at_once_too(lead: Client) -> None:
    person = make.focal_point()
    lead.post(reverse("admin:partners_mandate_end", args=[person.mandates.get().pk]))
    assert not standing(User.objects.get(pk=person.pk)).parties


def test_the_last_lead_stays(lead: Client) -> None:
    mandate = make.the_lead().mandates.get()
    end = reverse("admin:partners_mandate_end", args=[mandate.pk])
    page = lead.post(end, follow=True)
    assert "last lead" in page.content.decode()
    mandate.refresh_from_db()
    assert (mandate.until_on, mandate.ended_at) == (None, None)


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_only_leads_end_mandates_and_revoke_keys(who: str, request: Any) -> None:
    mandate = make.focal_point().mandates.get()
    key, _token = make.api_key()
    browser = request.getfixturevalue(who)
    for name, pk in (("mandate_end", mandate.pk), ("apikey_revoke", key.pk)):
        address = reverse(f"admin:partners_{name}", args=[pk])
        assert {browser.get(address).status_code, browser.post(address).status_code} == {403}
    mandate.refresh_from_db()
    key.refresh_from_db()
    assert (mandate.until_on, key.revoked_at) == (None, None)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def issue(browser: Client, **data: Any) -> Any:
    said = {
        "agency": make.agency("WCO").pk,
        "label": "Case system",
        "scopes": ["requests:read", "referrals:write"],
        "last_day": (today() + timedelta(days=90)).isoformat(),
        **data,
    }
    return browser.post(reverse("admin:partners_apikey_add"), said)


def test_the_token_of_a_new_key_is_shown_once_and_opens_the_api(lead: Client) -> None:
    page = issue(lead)
    token = page.context["token"]
    assert token in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    key = ApiKey.objects.for_token(token)
    assert key.scopes == ["referrals:write", "requests:read"]
    assert key.created_by == make.the_lead()
    secret = token.partition(".")[2]
    for address in (
        reverse("admin:partners_apikey_changelist"),
        reverse("admin:partners_apikey_change", args=[key.pk]),
        reverse("admin:history_event_change", args=[Event.objects.about(key).get().pk]),
    ):
        shown = lead.get(address).content.decode()
        assert key.prefix in shown
        assert secret not in shown
        assert key.digest not in shown
    assert kinds_about(key) == ["partners.key_issued"]
    api = Client(headers={"Authorization": f"Api-Key {token}"})
    assert api.get("/api/v1/requests/").status_code == 200


def test_sent_twice_the_form_leaves_one_key(lead: Client) -> None:
    issue(lead)
    page = issue(lead)
    assert "has this name already" in page.content.decode()
    assert ApiKey.objects.count() == 1


def test_a_key_that_makes_no_sense_is_not_issued(lead: Client) -> None:
    for wrong in (
        {"agency": make.secretariat().pk},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"label": ""},
        {"last_day": (today() + timedelta(days=4000)).isoformat()},
        {"last_day": "2001-01-01"},
        {"last_day": "0000-00-00"},
    ):
        page = issue(lead, **wrong)
        assert page.status_code == 200
        assert page.context["form"].errors, wrong
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("who", ["officer", "auditor", "agency_officer"])
def test_only_leads_issue_keys(who: str, request: Any) -> None:
    assert issue(request.getfixturevalue(who)).status_code in {302, 403}
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing(lead: Client) -> None:
    key, token = make.api_key()
    revoke = reverse("admin:partners_apikey_revoke", args=[key.pk])
    lead.get(revoke)
    assert ApiKey.objects.for_token(token) == key
    lead.post(revoke)
    assert ApiKey.objects.for_token(token) is None
    lead.post(revoke)
    assert kinds_about(key) == ["partners.key_revoked"]


def test_a_key_cannot_be_changed_after_it_was_issued(lead: Client) -> None:
    key, _token = make.api_key(scopes=["toolkit:read"])
    address = reverse("admin:partners_apikey_change", args=[key.pk])
    answer = lead.post(address, {"scopes": ["requests:read"], "label": "Other"})
    assert answer.status_code == 403
    key.refresh_from_db()
    assert (key.scopes, key.label) == (["toolkit:read"], "Case system")
