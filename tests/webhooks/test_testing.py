"""A test delivery: sent at once, by whoever may, so often and no more; nobody else waits for it."""

import socket
import threading
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connections

from tests import make
from tests.api.conftest import signed_in
from tests.webhooks.conftest import secret_of
from tests.webhooks.receiver import Receiver, answers
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db

ANY = {"if-match": "*"}


def test_a_test_is_sent_at_once_and_says_how_it_went(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    path = f"webhooks/{webhook.pk}/actions/send_test/"
    well = interpol.caller.post(path, {}, headers=ANY)
    assert well.json()["test"] == {"delivered": True, "error": ""}
    assert receiver.messages() == [
        {
            "type": "webhook.test",
            "timestamp": receiver.messages()[0]["timestamp"],
            "data": {"event": None, "subject": None},
        }
    ]
    assert receiver.all_signed_with(secret_of(webhook))
    receiver.behave = answers(500)
    ill = interpol.caller.post(path, {}, headers=ANY)
    assert ill.status_code == 200
    assert ill.json()["test"]["delivered"] is False
    assert "500" in ill.json()["test"]["error"]
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.state) == (0, "active")


@pytest.mark.django_db(transaction=True)
def test_while_a_test_is_under_way_another_of_the_same_webhook_is_told_to_wait(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    path = f"webhooks/{webhook.pk}/actions/send_test/"
    arrived, go_on, first = threading.Event(), threading.Event(), []

    def holds(handler: Any) -> None:
        arrived.set()
        go_on.wait(8)
        answers(204)(handler)

    def call() -> None:
        first.append(interpol.caller.post(path, {}).status_code)
        connections.close_all()

    receiver.behave = holds
    waiting = threading.Thread(target=call)
    waiting.start()
    assert arrived.wait(8)
    refused = interpol.caller.post(path, {})
    go_on.set()
    waiting.join()
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert int(refused["Retry-After"]) > 0
    receiver.behave = answers(204)
    assert [*first, interpol.caller.post(path, {}).status_code] == [200, 200]


def test_a_caller_sends_ten_tests_a_minute_and_repetitions_and_refused_calls_are_not_counted(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    path = f"webhooks/{webhook.pk}/actions/send_test/"
    repeated = {"idempotency-key": "one"} | ANY
    with time_machine.travel("2026-03-02T09:00:20Z", tick=False) as clock:
        unread = [interpol.caller.post(path, {}, headers={}).status_code for _each in range(6)]
        unfit = [interpol.caller.post(path, {"no": "field"}).status_code for _each in range(6)]
        first, *again = (interpol.caller.post(path, {}, headers=repeated) for _each in range(12))
        others = [interpol.caller.post(path, {}).status_code for _each in range(9)]
        over = interpol.caller.post(path, {})
        officer = signed_in(make.agency_officer(interpol.agency)).post(path, {})
        after_all = interpol.caller.post(path, {}, headers=repeated)
        clock.shift(40)
        later = interpol.caller.post(path, {})
    assert (unread, unfit) == ([428] * 6, [400] * 6)
    assert {one.content for one in again} == {first.content} == {after_all.content}
    assert {one["Idempotent-Replayed"] for one in again} == {"true"}
    assert others == [200] * 9
    assert (over.status_code, over.json()["code"], over["Retry-After"]) == (429, "throttled", "40")
    assert over.json()["detail"] == "More than 10 tests in 60 seconds. Go on in 40."
    assert [officer.status_code, later.status_code] == [200, 200]
    assert receiver.kinds() == ["webhook.test"] * 12


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_receiver_or_a_resolver_with_a_transaction_open(
    webhook: Webhook,
    interpol: SimpleNamespace,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asks = connections["default"]
    open_then: dict[str, list[bool]] = {"receiver": [], "resolver": []}

    def answer(handler: Any) -> None:
        open_then["receiver"].append(asks.in_atomic_block)
        answers(204)(handler)

    def resolve(*args: Any, **kwargs: Any) -> Any:
        open_then["resolver"].append(asks.in_atomic_block)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]

    receiver.behave = answer
    own = f"webhooks/{webhook.pk}/actions"
    again = {"idempotency-key": "the same", **ANY}
    first = interpol.caller.post(f"{own}/send_test/", {}, headers=again)
    repeated = interpol.caller.post(f"{own}/send_test/", {}, headers=again)
    assert first.json() == repeated.json()
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    body = {"label": "New", "url": "https://receiver.example.org/"}
    for path in (f"{own}/change/", "webhooks/"):
        done = interpol.caller.post(path, body, headers={"idempotency-key": path, **ANY})
        assert done.status_code in (200, 201), done.content
    assert open_then == {"receiver": [False], "resolver": [False, False]}
