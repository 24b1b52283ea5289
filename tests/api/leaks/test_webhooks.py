"""What a webhook is sent: about rows that its subscriber reads, and no word of any row."""

from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from partners.models import Scope
from tests import make
from tests.api.leaks import world as things
from tests.api.leaks.world import MARKS
from tests.webhooks.receiver import Receiver, answers
from webhooks import delivering, subscribing
from webhooks.models import Delivery, Webhook
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MANAGE, REQUESTS, TOOLKIT = Scope.WEBHOOKS_MANAGE, Scope.REQUESTS_READ, Scope.TOOLKIT_READ
ALL = (MANAGE, REQUESTS, TOOLKIT)

Told = set[tuple[str, str | None, str | None]]


@pytest.fixture
def receivers(world: SimpleNamespace) -> Iterator[dict[str, Receiver]]:
    """One for each subscriber, who is told of all that happens from now on."""
    made_by: dict[str, Any] = {
        f"{agency.code} {name}": make.api_key(agency, scopes)[0]
        for agency in (world.interpol, world.wco)
        for name, scopes in {
            "all": [*ALL],
            "requests": [MANAGE, REQUESTS],
            "toolkit": [MANAGE, TOOLKIT],
            "nothing": [MANAGE],
        }.items()
    }
    for agency in (world.interpol, world.wco):
        made_by[f"officer of {agency.code}"] = make.agency_officer(agency)
    with ExitStack() as listening:
        found = {name: listening.enter_context(Receiver()) for name in made_by}
        for name, by in made_by.items():
            subscribing.make(by=by, label=name, url=found[name].url)
        yield found


def told(receiver: Receiver) -> Told:
    """What the messages name: kind of thing, request and Party."""
    subjects = [message["data"]["subject"] for message in receiver.messages()]
    return {(one["type"], one["request"], one["party"]) for one in subjects}


def of_wco(world: SimpleNamespace) -> dict[str, Told]:
    """What WCO may be told of that happened, under either scope."""
    own, shared = world.hidden.reference, world.shared.reference
    return {
        "requests": {
            ("request", own, "VNM"),
            ("referral", own, "VNM"),
            ("conversation", own, "VNM"),
            ("referral", shared, "KEN"),
        },
        "toolkit": {("implementation", None, "VNM"), ("recommendation", None, "VNM")},
    }


def test_each_subscriber_is_told_of_its_own_rows_under_its_scopes_and_of_no_other(
    world: SimpleNamespace, receivers: dict[str, Receiver]
) -> None:
    things.go_on(world)
    things.ask_a_second(world)
    things.ask_kenya(world)
    later = make.request_in("referred", of=make.party("GAB"))

    delivering.work(3)

    wco = of_wco(world)
    interpol = {("request", later.reference, "GAB"), ("referral", later.reference, "GAB")}
    assert {name: told(one) for name, one in receivers.items()} == {
        "INTERPOL all": interpol,
        "INTERPOL requests": interpol,
        "INTERPOL toolkit": set(),
        "INTERPOL nothing": set(),
        "officer of INTERPOL": interpol,
        "WCO all": wco["requests"] | wco["toolkit"],
        "WCO requests": wco["requests"],
        "WCO toolkit": wco["toolkit"],
        "WCO nothing": set(),
        "officer of WCO": wco["requests"] | wco["toolkit"],
    }


def test_no_message_holds_a_word_of_any_row(
    world: SimpleNamespace, receivers: dict[str, Receiver]
) -> None:
    """Not even of those that the subscriber reads: a receiver is no reader."""
    things.go_on(world)
    things.ask_a_second(world)
    delivering.work(3)
    sent = "".join(f"{headers} {body}" for one in receivers.values() for headers, body in one.got)
    assert "conversation" in sent
    assert [mark for mark in MARKS if mark in sent] == []


def test_what_waits_for_a_receiver_is_dropped_when_its_row_is_closed_meanwhile(
    world: SimpleNamespace, receivers: dict[str, Receiver]
) -> None:
    for one in receivers.values():
        one.behave = answers(503)
    things.go_on(world)
    things.ask_a_second(world)
    delivering.work(3)
    for referral in (world.hidden_referral, world.their_referral):
        perform("recall", referral, by=world.officer, data={"reason": "In error."})
    for one in receivers.values():
        one.behave = answers(204)
        one.got.clear()
    _move_the_clock_on()

    delivering.work(3)

    wco = of_wco(world)["toolkit"]
    # That it was asked, and is not any more.
    recalled = {
        ("referral", world.hidden.reference, "VNM"),
        ("referral", world.shared.reference, "KEN"),
    }
    assert {name: told(one) for name, one in receivers.items() if "WCO" in name} == {
        "WCO all": recalled | wco,
        "WCO requests": recalled,
        "WCO toolkit": wco,
        "WCO nothing": set(),
        "officer of WCO": recalled | wco,
    }


def _move_the_clock_on() -> None:
    """Instead of waiting for the next try."""
    Webhook.objects.update(next_try_at=timezone.now())
    Delivery.objects.update(next_try_at=timezone.now())
