"""Agencies sign in at their own provider: a real one, started here, over real HTTP."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from iccwc_portal.settings_signin import _provider
from partners.models import User
from tests import make
from tests.portal.signing_in import with_app

pytestmark = [
    pytest.mark.django_db,
    # The provider warns itself, in its thread, of what its own library will do away with.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]

BEGIN = "/account/agency/interpol/"
SAID = {
    "agency": "INTERPOL", "id": "interpol", "name": "INTERPOL", "client_id": "portal",
    "secret": "not a secret",
}  # fmt: skip


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def configured(settings: Any, provider: str) -> str:
    use(settings, {**SAID, "server_url": provider})
    return provider


def use(settings: Any, said: dict[str, Any]) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_provider(said)]}}


def sign_in_there(browser: Client, provider: str, way: str = BEGIN, **claims: Any) -> Any:
    """The whole journey: our button, the provider's form, the way back."""
    sub = claims.pop("sub", claims.get("email", "somebody"))
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).raise_for_status()
    there = browser.post(way).context["url"]
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return browser.get(f"{back.path}?{back.query}", follow=True)


def who_is_in(browser: Client) -> str:
    page = browser.get("/account/")
    return page.context["user"].email if page.status_code == 200 else ""


def test_an_officer_signs_in_at_the_agency(client: Client, configured: str) -> None:
    officer = make.agency_officer(make.agency("INTERPOL"))
    people = User.objects.count()

    sign_in_there(client, configured, email=officer.email.upper(), email_verified=True)

    assert who_is_in(client) == officer.email
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


def refused_for() -> dict[str, Any]:
    interpol = make.agency("INTERPOL")
    both = make.agency_officer(interpol)
    make.mandate(both, "focal_point", make.party())
    at_the_desk = make.agency_officer(interpol)
    make.mandate(at_the_desk, "officer", make.secretariat())
    closed = make.agency_officer(interpol)
    closed.is_active = False
    closed.save()
    former = make.agency_officer(interpol)
    former.mandates.update(ended_at="2020-01-01T00:00Z")
    return {
        "a stranger": "stranger@example.org",
        "a focal point": make.focal_point().email,
        "a lead": make.lead().email,
        "an officer of another agency": make.agency_officer(make.agency("WCO")).email,
        "an officer who is a focal point too": both.email,
        "an officer who works at the desk too": at_the_desk.email,
        "somebody whose account is closed": closed.email,
        "somebody whose mandate has ended": former.email,
    }


def test_nobody_else_is_let_in_and_all_read_the_same(configured: str) -> None:
    said = {}
    for who, address in refused_for().items():
        browser = Client()
        page = sign_in_there(browser, configured, email=address, email_verified=True)
        said[who] = (page.status_code, who_is_in(browser), words_of(page).replace(address, "…"))
    assert set(said.values()) == {(403, "", said["a stranger"][2])}
    assert "Nobody who acts for this agency alone" in said["a stranger"][2]
    assert "/contact/" in said["a stranger"][2]
    assert not User.objects.filter(email="stranger@example.org").exists()


def words_of(page: Any) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    text = re.sub(r'name="next" value="[^"]*"', "", text)
    return text[text.index("<main") : text.index("</main>")]


@pytest.mark.parametrize("claim", [{"email_verified": False}, {"email_verified": "true"}, {}])
def test_an_address_that_is_not_vouched_for_lets_nobody_in(
    client: Client, configured: str, claim: dict[str, Any]
) -> None:
    officer = make.agency_officer(make.agency("INTERPOL"))

    page = sign_in_there(client, configured, email=officer.email, **claim)

    assert (page.status_code, who_is_in(client)) == (403, "")
    assert "did not confirm an e-mail address" in page.content.decode()


def test_domains_of_the_agency_count_as_vouched_for_where_the_settings_say_so(
    settings: Any, provider: str
) -> None:
    use(settings, {**SAID, "server_url": provider, "verified_domains": ["agency.example.org"]})
    inside = make.agency_officer(make.agency("INTERPOL"))
    outside = make.agency_officer(make.agency("INTERPOL"))
    User.objects.filter(pk=inside.pk).update(email="officer@agency.example.org")
    let_in, left_out = Client(), Client()

    sign_in_there(let_in, provider, email="officer@agency.example.org")
    sign_in_there(left_out, provider, email=outside.email)

    assert [who_is_in(let_in), who_is_in(left_out)] == ["officer@agency.example.org", ""]


def test_the_second_factor_is_asked_for_all_the_same(client: Client, configured: str) -> None:
    officer = make.agency_officer(make.agency("INTERPOL"))
    with_app(officer)

    page = sign_in_there(client, configured, email=officer.email, email_verified=True)

    assert page.redirect_chain[-1][0] == "/account/second-factor/sign-in/"
    assert who_is_in(client) == ""


