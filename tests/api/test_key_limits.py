"""Keys that are bound to networks, have a rate of their own, or open nothing again and again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from partners import granting
from partners.guessing import FREE
from partners.models import ApiKey
from tests import make

pytestmark = pytest.mark.django_db


def call(token: str, address: str = "127.0.0.1", path: str = "referrals/") -> Any:
    client = Client(headers={"authorization": f"Api-Key {token}"}, REMOTE_ADDR=address)
    return client.get(f"/api/v1/{path}")


def limited(token_of: tuple[ApiKey, str], **limits: Any) -> tuple[ApiKey, str]:
    key, token = token_of
    said: dict[str, Any] = {"networks": [], "calls_a_minute": None, **limits}
    return granting.limit_key(key, **said, by=make.the_lead()), token


def test_a_key_opens_nothing_from_outside_its_networks() -> None:
    networks = ["192.0.2.0/24", "2001:db8:5::/48", "198.51.100.7"]
    _key, token = limited(make.api_key(), networks=networks)
    statuses = {
        address: call(token, address).status_code
        for address in (
            "192.0.2.77", "::ffff:192.0.2.77", "2001:db8:5:1::9", "198.51.100.7",
            "198.51.100.8", "2001:db8:6::1", "203.0.113.9", "", "no address",
        )
    }  # fmt: skip
    assert [address for address, status in statuses.items() if status == 200] == list(statuses)[:4]
    assert set(statuses.values()) == {200, 403}
    refused = call(token, "203.0.113.9")
    assert refused.json() == {
        "type": "http://testserver/api/v1/problems/#address_not_allowed",
        "title": "The key is not for this address",
        "status": 403,
        "detail": "This key may not be used from the address 203.0.113.9.",
        "code": "address_not_allowed",
    }


def test_a_key_that_is_refused_for_its_address_counts_as_not_used() -> None:
    key, token = limited(make.api_key(), networks=["192.0.2.0/24"])
    assert call(token, "203.0.113.9", "parties/").status_code == 403
    key.refresh_from_db()
    assert (key.last_used_at, key.last_used_from) == (None, None)
    call(token, "192.0.2.3")
    key.refresh_from_db()
    assert key.last_used_from == "192.0.2.3"


def test_a_header_of_the_caller_is_no_address(settings: Any) -> None:
    _key, token = limited(make.api_key(), networks=["192.0.2.0/24"])
    headers = {"authorization": f"Api-Key {token}", "x-forwarded-for": "192.0.2.1, 203.0.113.9"}
    client = Client(headers=headers, REMOTE_ADDR="127.0.0.1")
    assert client.get("/api/v1/referrals/").status_code == 403
    with_one_proxy = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    settings.REST_FRAMEWORK = with_one_proxy
    assert client.get("/api/v1/referrals/").status_code == 403
    settings.REST_FRAMEWORK = {**with_one_proxy, "NUM_PROXIES": 2}
    assert client.get("/api/v1/referrals/").status_code == 200


def test_a_replaced_key_keeps_its_limits() -> None:
    key, _token = limited(make.api_key(), networks=["192.0.2.0/24"], calls_a_minute=7)
    last_day = timezone.now().date() + timedelta(days=3)
    new, _token = granting.rotate_key(key, last_day=last_day, by=make.the_lead())
    assert (new.networks, new.calls_a_minute) == (["192.0.2.0/24"], 7)


# ── keys that open nothing ───────────────────────────────────────────────────────────────────


def wrong(key: ApiKey) -> str:
    return f"{key.prefix}.{'x' * 43}"


def test_wrong_keys_wait_longer_and_longer_and_all_alike() -> None:
    key, _token = make.api_key()
    told = {}
    with time_machine.travel("2026-03-02T09:00:01Z", tick=False) as clock:
        for token, address in ((wrong(key), "192.0.2.1"), ("iccwc_00000000.x", "192.0.2.2")):
            first = [call(token, address).status_code for _try in range(FREE - 1)]
            waits = []
            for _try in range(4):
                refused = call(token, address)
                waits.append((refused.status_code, int(refused["Retry-After"])))
                clock.shift(int(refused["Retry-After"]) + 1)
            clock.shift(-sum(wait + 1 for _status, wait in waits))
            told[token] = (first, waits, refused.json())
    one, other = told.values()
    assert one == other
    assert one[0] == [401] * (FREE - 1)
    assert [status for status, _wait in one[1]] == [429] * 4
    waits = [wait for _status, wait in one[1]]
    assert waits == sorted(set(waits))


def test_while_it_waits_nothing_from_that_address_is_looked_at() -> None:
    key, token = make.api_key()
    for _try in range(FREE):
        call(wrong(key), "192.0.2.1")
    refused = call(token, "192.0.2.1")
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert call(token, "192.0.2.2").status_code == 200


def test_nobody_else_shuts_a_key_out_from_where_it_is_used() -> None:
    key, token = make.api_key()
    _bound, bound_token = limited(make.api_key(), networks=["192.0.2.0/24"])
    assert call(token, "192.0.2.1").status_code == 200
    for _try in range(FREE + 3):
        call(wrong(key), "192.0.2.1")
    assert call(wrong(key), "192.0.2.1").status_code == 429
    assert [call(one, "192.0.2.1").status_code for one in (token, bound_token)] == [200, 200]


def test_a_key_that_moves_is_at_home_at_once_where_it_was_last() -> None:
    key, token = make.api_key()
    for address in ("192.0.2.1", "192.0.2.2"):  # within a minute
        assert call(token, address).status_code == 200
        key.refresh_from_db()
        assert key.last_used_from == address
    for number in range(14):
        call(f"iccwc_wrong.{number}", "192.0.2.2")
    assert call(token, "192.0.2.2").status_code == 200


def test_while_redis_is_away_known_keys_are_served_and_wrong_ones_refused(settings: Any) -> None:
    away = {"BACKEND": "partners.counting.CountingRedis", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {**settings.CACHES, "default": away}
    _key, token = make.api_key()
    assert call(token).status_code == 200
    for number in range(12):
        refused = call(f"iccwc_wrong.{number}")
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_key")


def test_a_whole_site_of_ipv6_counts_as_one_place() -> None:
    statuses = [
        call("iccwc_00000000.x", f"2001:db8::{number + 1:x}").status_code for number in range(FREE)
    ]
    assert statuses == [401] * (FREE - 1) + [429]
    assert call("iccwc_00000000.x", "2001:db8:0:1::1").status_code == 401


def test_a_system_whose_key_has_ended_is_told_so_as_often_as_it_asks() -> None:
    key, token = make.api_key()
    granting.revoke_key(key, by=make.the_lead())
    assert {call(token).status_code for _try in range(FREE + 5)} == {401}
