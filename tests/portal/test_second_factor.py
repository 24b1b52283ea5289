"""The second factor: set up, asked for, lost, required of some."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from history.models import Event
from outbox.models import Message
from partners.models import User
from tests import make
from tests.portal.signing_in import code_of, set_up_app, sign_in, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_clock_that_stands_still(time_machine: Any) -> None:
    """A code is then never out of date between being read and being typed."""
    time_machine.move_to("2026-03-02T09:00:07Z", tick=False)


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


# ── set up and used ──────────────────────────────────────────────────────────────────────────


def test_somebody_with_an_app_signs_in_with_password_and_code(client: Client) -> None:
    person = make.focal_point()
    secret, _codes = with_app(person)

    step = sign_in(client, person, next="/contact/")
    before = is_in(client)
    wrong = client.post(step["Location"], {"code": "000000"})
    right = client.post(step["Location"], {"code": code_of(secret)})

    assert step["Location"] == "/account/second-factor/sign-in/"
    assert not before
    assert "data-passkey" not in wrong.content.decode()  # there is none
    assert "This code is not right" in wrong.content.decode()
    assert right["Location"] == "/contact/"
    assert is_in(client)


def test_no_code_works_twice() -> None:
    person = make.focal_point()
    secret, _codes = with_app(person)
    code, browsers = code_of(secret), [Client(), Client()]

    for browser in browsers:
        sign_in(browser, person)
        browser.post("/account/second-factor/sign-in/", {"code": code})

    assert [is_in(browser) for browser in browsers] == [True, False]


def test_the_key_is_shown_as_a_picture_and_as_text_and_kept_encrypted(client: Client) -> None:
    person = make.focal_point()
    sign_in(client, person)

    page = client.get("/account/second-factor/app/")
    secret = page.context["form"].secret
    client.post("/account/second-factor/app/", {"code": code_of(secret)})

    text = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    assert " ".join(re.findall("....", secret)) in text
    kept = Authenticator.objects.get(user=person, type="totp").data
    assert secret not in str(kept)


def test_a_wrong_code_sets_nothing_up_and_keeps_the_same_picture(client: Client) -> None:
    person = make.focal_point()
    sign_in(client, person)
    secret = client.get("/account/second-factor/app/").context["form"].secret

    page = client.post("/account/second-factor/app/", {"code": "12"})

    assert page.context["form"].secret == secret
    assert "There is a problem" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once_and_work_once_each(client: Client) -> None:
    person = make.focal_point()
    sign_in(client, person)
    _secret, codes = set_up_app(client)
    again = client.get("/account/second-factor/codes/").content.decode()
    browsers = [Client(), Client()]

    for browser in browsers:
        sign_in(browser, person)
        browser.post("/account/second-factor/sign-in/", {"code": codes[0]})

    assert len(set(codes)) == 10
    assert not any(code in again for code in codes)
    assert "You have 10 codes left" in again
    assert [is_in(browser) for browser in browsers] == [True, False]


def test_recovery_codes_can_be_kept_as_a_file_without_another_request(client: Client) -> None:
    sign_in(client, make.focal_point())
    secret = client.get("/account/second-factor/app/").context["form"].secret

    page = client.post("/account/second-factor/app/", {"code": code_of(secret)}, follow=True)

    link = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', page.content.decode())
    assert link
    assert all(code in link[1] for code in page.context["unused_codes"])
    assert client.get("/account/second-factor/codes/download/").status_code == 404


def test_new_recovery_codes_void_the_old_ones(client: Client) -> None:
    person = make.focal_point()
    sign_in(client, person)
    _secret, old = set_up_app(client)

    client.post("/account/second-factor/new-codes/")
    new = client.get("/account/second-factor/codes/").context["unused_codes"]

    other = Client()
    sign_in(other, person)
    other.post("/account/second-factor/sign-in/", {"code": old[0]})
    assert not is_in(other)
    assert set(new).isdisjoint(old)


def test_turning_it_off_asks_again_who_it_is(client: Client, time_machine: Any) -> None:
    person = make.focal_point()
    sign_in(client, person)
    set_up_app(client)
    time_machine.shift(6 * 60)

    asked = client.post("/account/second-factor/app/off/")
    still = Authenticator.objects.filter(user=person).count()
    client.post(asked["Location"], {"password": make.PASSWORD})

    assert asked["Location"].startswith("/account/reauthenticate/?next=")
    assert still == 2
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    "page",
    [
        "second-factor/app/", "second-factor/codes/", "second-factor/new-codes/", "passkeys/add/",
    ],
)  # fmt: skip
def test_what_decides_who_signs_in_is_not_open_to_whoever_finds_the_computer(
    client: Client, page: str, time_machine: Any
) -> None:
    person = make.focal_point()
    sign_in(client, person)
    if "code" in page:
        set_up_app(client)
    time_machine.shift(6 * 60)

    assert client.get(f"/account/{page}")["Location"].startswith("/account/reauthenticate/")


def test_a_link_turns_nothing_off(client: Client) -> None:
    person = make.focal_point()
    sign_in(client, person)
    set_up_app(client)

    client.get("/account/second-factor/app/off/")
    client.get("/account/second-factor/new-codes/")

    assert Authenticator.objects.filter(user=person).count() == 2


def test_each_change_is_told_by_mail_in_the_language_of_the_account(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = make.focal_point(language="fr")
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, person)
        set_up_app(client)
        client.post("/account/second-factor/new-codes/")
        client.post("/account/second-factor/app/off/")

    told = Message.objects.order_by("pk")
    assert {(one.address, one.language, one.holds_secret) for one in told} == {
        (person.email, "fr", False)
    }
    assert len(told) == 3


# ── tries ────────────────────────────────────────────────────────────────────────────────────


def test_codes_cannot_be_guessed_for_long(client: Client) -> None:
    person = make.focal_point()
    secret, _codes = with_app(person)
    sign_in(client, person)

    said = [
        client.post("/account/second-factor/sign-in/", {"code": f"{n:06}"}).content.decode()
        for n in range(6)
    ]
    right = client.post("/account/second-factor/sign-in/", {"code": code_of(secret)})

    assert "This code is not right" in said[0]
    assert "Too many tries" in said[-1]
    assert "Too many tries" in right.content.decode()
    assert not is_in(client)


def test_the_password_cannot_be_guessed_where_it_is_asked_again(
    client: Client, time_machine: Any
) -> None:
    sign_in(client, make.focal_point())
    time_machine.shift(6 * 60)

    answers = [
        client.post("/account/reauthenticate/?next=/account/passkeys/add/", {"password": str(n)})
        for n in range(12)
    ]

    assert "Too many tries" in answers[6].content.decode()
    assert answers[-1].status_code == 429
    assert "Wait some minutes" in answers[-1].content.decode()


# ── required ─────────────────────────────────────────────────────────────────────────────────

OBLIGED = {
    "lead": make.lead,
    "officer": make.officer,
    "auditor": make.auditor,
    "officer of an agency": make.agency_officer,
}
FREE = {
    "focal point": make.focal_point,
    "contributor": make.contributor,
    "viewer of a Party": make.party_viewer,
    "viewer of an agency": make.agency_viewer,
    "somebody without a mandate": make.person,
}


@pytest.mark.parametrize("who", OBLIGED)
@pytest.mark.parametrize("where", ["/", "/requests/", "/inbox/", "/admin/", "/toolkit/", "/no/"])
def test_whoever_needs_a_second_factor_is_led_to_set_it_up(
    client: Client, required: None, who: str, where: str
) -> None:
    sign_in(client, OBLIGED[who]())

    led = [client.get(where), client.post(where)]

    assert [(one.status_code, one.get("Location")) for one in led] == [
        (302, "/account/second-factor/")
    ] * 2


@pytest.mark.parametrize("who", FREE)
def test_nobody_else_has_to(client: Client, required: None, who: str) -> None:
    sign_in(client, FREE[who]())
    assert client.get("/contact/").status_code == 200


def test_the_way_to_it_and_out_stays_open_and_never_goes_round(
    client: Client, required: None
) -> None:
    sign_in(client, make.lead())

    pages = [
        client.get(f"/account/{page}").status_code
        for page in ("", "settings/", "sessions/", "second-factor/", "second-factor/app/",
                     "passkeys/", "passkeys/add/", "logout/")
    ]  # fmt: skip
    language = client.post("/account/language/", {"language": "fr", "next": "/account/"})
    out = client.post("/account/logout/")

    assert pages == [200] * 8
    assert language["Location"] == "/account/"
    assert out.status_code == 302
    assert client.get("/contact/").status_code == 200


def test_once_it_is_set_up_everything_opens(client: Client, required: None) -> None:
    sign_in(client, make.lead())
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_once_the_last_one_is_removed_everything_closes(client: Client, required: None) -> None:
    sign_in(client, make.lead())
    set_up_app(client)

    client.post("/account/second-factor/app/off/")

    assert client.get("/admin/")["Location"] == "/account/second-factor/"


def test_a_password_alone_opens_neither_desk_nor_api(client: Client, required: None) -> None:
    lead, bare = make.lead(), Client()
    with_app(lead)
    sign_in(client, lead)
    sign_in(bare, make.lead())

    assert not client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/admin/")
    assert bare.get("/admin/")["Location"] == "/account/second-factor/"
    refused = bare.get("/api/v1/requests/")
    assert (refused.status_code, refused["Content-Type"], refused.json()["code"]) == (
        403,
        "application/problem+json",
        "second_factor_missing",
    )
    assert refused.json()["detail"] == "Set up a second factor for your account first."


def test_a_key_of_the_api_has_no_second_factor_and_needs_none(required: None) -> None:
    _key, token = make.api_key()
    browser = Client(headers={"Authorization": f"Api-Key {token}"})
    assert browser.get("/api/v1/requests/").status_code == 200


def test_the_first_factor_ends_sessions_that_began_without_it(
    client: Client, required: None
) -> None:
    officer, stranger = make.agency_officer(), make.focal_point()
    thief, other = Client(), Client()
    sign_in(thief, officer)
    sign_in(other, stranger)
    sign_in(client, officer)

    set_up_app(client)

    assert [is_in(one) for one in (thief, client, other)] == [False, True, True]
    assert client.get("/inbox/").status_code == 200


def test_a_session_that_never_showed_the_factor_is_asked_for_it(
    client: Client, required: None
) -> None:
    officer = make.agency_officer()
    secret, _codes = with_app(officer)
    client.force_login(officer)

    led, api = client.get("/inbox/?state=sent"), client.get("/api/v1/referrals/")
    posted = client.post("/inbox/")
    asked = client.get(led["Location"])
    shown = client.post(led["Location"], {"code": code_of(secret)})

    assert led["Location"] == "/account/second-factor/confirm/?next=%2Finbox%2F%3Fstate%3Dsent"
    assert posted["Location"] == "/account/second-factor/confirm/?next=%2Fstart%2F"
    assert (api.status_code, api.json()["detail"]) == (
        403,
        "Sign in again with your second factor.",
    )
    assert asked.status_code == 200
    assert shown["Location"] == "/inbox/?state=sent"
    assert client.get("/inbox/").status_code == 200


# ── lost ─────────────────────────────────────────────────────────────────────────────────────


def test_a_lead_resets_what_somebody_lost_and_everybody_can_know_it(client: Client) -> None:
    officer, lead, phone = make.agency_officer(language="es"), make.lead(), Client()
    secret, _codes = with_app(officer)
    sign_in(phone, officer)
    phone.post("/account/second-factor/sign-in/", {"code": code_of(secret)})
    Message.objects.all().delete()
    client.force_login(lead)
    page = f"/admin/partners/user/{officer.pk}/second-factor/"

    asked = client.get(page).content.decode()
    unchanged = Authenticator.objects.filter(user=officer).count()
    client.post(page)

    assert "call back on a number you know" in asked
    assert unchanged == 2
    assert not Authenticator.objects.filter(user=officer).exists()
    assert not is_in(phone)
    event = Event.objects.about(officer).latest("pk")
    assert (event.kind, event.changes) == (
        "partners.second_factor_reset",
        {"removed": ["recovery_codes", "totp"]},
    )
    assert [(one.address, one.language) for one in Message.objects.all()] == [(officer.email, "es")]
    assert "second-factor" not in sign_in(Client(), officer)["Location"]


@pytest.mark.parametrize("who", ["officer", "auditor", "agency_officer", "focal_point", "person"])
def test_nobody_but_a_lead_resets_it(client: Client, who: str) -> None:
    somebody = make.agency_officer()
    with_app(somebody)
    client.force_login(getattr(make, who)())

    answer = client.post(f"/admin/partners/user/{somebody.pk}/second-factor/")

    assert answer.status_code in {302, 403}
    assert Authenticator.objects.filter(user=somebody).count() == 2


def test_a_lead_does_not_reset_the_own_one_at_the_desk(client: Client) -> None:
    lead = make.lead()
    sign_in(client, lead)
    set_up_app(client)

    page = client.post(f"/admin/partners/user/{lead.pk}/second-factor/", follow=True)

    assert "You are not entitled to do this." in page.content.decode()
    assert "Reset second factor" not in page.content.decode()
    assert Authenticator.objects.filter(user=lead).count() == 2


def test_nothing_of_it_is_read_at_the_desk(client: Client) -> None:
    person = make.focal_point()
    secret, codes = with_app(person)
    client.force_login(make.lead())

    page = client.get(f"/admin/partners/user/{person.pk}/change/").content.decode()

    assert not any(hidden in page for hidden in (secret, *codes))
    for model in ("mfa/authenticator", "usersessions/usersession", "socialaccount/socialapp"):
        assert client.get(f"/admin/{model}/").status_code == 404
    assert User.objects.filter(pk=person.pk).exists()
