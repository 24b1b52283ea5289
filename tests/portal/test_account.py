import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_on_in_the_language_chosen(client: Client) -> None:
    answer = client.post("/account/language/", {"language": "fr", "next": "/contact/"}, follow=True)

    assert answer.redirect_chain == [("/contact/", 302)]
    assert '<html lang="fr"' in answer.content.decode()


def test_the_language_chosen_is_kept_in_the_account(client: Client) -> None:
    person = make.focal_point()
    client.force_login(person)

    client.post("/account/language/", {"language": "es"})

    person.refresh_from_db()
    assert person.language == "es"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x", ""])
def test_the_language_switch_never_leads_off_the_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/account/language/", {"language": "fr", "next": elsewhere})

    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    answer = client.post("/account/language/", {"language": "xx"})

    assert answer.status_code == 400
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_a_link_changes_no_language(client: Client) -> None:
    assert client.get("/account/language/?language=fr").status_code == 405


def test_somebody_signs_in_and_out(client: Client) -> None:
    person = make.focal_point()

    home = client.post(
        "/account/login/", {"login": person.email, "password": make.PASSWORD}, follow=True
    )
    out = client.post("/account/logout/", follow=True)

    assert person.name in home.content.decode()
    assert person.name not in out.content.decode()
    assert "You have signed out." in out.content.decode()


def test_a_link_signs_nobody_out(client: Client) -> None:
    client.force_login(make.focal_point())

    client.get("/account/logout/")

    assert client.get("/account/").status_code == 200


def test_a_wrong_password_is_told_at_the_top_and_the_address_is_kept(client: Client) -> None:
    person = make.focal_point()

    page = client.post("/account/login/", {"login": person.email, "password": "wrong"})

    text = page.content.decode()
    assert "There is a problem" in text
    assert f'value="{person.email}"' in text
    assert "wrong" not in text


@pytest.mark.parametrize(
    "page",
    ["signup/", "confirm-email/", "confirm-email/x/", "login/code/", "login/code/confirm/",
     "3rdparty/"],
)  # fmt: skip
def test_what_the_portal_does_not_do_has_no_page(client: Client, page: str) -> None:
    secret = "a long enough password"
    said = {"email": "new@example.org", "password1": secret, "password2": secret}

    answers = [client.get(f"/account/{page}"), client.post(f"/account/{page}", said)]

    assert [one.status_code for one in answers] == [404, 404]
    assert not type(make.person()).objects.filter(email="new@example.org").exists()


def test_nobody_changes_the_address_of_an_account_alone(client: Client) -> None:
    person = make.focal_point()
    client.force_login(person)

    answer = client.post("/account/email/", {"action_add": "", "email": "other@example.org"})

    assert answer["Location"] == "/account/"
    person.refresh_from_db()
    assert person.email != "other@example.org"


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(client: Client) -> None:
    person = make.focal_point()

    client.post("/account/password/reset/", {"email": person.email})
    text = Message.objects.get(address=person.email).text
    link = re.search(r"http://testserver(/\S+)", text)[1]
    page = client.get(link, follow=True)
    client.post(
        page.redirect_chain[-1][0],
        {"password1": "an entirely new one", "password2": "an entirely new one"},
    )

    person.refresh_from_db()
    assert person.check_password("an entirely new one")
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_a_form_from_an_old_page_gets_a_sentence_and_changes_nothing() -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(
        "/account/language/",
        {"language": "fr"},
        headers={"referer": "http://testserver/contact/"},
    )

    assert answer.status_code == 403
    assert 'href="http://testserver/contact/"' in answer.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_the_account_page_shows_ones_own_mandates_only(client: Client) -> None:
    make.focal_point(of=make.party("VNM"))
    client.force_login(make.focal_point(of=make.party("KEN")))

    mandates = client.get("/account/").context["mandates"]

    assert [str(mandate) for mandate in mandates] == ["focal point, Kenya"]


def test_strangers_who_forgot_a_password_read_the_same_and_are_owed_nothing(
    client: Client,
) -> None:
    person = make.focal_point()
    address = "/account/password/reset/"

    known = client.post(address, {"email": person.email}, follow=True)
    stranger = client.post(address, {"email": "stranger@example.org"}, follow=True)

    assert list(Message.objects.values_list("address", flat=True)) == [person.email]
    assert stranger.redirect_chain == known.redirect_chain
    assert _without_tokens(stranger) == _without_tokens(known)


def _without_tokens(page: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_behind_a_proxy_one_address_does_not_lock_another_out(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person = make.focal_point()
    browser = Client()

    def sign_in(come_from: str, email: str, password: str) -> int:
        answer = browser.post(
            "/account/login/",
            {"login": email, "password": password},
            headers={"x-forwarded-for": come_from},
        )
        return answer.status_code

    guesses = {sign_in("192.0.2.1", f"no{n}@example.org", "wrong") for n in range(40)}

    assert 429 in guesses
    assert sign_in("192.0.2.2", person.email, make.PASSWORD) == 302


def test_the_proxies_of_the_environment_count_for_sign_ins_and_for_the_api() -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == settings.PROXIES
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == settings.PROXIES
