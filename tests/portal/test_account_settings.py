"""The account page and its settings: each is asked only about what could reach them."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from outbox.models import Message
from partners.models import Role
from tests import make
from tests.portal.signing_in import sign_in, with_app

pytestmark = pytest.mark.django_db

SETTINGS = "/account/settings/"


def asked(person: Any) -> list[str]:
    browser = Client()
    browser.force_login(person)
    return list(browser.get(SETTINGS).context["form"].fields)


def test_each_is_asked_about_the_messages_they_could_get() -> None:
    always = ["language", "time_zone"]
    assert {
        "focal point": asked(make.focal_point()),
        "contributor": asked(make.contributor()),
        "viewer of a Party": asked(make.party_viewer()),
        "lead": asked(make.lead()),
        "officer": asked(make.officer()),
        "auditor": asked(make.auditor()),
        "officer of an agency": asked(make.agency_officer()),
        "nobody": asked(make.person()),
    } == {
        "focal point": [*always, "wants_digest"],
        "contributor": [*always, "wants_digest", "wants_moves"],
        "viewer of a Party": [*always, "wants_digest", "wants_moves"],
        "lead": [*always, "wants_digest"],
        "officer": [*always, "wants_digest"],
        "auditor": always,
        "officer of an agency": always,
        "nobody": always,
    }


def test_settings_are_kept_for_the_person_alone_and_for_this_device(client: Client) -> None:
    person, other = make.contributor(), make.contributor()
    client.force_login(person)

    page = client.post(
        SETTINGS,
        {"language": "fr", "time_zone": "Africa/Nairobi", "wants_moves": "on"},
        follow=True,
    )

    person.refresh_from_db()
    other.refresh_from_db()
    kept = (person.language, person.time_zone, person.wants_digest, person.wants_moves)
    assert kept == ("fr", "Africa/Nairobi", False, True)
    assert (other.language, other.time_zone, other.wants_digest) == ("en", "UTC", True)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    assert page.redirect_chain == [("/account/", 302)]
    assert '<html lang="fr"' in page.content.decode()


def test_what_was_not_asked_cannot_be_set(client: Client) -> None:
    officer = make.agency_officer()
    client.force_login(officer)

    client.post(SETTINGS, {"language": "en", "time_zone": "UTC", "wants_moves": "on",
                           "is_active": "", "email": "other@example.org"})  # fmt: skip

    officer.refresh_from_db()
    assert (officer.wants_digest, officer.wants_moves, officer.is_active) == (True, False, True)
    assert officer.email != "other@example.org"


@pytest.mark.parametrize(("field", "value"), [("time_zone", "Mars/Base"), ("language", "xx")])
def test_an_odd_setting_gets_a_sentence_and_changes_nothing(
    client: Client, field: str, value: str
) -> None:
    person = make.focal_point()
    client.force_login(person)

    page = client.post(SETTINGS, {"language": "en", "time_zone": "UTC", field: value})

    assert "There is a problem" in page.content.decode()
    person.refresh_from_db()
    assert (person.language, person.time_zone, person.wants_digest) == ("en", "UTC", True)


def test_a_time_zone_by_an_older_name_stays_among_the_choices(client: Client) -> None:
    person = make.person(time_zone="Etc/GMT+3")
    client.force_login(person)
    page = client.get(SETTINGS).content.decode()
    assert '<option value="Etc/GMT+3" selected>' in page
    assert '<optgroup label="Africa">' in page


def test_the_account_page_says_how_one_signs_in_and_until_when_one_may_act(client: Client) -> None:
    chief = make.focal_point()
    deputy = make.person("Deputy")
    make.mandate(
        deputy,
        Role.FOCAL_POINT,
        make.party(),
        office="Wildlife Service",
        until_on=timezone.now().date(),
        stands_in_for=chief.mandates.get(),
    )
    with_app(deputy)
    client.force_login(deputy)

    page = re.sub(r"\s+", " ", client.get("/account/").content.decode())

    for words in (
        f"Deputy of {chief.name}", "Wildlife Service", "Authenticator app",
        "10 recovery codes left", "On 2 devices", "To be confirmed by",
    ):  # fmt: skip
        assert words in page


def test_a_mandate_that_rests_is_shown_as_such(client: Client) -> None:
    person = make.person()
    yesterday = timezone.now().date() - timezone.timedelta(days=1)
    make.mandate(person, Role.VIEWER, make.party(), confirm_by=yesterday)
    client.force_login(person)
    assert "Rests: not confirmed" in client.get("/account/").content.decode()


def test_strangers_are_shown_no_account_page(client: Client) -> None:
    for page in ("", "settings/", "sessions/", "second-factor/", "passkeys/", "passkeys/add/"):
        assert client.get(f"/account/{page}").status_code == 302
        assert client.post(f"/account/{page}").status_code in {302, 405}


# ── the same answer for everybody ────────────────────────────────────────────────────────────


def plain(page: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_signing_in_does_not_tell_whether_an_address_has_an_account() -> None:
    person, closed = make.focal_point(), make.person(is_active=False)
    said = []
    for address in (person.email, closed.email, "stranger@example.org"):
        answer = Client().post("/account/login/", {"login": address, "password": "wrong"})
        said.append((answer.status_code, plain(answer).replace(address, "")))
    assert said[0] == said[1] == said[2]


def test_the_mail_to_choose_a_new_password_is_in_the_language_of_the_account() -> None:
    person = make.focal_point(language="es")
    browser = Client(headers={"accept-language": "fr"})

    browser.post("/account/password/reset/", {"email": person.email})

    told = Message.objects.get()
    assert (told.language, told.holds_secret) == ("es", True)
    assert "Elija" in told.subject or "contraseña" in told.subject


def test_a_new_password_is_told_to_its_person(client: Client) -> None:
    person, new = make.focal_point(), "an entirely new one"
    sign_in(client, person)

    client.post(
        "/account/password/change/",
        {"oldpassword": make.PASSWORD, "password1": new, "password2": new},
    )

    told = Message.objects.get()
    assert (told.address, told.subject, told.holds_secret) == (
        person.email,
        "Your password was changed",
        False,
    )
    assert new not in told.text


@pytest.mark.parametrize("page", ["login/", "password/reset/"])
def test_too_many_tries_get_a_page_in_our_words(client: Client, page: str) -> None:
    answers = [
        client.post(f"/account/{page}", {"login": f"{n}@example.org", "email": f"{n}@example.org"})
        for n in range(32)
    ]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()
