"""The feed's end, its long poll, and the history of one matter."""

import threading
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from history.models import Event
from iccwc_portal.api_waiting import LOOKS_EVERY, PLACES
from tests import make
from tests.api.conftest import Caller, recalled, with_key
from workflow.executor import perform


def kinds(body: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in body["results"]]


def test_latest_gives_no_events_and_the_last_that_the_caller_may_read(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    ends = {}
    for who in ("INTERPOL", "WCO", "Secretariat", "stranger"):
        end = callers[who].get("events/?after=latest").json()
        every = callers[who].get("events/?page_size=100").json()["results"]
        assert end == {"after": every[-1]["id"], "next": None, "results": []}
        ends[who] = end["after"]
    perform("accept", world.referral, by=make.agency_officer(world.interpol), data={})
    news = {who: kinds(callers[who].get(f"events/?after={ends[who]}").json()) for who in ends}
    accepted = ["referrals.accept"]
    assert news == {"INTERPOL": accepted, "Secretariat": accepted, "WCO": [], "stranger": []}


def test_where_nothing_may_be_read_the_feed_ends_at_its_beginning(db: None) -> None:
    make.request_in("submitted")
    caller = with_key(make.api_key()[1])
    assert caller.get("events/?after=latest").json() == {"after": 0, "next": None, "results": []}


class Waiting(threading.Thread):
    """A caller who waits at the end of the feed, from the moment of `start` on."""

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self.caller = caller
        self.end = caller.get("events/?after=latest").json()["after"]
        self.answers: list[Any] = []

    def run(self) -> None:
        try:
            self.answers.append(self.caller.get(f"events/?after={self.end}&wait=30"))
        finally:
            connection.close()

    def start(self) -> None:
        super().start()
        while self.is_alive() and not PLACES.taken:
            self.join(timeout=0.01)

    def answer(self) -> Any:
        self.join(timeout=40)
        (answer,) = self.answers
        return answer


@pytest.mark.django_db(transaction=True)
def test_a_caller_who_waits_is_answered_as_soon_as_something_comes() -> None:
    interpol = make.agency("INTERPOL")
    referral = make.referral(interpol)
    waiting = Waiting(with_key(make.api_key(interpol)[1]))
    waiting.start()
    make.referral(make.agency("WCO"))
    waiting.join(timeout=2 * LOOKS_EVERY)
    assert waiting.answers == []  # what others may not read wakes nobody
    perform("accept", referral, by=make.agency_officer(interpol), data={"comment": "In May."})
    answer = waiting.answer()

    assert answer.status_code == 200
    assert kinds(answer.json()) == ["referrals.accept"]
    assert "Retry-After" not in answer


@pytest.mark.django_db(transaction=True)
def test_a_key_revoked_while_its_holder_waits_reads_no_more() -> None:
    interpol = make.agency("INTERPOL")
    referral = make.referral(interpol)
    key, token = make.api_key(interpol)
    waiting = Waiting(with_key(token))
    waiting.start()
    key.revoked_at = timezone.now()
    key.save()
    perform("accept", referral, by=make.agency_officer(interpol), data={})
    answer = waiting.answer()

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_key")


def test_an_empty_answer_comes_when_the_time_is_over(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    end = callers["INTERPOL"].get("events/?after=latest").json()["after"]
    with CaptureQueriesContext(connection) as waited:
        answer = callers["INTERPOL"].get(f"events/?after={end}&wait=1")
    assert answer.json() == {"after": end, "next": None, "results": []}
    assert len(waited) <= 9  # three looks at the newest id, and the feed itself once


def test_whoever_finds_no_place_is_answered_at_once_and_told_when_to_come_back(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    end = callers["INTERPOL"].get("events/?after=latest").json()["after"]
    with override_settings(FEED_WAITS=0):
        answer = callers["INTERPOL"].get(f"events/?after={end}&wait=30")
        with_news = callers["INTERPOL"].get("events/?after=0&wait=30")
    assert (answer.status_code, answer["Retry-After"]) == (200, "5")
    assert answer.json() == {"after": end, "next": None, "results": []}
    assert with_news.json()["results"] != []
    assert "Retry-After" not in with_news


def test_a_caller_holds_one_place_and_gives_it_back() -> None:
    with override_settings(FEED_WAITS=2), ExitStack() as held:
        found = [held.enter_context(PLACES.one_for(caller)) for caller in ("A", "A", "B", "C")]
    assert found == [True, False, True, False]
    with override_settings(FEED_WAITS=1), PLACES.one_for("C") as later:
        assert later


@pytest.mark.parametrize("wait", ["31", "-1", "x", "1.5", "", "²"])
def test_an_impossible_wait_is_named(callers: dict[str, Caller], wait: str) -> None:
    answer: Any = callers["INTERPOL"].client.get("/api/v1/events/", {"wait": wait})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["wait"])


def test_the_history_of_one_request_holds_what_became_readable_later(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    handle = world.asked_interpol.handle
    of_request = f"events/?request={handle}"
    assert {who: kinds(callers[who].get(of_request).json()) for who in ("INTERPOL", "WCO")} == {
        "INTERPOL": ["requests.submit", "referrals.sent"],
        "WCO": [],
    }
    nobody_has_it = callers["WCO"].get("events/?request=ICCWC-1999-0001")
    assert nobody_has_it.json() == callers["WCO"].get(of_request).json()
    recalled(world)
    of_wco = callers["WCO"].get(f"events/?request={world.asked_wco.handle}").json()
    assert kinds(of_wco) == ["referrals.sent", "referrals.recall"]


def test_the_toolkit_history_of_one_party(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    def of(code: str) -> dict[str, list[str]]:
        path = f"events/?party={code}"
        return {who: kinds(callers[who].get(path).json()) for who in ("INTERPOL", "WCO")}

    observed = ["toolkit.table_loaded", "toolkit.observed"]
    assert of("GAB") == {"INTERPOL": observed, "WCO": observed}
    assert of("KEN") == {"INTERPOL": ["toolkit.opened"], "WCO": []}
    make.publish(world.private, by=world.focal_point)
    public = ["toolkit.opened", "toolkit.publish"]
    assert of("KEN") == {"INTERPOL": public, "WCO": public}


@pytest.mark.parametrize("parameters", [{"party": "XXX"}, {"party": "KEN", "request": "X"}])
def test_an_impossible_matter_is_named(
    callers: dict[str, Caller], parameters: dict[str, str]
) -> None:
    answer: Any = callers["INTERPOL"].client.get("/api/v1/events/", parameters)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["party"])


def test_a_page_of_the_feed_takes_the_same_queries_at_ten_events_as_at_hundred(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    for number in range(50):
        perform("advise", world.asked_interpol, by=world.officer, data={"advice": str(number)})
    assert Event.objects.count() > 60
    caller, counts = callers["Secretariat"], []
    caller.get("events/")
    for size in (10, 60):
        with CaptureQueriesContext(connection) as queries:
            assert len(caller.get(f"events/?page_size={size}").json()["results"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_fields_ask_for_less_of_each_event(callers: dict[str, Caller]) -> None:
    body = callers["INTERPOL"].get("events/?fields=id,kind&page_size=1").json()
    assert [sorted(event) for event in body["results"]] == [["id", "kind"]]
    refused: Any = callers["INTERPOL"].get("events/?fields=id,secret")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["fields"])
    assert "changes" in refused.json()["errors"]["fields"][0]
