"""Receivers that are away, hang, refuse or flood: nothing is lost, and nobody else waits."""

import socket
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Message
from tests import make
from tests.webhooks.conftest import deliver, other_agency, subscribe
from tests.webhooks.receiver import (
    Receiver,
    answers,
    drips,
    hangs,
    returns_a_gigabyte,
)
from webhooks import couriers, delivering
from webhooks.models import Delivery, Webhook
from workflow.executor import perform
from workflow.sealing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for a request instead of ten: the same deadline, sooner."""
    monkeypatch.setattr(couriers, "DEADLINE", 1)


def _try_again(webhook: Webhook) -> None:
    """Move the waiting on, instead of waiting."""
    now = timezone.now()
    Webhook.objects.filter(pk=webhook.pk).update(next_try_at=now)
    Delivery.objects.filter(webhook=webhook, state="failed").update(next_try_at=now)


def test_a_receiver_that_was_down_for_an_hour_gets_everything_once(
    interpol: SimpleNamespace,
) -> None:
    down = Receiver()
    webhook = subscribe(interpol.key, down.url)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        make.referral(state="accepted")
        for _each in range(12):
            deliver()
            clock.shift(timedelta(minutes=5))
        webhook.refresh_from_db()
        assert webhook.state == "active"
        assert 4 <= webhook.failures <= 9, "tried again and again, ever more seldom"
        tries = Delivery.objects.filter(webhook=webhook).values_list("attempts", flat=True)
        assert sum(tries) == webhook.failures, "one event is tried at a time, not all that wait"
        with Receiver(port=down.port) as back:
            clock.shift(timedelta(hours=1))
            deliver()
            owed = Delivery.objects.filter(webhook=webhook)
            assert set(back.counts()) == {one.message_id for one in owed}
            assert set(back.counts().values()) == {1}
        webhook.refresh_from_db()
        assert (webhook.failures, webhook.failing_since, webhook.last_error) == (0, None, "")


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (answers(500), "status 500"),
        (answers(404), "status 404"),
        (answers(301, location="http://127.0.0.1:1/secret"), "redirect 301"),
        (answers(307, location="http://169.254.169.254/"), "redirect 307"),
        (hangs, "timeout 1"),
        (drips, "timeout 1"),
        (lambda handler: handler.wfile.write(b"no http at all\r\n\r\n"), "protocol"),
        (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), "protocol"),
    ],
    ids=["500", "404", "301", "307", "hangs", "drips", "no http", "closes"],
)
def test_only_2xx_within_the_deadline_is_a_delivery_and_nobody_else_waits(
    interpol: SimpleNamespace, impatient: None, behave: Any, error: str
) -> None:
    agency, key, _caller = other_agency()
    with Receiver(behave) as bad, Receiver() as good:
        failing = subscribe(interpol.key, bad.url)
        subscribe(interpol.key, good.url, label="Archive")
        other = subscribe(key, good.url)
        make.request_in("referred", agencies=("INTERPOL", "WCO"))
        started = time.monotonic()
        made = deliver()
        took = time.monotonic() - started

        failing.refresh_from_db()
        assert (failing.last_error, failing.failures) == (error, 1)
        assert len(bad.got) == 1
        assert made == len(good.got) == len(good.counts()) > 2
        assert not Delivery.objects.filter(webhook=other).exclude(state="sent").exists()
        assert took < 3

        bad.behave = answers(204)
        _try_again(failing)
        deliver()
        owed = Delivery.objects.filter(webhook=failing)
        assert set(owed.values_list("state", flat=True)) == {"sent"}
        assert set(bad.counts()) == {one.message_id for one in owed}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_loopback_reaches_nothing_there(
    interpol: SimpleNamespace, status: int
) -> None:
    with Receiver() as inside, Receiver(answers(status, location=inside.url)) as outside:
        webhook = subscribe(interpol.key, outside.url)
        make.request_in("referred")
        assert deliver() == 0
        webhook.refresh_from_db()
        assert (webhook.last_error, inside.got, len(outside.got)) == (f"redirect {status}", [], 1)


def test_while_one_hangs_at_the_end_of_a_round_the_others_are_told_on(
    interpol: SimpleNamespace, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "AT_ONCE", 1)
    with Receiver(hangs) as bad, Receiver() as good:
        subscribe(interpol.key, bad.url)
        subscribe(interpol.key, good.url, label="Archive")
        make.referral(state="accepted")
        made = delivering.work(0.05)
        assert len(bad.got) == 1
        assert made == len(good.counts()) == Delivery.objects.count() / 2 > 1


def test_of_a_gigabyte_only_the_beginning_is_read(interpol: SimpleNamespace) -> None:
    with Receiver(returns_a_gigabyte) as flood:
        subscribe(interpol.key, flood.url)
        make.request_in("referred")
        made = deliver()
        assert made == len(flood.counts()) > 0
    assert flood.bytes_sent < 64 * 2**20


def test_an_event_that_its_receiver_never_takes_does_not_hold_up_the_others(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    make.referral(state="accepted")
    deliver()
    poison = Delivery.objects.filter(webhook=webhook).earliest("pk")
    Delivery.objects.filter(webhook=webhook).update(state="due", attempts=0)

    def refuses_one(handler: Any) -> None:
        bad = handler.headers["webhook-id"] == poison.message_id
        answers(500 if bad else 204)(handler)

    receiver.behave = refuses_one
    deliver()
    Webhook.objects.update(next_try_at=timezone.now())
    deliver()

    states = dict(Delivery.objects.filter(webhook=webhook).values_list("pk", "state"))
    assert states.pop(poison.pk) == "failed"
    assert set(states.values()) == {"sent"}
    webhook.refresh_from_db()
    assert webhook.failures == 0


def test_what_nobody_takes_for_three_days_is_paused_and_the_agency_written_to(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    receiver.behave = answers(503)
    officer = make.agency_officer(interpol.agency, language="fr")
    make.focal_point()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        webhook = subscribe(interpol.key, receiver.url)
        make.request_in("referred")
        Message.objects.all().delete()
        for _each in range(80):
            deliver()
            clock.shift(timedelta(hours=1))
        webhook.refresh_from_db()
        assert (webhook.state, webhook.paused_why) == ("paused", "failing")
        letter = Message.objects.get()
        assert (letter.recipient, letter.language) == (f"user:{officer.pk}", "fr")
        assert "Case system" in letter.text
        assert "503" in letter.text
        assert "/hook" not in letter.text, "an address may hold a secret"
        assert not Delivery.objects.filter(state="dead").exists()

        receiver.behave = answers(204)
        receiver.got.clear()
        key = interpol.key
        key.refresh_from_db()
        perform("resume", webhook, by=key)
        deliver()
        assert set(receiver.counts()) == {
            one.message_id for one in Delivery.objects.filter(webhook=webhook)
        }


def test_a_receiver_that_says_it_is_gone_is_asked_no_more(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    receiver.behave = answers(410)
    webhook = subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    deliver()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.paused_why) == ("paused", "gone")
    assert len(receiver.got) == 1


def test_a_receiver_that_asks_for_time_gets_it(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    receiver.behave = answers(429, retry_after="1800")
    webhook = subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    deliver()
    webhook.refresh_from_db()
    assert webhook.next_try_at > timezone.now() + timedelta(minutes=29)


def test_a_secret_that_cannot_be_read_any_more_is_said_and_stops_nobody(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    broken = subscribe(interpol.key, receiver.url)
    Webhook.objects.filter(pk=broken.pk).update(secret="sealed under another pepper")
    subscribe(interpol.key, receiver.url, label="Archive")
    make.request_in("referred")
    assert deliver() > 0
    broken.refresh_from_db()
    assert (broken.last_error, broken.failures) == ("secret", 1)


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"secret": seal("whsec_!!!notbase64")}, "secret"),
        ({"secret": seal("")}, "secret"),
        ({"url": "http://127.0.0.1:port/"}, "unreachable"),
    ],
)
def test_what_cannot_be_signed_or_called_is_noted_and_waits_like_any_failure(
    interpol: SimpleNamespace, receiver: Receiver, broken: dict[str, str], error: str
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    Webhook.objects.filter(pk=webhook.pk).update(**broken)
    make.request_in("referred")
    assert deliver() == 0
    webhook.refresh_from_db()
    assert (webhook.last_error, webhook.failures) == (error, 1)
    assert webhook.next_try_at > timezone.now()


def test_a_lease_of_a_worker_that_died_runs_out(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    assert [one.pk for one in delivering.claim()] == [webhook.pk]
    assert deliver() == 0, "somebody else has it"
    with time_machine.travel(timezone.now() + delivering.LEASE + timedelta(seconds=1)):
        assert deliver() > 0
