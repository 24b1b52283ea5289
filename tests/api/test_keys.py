"""Getting in: keys, scopes, sessions, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import get_resolver
from django.utils import timezone

from partners import rates
from partners.models import ApiKey, Scope
from tests import make
from tests.api.conftest import Caller, signed_in, views_below, with_key

pytestmark = pytest.mark.django_db


def asked_with(header: str) -> Any:
    return Client(headers={"authorization": header}).get("/api/v1/requests/")


def test_the_keyword_is_read_in_any_case_and_the_secret_exactly() -> None:
    token = make.api_key()[1]
    statuses = {
        header: asked_with(header).status_code
        for header in (
            f"Api-Key {token}",
            f"api-key {token} ",
            f"Api-Key {token.upper()}",
            f"Api-Key {token}x",
            f"Api-Key {token.partition('.')[0]}",
            f"Bearer {token}",
            "Api-Key",
            "Api-Key \x00",
            "Api-Key \xe9",
            token,
        )
    }
    good = [header for header, status in statuses.items() if status == 200]
    assert good == [f"Api-Key {token}", f"api-key {token} "]
    assert set(statuses.values()) == {200, 401}


def test_a_refused_key_says_so_and_names_the_scheme() -> None:
    answer = asked_with("Api-Key iccwc_00000000.nothing")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Api-Key realm="ICCWC support portal"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "http://testserver/api/v1/problems/#invalid_key",
        "title": "The API key is not valid",
        "status": 401,
        "detail": "This API key is not known, has expired or was revoked.",
        "code": "invalid_key",
    }


def test_a_bad_key_is_refused_on_public_addresses_too() -> None:
    client = Client(headers={"authorization": "Api-Key iccwc_00000000.nothing"})
    assert client.get("/api/v1/parties/").status_code == 401


def test_a_key_that_is_revoked_during_a_call_does_nothing_more() -> None:
    referral = make.referral()
    key, _token = make.api_key()
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    key.refresh_from_db()
    assert list(type(referral).objects.visible_to(key)) == []


def test_last_use_is_kept_to_the_minute_and_not_at_every_call(
    django_assert_num_queries: Any,
) -> None:
    key, token = make.api_key()
    caller = with_key(token)
    with django_assert_num_queries(2):  # the key, its last use; the root reads nothing
        caller.get("")
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    with django_assert_num_queries(1):
        caller.get("")
    key.refresh_from_db()
    assert key.last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    caller.get("")
    key.refresh_from_db()
    assert key.last_used_at > first


def test_each_scope_opens_its_own_door_and_no_other() -> None:
    referral = make.referral()
    doors = {
        "requests/": "get",
        "referrals/": "get",
        "events/": "get",
        f"referrals/{referral.pk}/actions/accept/": "post",
    }
    opened = {}
    for scope in Scope.values:
        caller = with_key(make.api_key(scopes=[scope])[1])
        opened[scope] = [
            path
            for path, method in doors.items()
            if getattr(caller, method)(path).status_code < 300
        ]
    assert opened == {
        "requests:read": ["requests/", "referrals/"],
        "referrals:write": [],  # its answer would be a referral
        "toolkit:read": [],
        "events:read": ["events/"],
        "toolkit:write": [],
        "webhooks:manage": [],
    }


def test_writing_takes_the_scope_for_reading_what_is_written_on() -> None:
    referral = make.referral()
    case = referral.support_request
    thread = make.conversation(case, agencies=("INTERPOL",))
    calls: list[tuple[str, Any]] = [
        (f"referrals/{referral.pk}/actions/accept/", {}),
        (f"requests/{case.reference}/actions/withdraw/", {"reason": "Not needed."}),
        (f"conversations/{thread.pk}/actions/reply/", {"text": "In May."}),
    ]
    files = f"requests/{case.reference}/attachments/"
    scopes = {
        "write": [Scope.REFERRALS_WRITE],
        "both": [Scope.REFERRALS_WRITE, Scope.REQUESTS_READ],
    }
    answered = {}
    for name, held in scopes.items():
        caller = with_key(make.api_key(scopes=[str(one) for one in held])[1])
        answered[name] = []
        for path, body in calls:
            answered[name].append(caller.post(path, body).status_code)
        sent = caller.post(files, {"file": make.pdf()}, content_type=MULTIPART_CONTENT)
        answered[name].append(sent.status_code)
    assert answered == {"write": [404] * 4, "both": [200, 403, 200, 201]}


def test_a_missing_scope_is_named() -> None:
    caller = with_key(make.api_key(scopes=[Scope.EVENTS_READ])[1])
    problem = caller.get("requests/").json()
    assert (problem["code"], "requests:read" in problem["detail"]) == ("missing_scope", True)


def test_a_session_needs_its_csrf_token_to_write() -> None:
    referral = make.referral()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.agency_officer())
    path = f"/api/v1/referrals/{referral.pk}/actions/accept/"
    answer = client.post(path, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_a_key_needs_no_csrf_token() -> None:
    referral = make.referral()
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        f"/api/v1/referrals/{referral.pk}/actions/accept/",
        {},
        content_type="application/json",
        headers={"authorization": f"Api-Key {make.api_key()[1]}", "if-match": "*"},
    )
    assert answer.status_code == 200


def test_calls_are_counted_per_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates.KeyThrottle, "rate", "2/min", raising=False)
    busy, calm = (with_key(make.api_key(make.agency(code))[1]) for code in ("WCO", "INTERPOL"))
    assert [busy.get("parties/").status_code for _call in range(3)] == [200, 200, 429]
    refused = busy.get("parties/")
    assert (refused.json()["code"], int(refused["Retry-After"]) > 0) == ("throttled", True)
    assert calm.get("parties/").status_code == 200
    assert Caller().get("parties/").status_code == 200


def test_a_caller_cannot_choose_the_address_it_is_counted_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates.KeyThrottle, "rate", "2/min", raising=False)
    statuses = [
        Client(headers={"x-forwarded-for": f"10.0.0.{n}"}).get("/api/v1/parties/").status_code
        for n in range(3)
    ]
    assert statuses == [200, 200, 429]


def test_every_view_says_who_may_use_it() -> None:
    views = dict(views_below(get_resolver("iccwc_portal.api_urls")))
    for_pages = {"docs/", "problems/", "^.*/$", "^.*[^/]$"}
    undeclared = [
        address
        for address, view in views.items()
        if address not in for_pages
        and not getattr(_class_of(view), "public", False)
        and not getattr(_class_of(view), "scopes", {})
    ]
    assert len(views) > 100
    assert undeclared == []


def _class_of(view: Any) -> Any:
    return getattr(view, "cls", None) or getattr(view, "view_class", None)


def test_a_view_that_declares_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iccwc_portal.api_views.ApiRoot.public", False)
    assert Caller().get("").status_code == 401
    assert with_key(make.api_key()[1]).get("").status_code == 403
    assert signed_in(make.lead()).get("").status_code == 403
