"""The end of a mandate ends access at once: open sessions and keys included."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from outbox.models import Message
from partners import granting
from partners.granting.succession import hand_over
from partners.models import ApiKey, Mandate, User
from partners.tasks import tidy_people
from tests import make
from tests.reading_pages import signed_in

pytestmark = pytest.mark.django_db


def session_of(person: User) -> Client:
    """A browser of somebody who signed in with a password."""
    browser = Client()
    browser.post("/account/login/", {"login": person.email, "password": make.PASSWORD})
    assert browser.get("/account/").status_code == 200
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def end(mandate: Mandate) -> None:
    signed_in(make.the_lead()).post(f"/admin/partners/mandate/{mandate.pk}/end/")


def test_open_sessions_end_with_the_last_mandate() -> None:
    person, other = make.contributor(), make.contributor()
    browsers, stays = [session_of(person), session_of(person)], session_of(other)
    end(person.mandates.get())
    assert [is_signed_in(one) for one in [*browsers, stays]] == [False, False, True]
    assert not UserSession.objects.filter(user=person).exists()


def test_somebody_with_another_mandate_stays_signed_in() -> None:
    person = make.contributor()
    make.mandate(person, "viewer", make.party("PER"))
    browser = session_of(person)
    end(person.mandates.get(role="contributor"))
    assert is_signed_in(browser)


def test_a_last_day_that_is_set_back_ends_sessions_too() -> None:
    person = make.contributor()
    person.mandates.update(from_on=timezone.now().date() - timedelta(days=9))
    browser = session_of(person)
    yesterday = (timezone.now().date() - timedelta(days=1)).isoformat()
    address = f"/admin/partners/mandate/{person.mandates.get().pk}/change/"
    signed_in(make.the_lead()).post(address, {"until_on": yesterday})
    assert not is_signed_in(browser)


def test_closing_an_account_ends_its_sessions() -> None:
    person = make.contributor()
    browser = session_of(person)
    said = {
        "name": person.name, "email": person.email, "language": "en", "time_zone": "UTC",
        "mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip
    signed_in(make.the_lead()).post(f"/admin/partners/user/{person.pk}/change/", said)
    assert not is_signed_in(browser)
    assert not UserSession.objects.filter(user=person).exists()


def test_the_clock_ends_sessions_on_mandates_that_ran_out() -> None:
    ran_out, rests, in_force, never = (
        make.contributor(), make.contributor(), make.contributor(), make.person(),
    )  # fmt: skip
    browsers = [session_of(one) for one in (ran_out, rests, in_force, never)]
    yesterday = timezone.now().date() - timedelta(days=1)
    ran_out.mandates.update(from_on=yesterday, until_on=yesterday)
    rests.mandates.update(confirm_by=yesterday)
    tidy_people()
    assert [is_signed_in(one) for one in browsers] == [False, False, True, True]


def test_a_key_that_somebody_holds_ends_with_that_mandate() -> None:
    interpol = make.agency()
    officer, other = make.agency_officer(interpol), make.agency_officer(interpol)
    key, token = make.api_key(interpol)
    own, own_token = make.api_key(interpol)
    ApiKey.objects.filter(pk=own.pk).update(held_by=officer)

    def opens(secret: str) -> int:
        api = Client(headers={"Authorization": f"Api-Key {secret}"})
        return api.get("/api/v1/requests/").status_code

    assert (opens(token), opens(own_token)) == (200, 200)
    end(other.mandates.get())
    assert opens(own_token) == 200
    end(officer.mandates.get())
    assert (opens(token), opens(own_token)) == (200, 401)
    listed = signed_in(make.the_lead()).get("/admin/partners/apikey/").context["cl"].result_list
    assert {one.pk: bool(one.opens) for one in listed} == {key.pk: True, own.pk: False}


@pytest.mark.parametrize("who", ["wco", "viewer", "focal point", "lead"])
def test_a_key_is_held_by_nobody_but_an_officer_of_its_agency(who: str) -> None:
    interpol = make.agency()
    make.agency_officer(interpol)
    people = {
        "wco": make.agency_officer(make.agency("WCO")),
        "viewer": make.agency_viewer(interpol),
        "focal point": make.focal_point(),
        "lead": make.the_lead(),
    }
    answer = issue(interpol, people[who])
    assert list(answer.context["form"].errors) == ["held_by"]
    assert not ApiKey.objects.exists()


def test_a_key_is_issued_to_an_officer_of_its_agency() -> None:
    interpol = make.agency()
    officer = make.agency_officer(interpol)
    issue(interpol, officer)
    assert ApiKey.objects.get().held_by == officer
    shown = signed_in(make.the_lead()).get(
        f"/admin/partners/apikey/{ApiKey.objects.get().pk}/change/"
    )
    assert "Officer, INTERPOL" in shown.content.decode()


def issue(agency: Any, holder: User) -> Any:
    said = {
        "agency": agency.pk,
        "label": "Own tool",
        "scopes": ["requests:read"],
        "last_day": (timezone.now().date() + timedelta(days=9)).isoformat(),
        "held_by": holder.pk,
    }
    return signed_in(make.the_lead()).post("/admin/partners/apikey/add/", said)


def test_the_old_address_hears_that_it_was_replaced() -> None:
    person = make.person(email="old@example.org", language="fr")
    said = {
        "name": person.name, "email": "new@example.org", "language": "fr", "time_zone": "UTC",
        "is_active": "on", "mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip
    signed_in(make.the_lead()).post(f"/admin/partners/user/{person.pk}/change/", said)
    assert [(one.address, one.language) for one in Message.objects.all()] == [
        ("old@example.org", "fr")
    ]


# ── who is told ──────────────────────────────────────────────────────────────────────────────


def told() -> dict[str, str]:
    return dict(Message.objects.values_list("address", "subject"))


def test_who_loses_a_mandate_is_told_and_so_are_deputies_and_nobody_else() -> None:
    leaving, colleague = make.focal_point(), make.focal_point()
    deputy, other = make.deputy(leaving), make.deputy(colleague)
    lead = make.the_lead()
    Message.objects.all().delete()

    end(leaving.mandates.get())

    assert told() == {
        leaving.email: "Your mandate has ended: focal point, Kenya",
        deputy.email: "Your mandate has ended: deputy of the focal point, Kenya",
    }
    assert not {other.email, colleague.email, lead.email} & set(told())
    mail = Message.objects.get(address=leaving.email)
    assert "/account/" in mail.text


def test_who_is_to_leave_on_a_day_is_told_the_day_and_longer_is_no_news() -> None:
    leaving, successor = make.focal_point(), make.person()
    mandate, lead = leaving.mandates.get(), make.the_lead()
    day = make.in_a_month()
    Message.objects.all().delete()

    granting.change_end(mandate, day + timedelta(days=5), by=lead)
    granting.change_end(mandate, day + timedelta(days=9), by=lead)
    hand_over(mandate, successor, by=lead, on=day)

    in_words = [date_format(day + timedelta(days=more)) for more in (5, 0)]
    sent = Message.objects.filter(address=leaving.email).order_by("pk")
    assert list(sent.values_list("subject", flat=True)) == [
        f"Your mandate ends on {one}: focal point, Kenya" for one in in_words
    ]
    assert f"After {in_words[1]} you no longer act as focal point for Kenya" in sent[1].text
    assert set(told()) == {leaving.email, successor.email}


def test_a_handover_at_once_tells_who_leaves_and_who_ends_the_own_mandate_needs_no_letter() -> None:
    leaving, successor, lead = make.focal_point(), make.person(), make.the_lead()
    second = make.lead()
    Message.objects.all().delete()

    hand_over(leaving.mandates.get(), successor, by=lead)
    granting.end_mandate(second.mandates.get(), by=second)

    assert told()[leaving.email] == "Your mandate has ended: focal point, Kenya"
    assert set(told()) == {leaving.email, successor.email}
