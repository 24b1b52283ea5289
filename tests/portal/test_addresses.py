"""One address to an account: an address that was given up opens nothing and hears nothing."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from outbox.models import Message
from partners.models import User
from tests import make
from tests.portal.signing_in import sign_in

pytestmark = pytest.mark.django_db

RESET = "/account/password/reset/"
NEW = {"password1": "an entirely new one", "password2": "an entirely new one"}


def change(person: User, **said: Any) -> Any:
    """What a lead does on the person's page at the desk."""
    desk = Client()
    desk.force_login(make.the_lead())
    data = {
        "name": person.name, "email": person.email, "language": person.language,
        "time_zone": "UTC", "is_active": "on", "mandates-TOTAL_FORMS": "0",
        "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip
    page = f"/admin/partners/user/{person.pk}/change/"
    answer = desk.post(page, {name: value for name, value in (data | said).items() if value})
    person.refresh_from_db()
    return answer


def left_behind(person: User) -> None:
    """A row of django-allauth's table, as an earlier release of the portal stored them."""
    said = {"primary": True, "verified": True}
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults=said)


def set_password(link: str) -> None:
    browser = Client()
    form = browser.get(link, follow=True).redirect_chain
    if form:
        browser.post(form[-1][0], NEW)


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def test_the_portal_keeps_no_second_list_of_addresses(client: Client) -> None:
    person = make.focal_point()

    client.post(RESET, {"email": person.email})
    set_password(make.link_to(person.email))
    sign_in(client, person, NEW["password1"])

    assert is_in(client)
    assert not EmailAddress.objects.exists()


def test_an_address_that_was_changed_signs_nobody_in_and_resets_nothing(client: Client) -> None:
    person, old = make.focal_point(), "old@example.org"
    change(person, email=old)
    open_before = Client()
    sign_in(open_before, person)
    client.post(RESET, {"email": old})
    mailed = make.link_to(old)
    left_behind(person)

    change(person, email="new@example.org")
    sign_in(client, User(email=old))
    owed = Message.objects.count()
    Client().post(RESET, {"email": old})
    set_password(mailed)

    assert [is_in(open_before), is_in(client)] == [False, False]
    assert Message.objects.count() == owed
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)
    sign_in(client, person)
    assert is_in(client)


def test_the_next_holder_of_an_address_gets_mail_about_the_own_account_only() -> None:
    first, address = make.focal_point(), "post@example.org"
    change(first, email=address)
    Client().post(RESET, {"email": address})
    left_behind(first)
    change(first, email="moved@example.org")
    second = make.contributor(make.party("VNM"))
    change(second, email=address)
    Message.objects.all().delete()

    Client().post(RESET, {"email": address})

    told = list(Message.objects.values_list("recipient", "address"))
    assert told == [(f"user:{second.pk}", address)]


def test_a_closed_account_leaves_no_address_behind() -> None:
    person = make.contributor()
    left_behind(person)

    change(person, is_active="")

    assert not EmailAddress.objects.exists()


def test_a_lead_who_changes_the_own_address_stays_signed_in_here_only() -> None:
    lead, elsewhere = make.the_lead(), Client()
    elsewhere.force_login(lead)
    is_in(elsewhere)

    answer = change(lead, email="lead.new@example.org")

    assert (answer.status_code, lead.email) == (302, "lead.new@example.org")
    assert not is_in(elsewhere)
