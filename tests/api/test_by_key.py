"""A call by key is spared what is there for people, and gets the answer it would get with it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, override_settings

from tests import make
from tests.api.conftest import signed_in, with_key

# Nothing is led past what is there for people.
_FOR_EVERYBODY = [name for name in settings.MIDDLEWARE if name != "iccwc_portal.by_key.ByKey"]


def _shown(answer: HttpResponse) -> dict[str, Any]:
    """The answer, but for what differs from call to call."""
    headers = dict(answer.items())
    headers.pop("RateLimit", None)
    on = {word.strip() for word in headers.pop("Vary", "").split(",") if word.strip()}
    body = b"".join(answer) if answer.streaming else answer.content
    if "Content-Encoding" in headers:  # padded at random, against guessing by length
        body = b""
        headers.pop("Content-Length")
    if "html" in headers.get("Content-Type", ""):  # a form of it has a token, new each time
        body = str(len(body)).encode()
    # Nobody looked for a session, so nothing depends on it, unless the API says so anyway; and a
    # key sends no form, so it is given no token for one.
    return {
        "status": answer.status_code, "headers": headers, "body": body,
        "vary": on - {"Cookie"}, "cookies": sorted(set(answer.cookies) - {"csrftoken"}),
    }  # fmt: skip


_CALLS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "requests/", {}),
    ("GET", "requests/", {"accept-encoding": "gzip"}),
    ("GET", "requests/", {"accept-language": "fr"}),
    ("GET", "requests/", {"cookie": "django_language=es"}),
    ("HEAD", "requests/", {}),
    ("GET", "requests/?format=csv", {}),
    ("GET", "requests/?state=none", {"accept-language": "es"}),
    ("GET", "requests/?state=%00", {}),
    ("GET", "requests/%00/", {}),
    ("GET", "requests/{reference}/", {}),
    ("GET", "requests/{reference}/", {"if-none-match": "*"}),
    ("GET", "requests/{reference}", {}),
    ("GET", "requests/B-9999/", {"accept-language": "fr"}),
    ("GET", "referrals/{referral}/", {}),
    ("POST", "referrals/{referral}/actions/accept/", {}),
    ("POST", "referrals/{referral}/actions/accept/", {"transfer-encoding": "chunked"}),
    ("DELETE", "requests/", {}),
    ("GET", "events/", {}),
    ("GET", "toolkit/implementations/", {}),
    ("GET", "me/", {}),
    ("GET", "webhooks/", {}),
    ("GET", "nothing-here/", {}),
    ("GET", "schema/", {}),
    ("GET", "problems/", {}),
    ("GET", "", {}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "said"), _CALLS)
def test_a_call_by_key_is_answered_as_with_all_that_people_need(
    world: SimpleNamespace, method: str, path: str, said: dict[str, str]
) -> None:
    token = make.api_key(world.interpol)[1]
    handle = world.asked_interpol.handle
    address = "/api/v1/" + path.format(reference=handle, referral=world.referral.pk)

    def asked() -> list[dict[str, Any]]:
        callers: list[Any] = [Client(), Client()]
        keys = [token, "iccwc_12345678.wrong"]
        return [
            _shown(
                client.generic(method, address, headers={**said, "authorization": f"Api-Key {key}"})
            )
            for client, key in zip(callers, keys, strict=True)
        ]

    spared = asked()
    with override_settings(MIDDLEWARE=_FOR_EVERYBODY):
        assert spared == asked()
    assert spared[0]["headers"]["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in spared[0]["headers"]["Content-Security-Policy"]


def test_whoever_calls_by_key_is_nobody_else_though_a_session_comes_along(
    world: SimpleNamespace,
) -> None:
    token = make.api_key(world.interpol)[1]
    desk, address = signed_in(world.officer), "requests/"

    both = desk.get(address, headers={"authorization": f"Api-Key {token}"})
    wrong = desk.get(address, headers={"authorization": "Api-Key iccwc_12345678.wrong"})

    assert both.json() == with_key(token).get(address).json()
    assert wrong.status_code == 401
    assert len(desk.get(address).json()["results"]) > len(both.json()["results"])


def test_a_key_spares_nothing_on_pages(world: SimpleNamespace) -> None:
    said = {"authorization": "Api-Key iccwc_12345678.wrong"}
    page = signed_in(world.focal_point).get("/start/", headers=said, follow=True)
    assert page.context["user"] == world.focal_point
    assert "Cookie" in page["Vary"]


def test_what_stands_on_the_way_of_a_key_stands_on_that_of_people_in_the_same_order() -> None:
    """And whoever adds a middleware decides here whether it is for keys too."""
    for_people = {
        "ByKey", "WhiteNoiseMiddleware", "SessionMiddleware", "CsrfViewMiddleware",
        "AuthenticationMiddleware", "ReaderLanguage", "MessageMiddleware", "AccountMiddleware",
        "SeenSession", "SecondFactorDuty",
    }  # fmt: skip
    ours = {"Policy": "CSPMiddleware", "Locale": "LocaleMiddleware"}
    way = [name.rpartition(".")[2] for name in settings.MIDDLEWARE_BY_KEY]
    everybodys = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert [ours.get(name, name) for name in way] == [
        name for name in everybodys if name not in for_people
    ]


def test_a_middleware_that_wants_to_be_asked_about_views_cannot_stand_on_the_way_of_a_key() -> None:
    way = ["django.middleware.csrf.CsrfViewMiddleware"]
    refused = pytest.raises(ImproperlyConfigured, match="CsrfViewMiddleware")
    with override_settings(MIDDLEWARE_BY_KEY=way), refused:
        Client().get("/api/v1/")
