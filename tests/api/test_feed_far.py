"""The feed of somebody who sees little among much: the same events, found another way."""

from types import SimpleNamespace

import pytest

from tests import make
from tests.api.conftest import Caller, recalled
from toolkit import feed

pytestmark = pytest.mark.django_db


def read(caller: Caller) -> tuple[list[int], int]:
    """The ids of all pages of two, and where the feed says that it ends; nothing for whoever may
    not read it."""
    ids, after = [], 0
    while True:
        page = caller.client.get("/api/v1/events/", {"after": after, "page_size": 2}).json()
        if page.get("status") in {401, 403}:
            return [0], 0
        ids += [event["id"] for event in page["results"]]
        after = page["after"]
        if page["next"] is None:
            return ids, caller.client.get("/api/v1/events/", {"after": "latest"}).json()["after"]


@pytest.mark.parametrize("little", [0, 1_000])
def test_whoever_reads_one_event_in_many_reads_what_the_rule_says_and_in_its_order(
    world: SimpleNamespace,
    callers: dict[str, Caller],
    monkeypatch: pytest.MonkeyPatch,
    little: int,
) -> None:
    make.conversation(world.asked_interpol, agencies=("INTERPOL",))
    recalled(world)
    make.recommendation(make.implementation(make.party("GAB"), make.agency("WCO")), "accepted")
    as_usual = {name: read(caller) for name, caller in callers.items()}
    # Every second event is far from the one before.
    monkeypatch.setattr(feed, "_STRETCH", 1)
    monkeypatch.setattr(feed, "_LITTLE", little)

    assert {name: read(caller) for name, caller in callers.items()} == as_usual
    assert len({len(ids) for ids, _end in as_usual.values()}) > 3
    assert all(end == ids[-1] for ids, end in as_usual.values())
