"""Signing in in a real browser: password, app, recovery code, passkey; where one is signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from partners.models import User
from tests import make
from tests.portal.signing_in import code_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def http_on_loopback(settings: Any) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def sound(page: Page, javascript: bool = True) -> None:
    """No violation, nothing wider than the screen, on the page as it stands. What looks for it is
    JavaScript itself."""
    if not javascript:
        return
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in
             Axe().run(page).response["violations"]]  # fmt: skip
    assert (page.url, found, page.evaluate(TOO_WIDE)) == (page.url, [], False)


def enter_password(page: Page, person: User) -> None:
    page.goto("/account/login/")
    page.fill("#id_login", person.email)
    page.fill("#id_password", make.PASSWORD)
    page.click("main form button >> nth=0")


def set_up_app(page: Page, javascript: bool = True) -> tuple[str, list[str]]:
    page.goto("/account/")
    page.click("a[href='/account/second-factor/']")
    sound(page, javascript)
    page.click("a[href='/account/second-factor/app/']")
    page.click("summary:has(+ div .secret)")
    sound(page, javascript)
    secret = page.inner_text(".secret").replace(" ", "")
    page.fill("#id_code", code_of(secret, steps=-1))
    page.click("main form button")
    sound(page, javascript)
    return secret, page.locator(".codes code").all_inner_texts()


def is_in(page: Page) -> bool:
    page.goto("/account/")
    return page.url.endswith("/account/") and "login" not in page.url


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360)])
def test_an_app_is_set_up_and_then_asked_for(
    visit: Visit, language: str, width: int, javascript: bool
) -> None:
    person = make.focal_point(language=language)
    secret, codes = set_up_app(visit(person, width=width, javascript=javascript), javascript)
    assert len(codes) == 10

    page = visit(width=width, javascript=javascript, locale=language)
    enter_password(page, person)
    sound(page, javascript)
    assert page.get_attribute("html", "lang") == language
    page.fill("#id_code", "000000")
    page.click("main form button >> nth=0")
    sound(page, javascript)
    page.fill("#id_code", code_of(secret))
    page.click("main form button >> nth=0")
    assert is_in(page)
    sound(page, javascript)


def test_a_recovery_code_lets_in_once_and_can_be_kept_as_a_file(visit: Visit) -> None:
    person = make.focal_point()
    own = visit(person)
    _secret, codes = set_up_app(own)
    with own.expect_download() as kept:
        own.click("main a[download]")
    assert all(code in kept.value.path().read_text() for code in codes)

    results = []
    for _time in range(2):
        page = visit()
        enter_password(page, person)
        page.fill("#id_code", codes[3])
        page.click("main form button >> nth=0")
        results.append(is_in(page))
    assert results == [True, False]


def with_authenticator(page: Page) -> Any:
    """A device that keeps passkeys and always says yes, as Chromium brings it for tests."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools, made["authenticatorId"]


def test_a_passkey_is_added_signs_in_alone_is_renamed_and_removed(visit: Visit) -> None:
    person = make.focal_point()
    page = visit(person)
    devtools, device = with_authenticator(page)
    page.goto("/account/passkeys/add/")
    sound(page)
    page.fill("#id_name", "Office laptop")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/second-factor/codes/")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"])

    page.goto("/account/logout/")
    page.click("main form button")
    page.goto("/account/login/?next=/contact/")
    page.click("form[data-passkey] button")
    page.wait_for_url(lambda address: "login" not in address)
    assert page.url.endswith("/contact/")
    assert is_in(page)

    page.goto("/account/passkeys/")
    sound(page)
    page.click("a[href$='/rename/']")
    sound(page)
    page.fill("#id_name", "Old laptop")
    page.click("main form button")
    assert "Old laptop" in page.inner_text("main")
    page.click("a[href$='/remove/']")
    sound(page)
    page.click("main form button")
    assert "No passkey yet." in page.inner_text("main")


def test_a_passkey_stands_in_for_the_code_after_a_password(visit: Visit) -> None:
    person = make.focal_point()
    page = visit(person)
    with_authenticator(page)
    page.goto("/account/passkeys/add/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/second-factor/codes/")
    page.goto("/account/logout/")
    page.click("main form button")

    enter_password(page, person)
    page.wait_for_url("**/second-factor/sign-in/")
    page.click("form[data-passkey] button")
    page.wait_for_url(lambda address: "second-factor" not in address)
    assert is_in(page)


def test_a_device_that_says_no_gets_a_sentence_and_changes_nothing(visit: Visit) -> None:
    page = visit(make.focal_point())
    page.goto("/account/passkeys/add/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(Error('no')) }")
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-passkey-failed]:visible")
    sound(page)
    page.goto("/account/passkeys/")
    assert "No passkey yet." in page.inner_text("main")


def test_without_javascript_passkeys_say_why_they_are_not_offered(visit: Visit) -> None:
    page = visit(make.focal_point(), javascript=False)
    page.goto("/account/passkeys/add/")
    assert "Passkeys need JavaScript" in page.inner_text("main")
    assert not page.is_visible("form[data-passkey]")
    page.click("main a[href='/account/second-factor/app/']")
    assert page.is_visible(".qr")


@pytest.mark.parametrize("javascript", [True, False])
def test_signing_out_everywhere_else(visit: Visit, javascript: bool) -> None:
    person = make.focal_point(language="fr")
    there, here = visit(person), visit(person, width=360, javascript=javascript)
    here.goto("/account/sessions/")
    sound(here, javascript)
    assert here.locator("main tbody tr").count() == 2
    here.click("main button[value=elsewhere]")
    assert here.locator("main tbody tr").count() == 1
    assert (is_in(there), is_in(here)) == (False, True)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_settings_are_changed(visit: Visit, width: int, javascript: bool) -> None:
    page = visit(make.contributor(), width=width, javascript=javascript)
    page.goto("/account/settings/")
    sound(page, javascript)
    page.select_option("#id_language", "fr")
    page.select_option("#id_time_zone", "Africa/Nairobi")
    page.check("#id_wants_moves")
    page.click("main form button")
    sound(page, javascript)
    assert page.get_attribute("html", "lang") == "fr"
    assert "Africa/Nairobi" in page.inner_text("main")
