"""How often anybody may call, and how the answers tell."""

from typing import Any

import pytest
import time_machine

from partners import granting, rates
from partners.models import ApiKey
from tests import make
from tests.api.conftest import Caller, signed_in, with_key
from tools.servers import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates.KeyThrottle, "rate", "3/min")


def said(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer["RateLimit-Policy"], answer["RateLimit"]


def test_every_answer_tells_how_the_limit_stands() -> None:
    referral = make.referral()
    caller = with_key(make.api_key(scopes=["requests:read"])[1])
    with time_machine.travel("2026-03-02T09:00:20Z", tick=False):
        found = caller.get(f"referrals/{referral.pk}/")
        same = caller.get(f"referrals/{referral.pk}/", headers={"if-none-match": found["ETag"]})
        forbidden = caller.get("events/")
        over = caller.get("requests/?unknown=1")
    policy = '"calls";q=3;w=60'
    assert [said(one) for one in (found, same, forbidden, over)] == [
        (200, policy, '"calls";r=2;t=40'),
        (304, policy, '"calls";r=1;t=40'),
        (403, policy, '"calls";r=0;t=40'),
        (429, policy, '"calls";r=0;t=40'),
    ]
    assert int(over["Retry-After"]) >= 40
    assert over.json()["detail"] == "More than 3 calls in 60 seconds. Go on in 40."


def test_with_the_next_minute_it_begins_anew() -> None:
    caller = with_key(make.api_key()[1])
    with time_machine.travel("2026-03-02T09:00:59Z", tick=False) as clock:
        assert [caller.get("parties/").status_code for _call in range(4)] == [200, 200, 200, 429]
        clock.shift(1)
        assert caller.get("parties/").status_code == 200


def test_wrong_addresses_and_refused_calls_count_too() -> None:
    caller = with_key(make.api_key(scopes=["toolkit:read"])[1])
    statuses = [caller.get(path).status_code for path in ("nothing/", "requests/", "events/", "")]
    assert statuses == [404, 403, 403, 429]


def test_a_key_may_have_a_rate_of_its_own() -> None:
    key, token = make.api_key()
    granting.limit_key(key, networks=[], calls_a_minute=1, by=make.the_lead())
    caller = with_key(token)
    assert [caller.get("parties/").status_code for _call in range(2)] == [200, 429]
    assert said(caller.get("parties/"))[1] == '"calls";q=1;w=60'


def test_keys_people_and_places_are_counted_each_for_themselves() -> None:
    agency = make.agency("INTERPOL")
    everybody = [
        with_key(make.api_key(agency)[1]),
        with_key(make.api_key(agency)[1]),
        signed_in(make.agency_officer(agency)),
        Caller(),
    ]
    statuses = [[one.get("parties/").status_code for _call in range(4)] for one in everybody]
    assert statuses == [[200, 200, 200, 429]] * 4


def test_a_known_key_is_served_while_redis_is_away(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "partners.counting.CountingRedis",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        }
    }
    key, token = make.api_key()
    ApiKey.objects.filter(pk=key.pk).update(last_used_from="127.0.0.1")
    answers = [with_key(token).get("parties/") for _call in range(4)]
    assert [said(one)[0] for one in answers] == [200] * 4
    assert answers[-1]["RateLimit"].startswith('"calls";r=3;')
