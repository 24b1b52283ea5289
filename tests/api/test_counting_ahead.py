"""A call of a known key is counted while its key is read: once, and only where it is told so."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from partners.counting import ask_ahead, count
from partners.models import ApiKey
from tests import make
from tests.api.conftest import Caller, with_key
from tools import servers

A_MINUTE = 60


@pytest.fixture
def redis(settings: Any) -> Iterator[Redis]:
    with servers.redis() as address:
        if address is None:
            pytest.skip("Redis cannot be had here")
        settings.CACHES = {
            "default": {"BACKEND": "partners.counting.CountingRedis", "LOCATION": address}
        }
        yield Redis.from_url(address)


@pytest.fixture(autouse=True)
def the_clock_stands_still(time_machine: Any) -> None:
    time_machine.move_to(int(time.time() // A_MINUTE) * A_MINUTE + 1, tick=False)


def test_what_is_asked_ahead_is_counted_once_and_forgotten_in_time(redis: Redis) -> None:
    first = count("a", within=A_MINUTE)
    ask_ahead("a", within=A_MINUTE)
    second = count("a", within=A_MINUTE)
    ask_ahead("b", within=A_MINUTE)
    third, other = count("a", within=A_MINUTE), count("b", within=A_MINUTE)
    assert (first, second, third, other) == (1, 2, 3, 2)
    assert all(0 < redis.ttl(name) <= A_MINUTE for name in redis.scan_iter())


def test_counting_goes_on_when_redis_has_hung_up(redis: Redis) -> None:
    count("a", within=A_MINUTE)
    redis.client_kill_filter(_type="normal", skipme=True)
    assert count("a", within=A_MINUTE) == 2
    assert count("a", within=A_MINUTE) == 3
    redis.client_kill_filter(_type="normal", skipme=True)
    ask_ahead("a", within=A_MINUTE)
    assert count("a", within=A_MINUTE) in (4, 5)  # it may have been counted before it hung up


def a_reader(path: str, agency: Any) -> tuple[ApiKey, Caller]:
    key, token = make.api_key(agency)
    caller = with_key(token)
    assert [caller.get(path).status_code for _time in range(4)] == [200] * 4
    return key, caller


def used(answer: Any) -> int:
    return int(answer["RateLimit"].partition("r=")[2].partition(";")[0])


def counted(redis: Redis, key: ApiKey) -> int:
    return sum(int(redis.get(name)) for name in redis.scan_iter(f"*key-{key.pk}:*"))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_each_call_of_a_known_key_counts_once(redis: Redis) -> None:
    referral = make.referral()
    path = f"referrals/{referral.pk}/"
    key, caller = a_reader(path, referral.agency)
    left = [used(caller.get(path)) for _time in range(3)]
    assert [left[0] - one for one in left] == [0, 1, 2]
    assert counted(redis, key) == 7


@pytest.mark.django_db
def test_a_call_that_is_refused_for_its_address_is_not_counted(redis: Redis) -> None:
    referral = make.referral()
    path = f"referrals/{referral.pk}/"
    key, caller = a_reader(path, referral.agency)
    ApiKey.objects.filter(pk=key.pk).update(networks=["127.0.0.0/8"])
    assert caller.get(path).status_code == 200
    before = counted(redis, key)
    ApiKey.objects.filter(pk=key.pk).update(networks=["192.0.2.0/24"])
    assert [caller.get(path).status_code for _time in range(3)] == [403] * 3
    assert counted(redis, key) == before


@pytest.mark.django_db
def test_a_key_that_was_revoked_counts_as_before_and_opens_nothing(redis: Redis) -> None:
    referral = make.referral()
    path = f"referrals/{referral.pk}/"
    key, caller = a_reader(path, referral.agency)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=key.created_at)
    assert [caller.get(path).status_code for _time in range(3)] == [401] * 3
    assert counted(redis, key) == 7
