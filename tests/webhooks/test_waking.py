"""A commit wakes a worker: once, however much is recorded, and at no cost when it fails."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from outbox import aside
from tests import make
from tests.webhooks.conftest import subscribe
from tests.webhooks.receiver import Receiver
from webhooks import tasks, waking
from webhooks.models import Delivery, Webhook
from workflow.executor import perform

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each task that was put into the queue."""
    entries: list[int] = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda: entries.append(1))
    return entries


def test_one_transaction_wakes_once_and_a_second_not_before_the_first_has_begun(
    woken: list[int],
) -> None:
    with transaction.atomic():
        make.request_in("referred")
    aside.finish()
    assert len(woken) == 1
    make.request_in("referred", of=make.party("VNM"))
    aside.finish()
    assert len(woken) == 1, "who was woken will see these events too"
    waking.begun()
    make.request_in("referred", of=make.party("PER"))
    aside.finish()
    assert len(woken) == 2


def test_what_was_undone_wakes_nobody(woken: list[int]) -> None:
    with transaction.atomic():
        make.request_in("referred")
        transaction.set_rollback(True)
    aside.finish()
    assert woken == []


def test_without_cache_or_broker_the_sweep_delivers(
    monkeypatch: pytest.MonkeyPatch,
    interpol: SimpleNamespace,
    receiver: Receiver,
) -> None:
    subscribe(interpol.key, receiver.url)

    def broken(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", broken)
    make.request_in("referred")
    assert receiver.got == []
    assert tasks.sweep() == len(receiver.got) > 0


def test_while_nobody_listens_nobody_is_woken_and_the_first_webhook_ends_that(
    woken: list[int],
    interpol: SimpleNamespace,
    receiver: Receiver,
) -> None:
    tasks.sweep()
    make.request_in("referred")
    aside.finish()
    assert woken == []
    subscribe(interpol.key, receiver.url)
    make.request_in("referred", of=make.party("VNM"))
    aside.finish()
    assert len(woken) >= 1


def test_what_was_recorded_while_the_only_webhook_was_paused_goes_when_it_is_resumed(
    woken: list[int], interpol: SimpleNamespace, receiver: Receiver
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    perform("pause", webhook, by=interpol.key)
    make.request_in("referred")
    tasks.sweep()
    aside.finish()
    woken.clear()
    perform("resume", webhook, by=interpol.key)
    aside.finish()
    assert len(woken) == 1
    assert tasks.deliver() == len(receiver.got) > 0


def test_what_a_round_has_no_time_for_asks_for_another(
    woken: list[int], interpol: SimpleNamespace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    aside.finish()
    woken.clear()
    monkeypatch.setattr(tasks, "A_ROUND", 0)
    assert tasks.deliver() == 0
    aside.finish()
    assert len(woken) == 1
    monkeypatch.undo()
    assert tasks.deliver() == len(receiver.got) > 0


def test_deliveries_are_forgotten_after_a_month_and_what_is_owed_never(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    tasks.deliver()
    delivered = Delivery.objects.count()
    make.referral(state="accepted")
    Webhook.objects.update(next_try_at=timezone.now() + timedelta(days=60))
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(state="failed")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert tasks.forget() == delivered - 1
    assert Delivery.objects.get(webhook=webhook).state == "failed"
