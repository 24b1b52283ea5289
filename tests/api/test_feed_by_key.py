"""What a key reads in the feed, whose query is written once, is what the rule gives."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from history.models import Event
from partners.models import Scope
from tests import make
from tests.api.conftest import with_key
from toolkit import feed
from toolkit.feed_kinds import chosen_by
from workflow.executor import perform
from workflow.parameters import LARGEST_ID

EVENTS, REQUESTS, TOOLKIT = Scope.EVENTS_READ, Scope.REQUESTS_READ, Scope.TOOLKIT_READ


@pytest.mark.parametrize("kinds", [[], ["referrals.*"], ["requests.submit", "toolkit.*"]])
@pytest.mark.parametrize(
    "scopes",
    [[EVENTS], [EVENTS, REQUESTS], [EVENTS, TOOLKIT], [EVENTS, REQUESTS, TOOLKIT], []],
)
def test_every_key_reads_what_the_rule_gives_whoever_asked_before(
    world: SimpleNamespace, scopes: list[str], kinds: list[str]
) -> None:
    asked = "".join(f"&kind={kind}" for kind in kinds)
    middle = Event.objects.order_by("pk").values_list("pk", flat=True)[Event.objects.count() // 2]
    sights = []
    for agency in (world.interpol, world.wco, world.interpol):
        key, token = make.api_key(agency, [*scopes])
        mine = feed.visible_to(key).filter(chosen_by(kinds)).order_by("pk")
        sights.append(list(mine.values_list("pk", flat=True)))
        for after in (0, middle):
            got: Any = with_key(token).get(f"events/?after={after}&page_size=100{asked}").json()
            ids = [row["id"] for row in got["results"]]
            assert ids == [pk for pk in sights[-1] if pk > after]
    if REQUESTS in scopes and "requests.submit" not in kinds:
        assert sights[0] != sights[1]
    assert sights[0] == sights[2]


def test_what_a_key_reads_ends_with_its_sight(world: SimpleNamespace) -> None:
    key = with_key(make.api_key(world.interpol, [EVENTS, REQUESTS])[1])
    before = key.rows("events/", "kind")
    perform("recall", world.referral, by=world.officer, data={"reason": "Sent by mistake."})

    after = key.rows("events/", "kind")

    assert "requests.submit" in before
    assert "requests.submit" not in after
    assert after[-1] == "referrals.recall"


def test_the_greatest_id_of_all_is_no_fault(world: SimpleNamespace) -> None:
    token = make.api_key(world.interpol)[1]
    answer = with_key(token).get(f"events/?after={LARGEST_ID}")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["after"]


def test_nothing_new_costs_few_queries(world: SimpleNamespace) -> None:
    caller, last = with_key(make.api_key(world.interpol)[1]), feed.newest()
    caller.get(f"events/?after={last}")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert caller.get(f"events/?after={last}").json()["results"] == []
    assert len(asked) <= 4