@pytest.mark.parametrize(
    ("amr", "led_to"),
    [(["pwd", "mfa"], 200), (["pwd"], 302), (["otp"], 302), ("mfa", 302), (None, 302)],
)
def test_a_provider_that_asked_for_two_factors_meets_the_duty_and_no_other_does(
    client: Client, configured: str, settings: Any, amr: Any, led_to: int
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    officer = make.agency_officer(make.agency("INTERPOL"))

    sign_in_there(client, configured, email=officer.email, email_verified=True, amr=amr)

    assert who_is_in(client) == officer.email
    assert client.get("/inbox/").status_code == led_to


@pytest.mark.parametrize("at", ["CITES", "WCO"])
def test_an_agencys_word_counts_for_its_own_officers_alone(
    client: Client, configured: str, settings: Any, at: str
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    officer = make.agency_officer(make.agency("INTERPOL"))
    sign_in_there(client, configured, email=officer.email, email_verified=True, amr=["mfa"])
    before = client.get("/inbox/").status_code

    make.mandate(officer, "officer", make.agency(at))

    assert before == 200
    assert client.get("/inbox/")["Location"] == "/account/second-factor/"


def test_one_agencys_provider_does_not_speak_for_another(
    settings: Any, provider: str, client: Client
) -> None:
    use(settings, {**SAID, "agency": "WCO", "server_url": provider})
    officer = make.agency_officer(make.agency("INTERPOL"))
    make.agency("WCO")

    page = sign_in_there(client, provider, email=officer.email, email_verified=True)

    assert (page.status_code, who_is_in(client)) == (403, "")


def test_a_provider_that_is_down_gets_a_sentence_and_a_way_on(
    client: Client, settings: Any
) -> None:
    use(settings, {**SAID, "server_url": "http://localhost:9"})

    pages = [client.post(BEGIN), client.get(f"{BEGIN}back/?code=x&state=y")]

    assert pages[0].status_code == 503
    assert "does not answer at present" in pages[0].content.decode()
    assert 'href="/account/login/"' in pages[0].content.decode()
    assert pages[1].status_code == 403


def test_a_provider_that_goes_down_on_the_way_gets_the_same_sentence(
    client: Client, settings: Any, configured: str
) -> None:
    there = client.post(BEGIN).context["url"]
    answer = requests.post(there, data={"sub": "x"}, allow_redirects=False, timeout=5)
    use(settings, {**SAID, "server_url": "http://localhost:9"})
    back = urlsplit(answer.headers["Location"])

    page = client.get(f"{back.path}?{back.query}")

    assert (page.status_code, who_is_in(client)) == (503, "")
    assert "does not answer at present" in page.content.decode()


def test_cancelling_there_gets_a_sentence(client: Client, configured: str) -> None:
    there = client.post(BEGIN).context["url"]
    answer = requests.post(there, data={"action": "deny"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])

    page = client.get(f"{back.path}?{back.query}&state={re.search('state=([^&]+)', there)[1]}")

    assert "was cancelled" in page.content.decode()
    assert who_is_in(client) == ""


def test_an_answer_that_was_not_asked_for_lets_nobody_in(client: Client, configured: str) -> None:
    officer = make.agency_officer(make.agency("INTERPOL"))
    stolen = Client().post(BEGIN).context["url"]
    answer = requests.post(stolen, data={"sub": officer.email}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])

    page = client.get(f"{back.path}?{back.query}")

    assert (page.status_code, who_is_in(client)) == (403, "")
    assert "Please begin again" in page.content.decode()


def test_what_an_address_says_changes_nothing_about_the_journey(
    client: Client, configured: str
) -> None:
    focal_point = make.focal_point()
    client.force_login(focal_point)
    officer = make.agency_officer(make.agency("INTERPOL"))

    sign_in_there(
        client, configured, f"{BEGIN}?process=connect&scope=admin&auth_params=prompt%3Dnone",
        email=officer.email, email_verified=True,
    )  # fmt: skip

    assert who_is_in(client) == officer.email
    assert SocialAccount.objects.count() == 0


def test_the_way_goes_on_to_where_one_wanted_to_go_and_never_off_the_site(
    configured: str,
) -> None:
    officer = make.agency_officer(make.agency("INTERPOL"))
    ends = []
    for wanted in ("/contact/", "https://elsewhere.example.org/"):
        page = sign_in_there(
            Client(), configured, f"{BEGIN}?next={wanted}", email=officer.email,
            email_verified=True,
        )  # fmt: skip
        ends.append(page.redirect_chain[0][0])
    assert ends[0] == "/contact/"
    assert ends[1].startswith("/")


def test_only_a_button_begins_it_and_only_where_it_is_set_up(
    client: Client, settings: Any, configured: str
) -> None:
    button = f'action="{BEGIN}"'
    shown = button in client.get("/account/login/").content.decode()
    by_link = client.get(BEGIN).status_code
    unknown = client.post("/account/agency/nobody/").status_code
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}

    assert (shown, by_link, unknown) == (True, 405, 404)
    assert "/account/agency/" not in client.get("/account/login/").content.decode()
    assert client.post(BEGIN).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"server_url": "http://id.example.org"}, "is not https"),
        ({"secret": ""}, "lacks secret"),
        ({"agency": None}, "lacks agency"),
        ({"id": "two words"}, "small letters"),
    ],
)
def test_settings_that_cannot_work_stop_the_start_with_a_reason(
    change: dict[str, Any], words: str
) -> None:
    said = {**SAID, "server_url": "https://id.example.org", **change}
    with pytest.raises(ImproperlyConfigured, match=words):
        _provider(said)
