from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from outbox.models import Heartbeat, Message, beat

pytestmark = pytest.mark.django_db

WELL = {"database": "ok", "broker": "ok", "worker": "ok", "beat": "ok", "outbox": "ok"}


def everything_beats() -> None:
    for name in ("sweep", "beat"):
        beat(name, timedelta(seconds=10))


def test_alive_says_ok(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


def test_ready_when_every_part_was_lately_at_work(client: Client) -> None:
    everything_beats()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": WELL})


def test_not_ready_while_no_worker_was_seen(client: Client) -> None:
    beat("beat", timedelta(seconds=10))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {**WELL, "worker": "not seen yet"}


def test_not_ready_when_beat_has_stopped(client: Client) -> None:
    everything_beats()
    Heartbeat.objects.filter(name="beat").update(seen_at=timezone.now() - timedelta(minutes=5))

    assert client.get("/readyz").json()["checks"] == {**WELL, "beat": "late"}


def test_not_ready_when_messages_are_passed_over(client: Client) -> None:
    everything_beats()
    now = timezone.now()
    for number, age in enumerate([0, 4, 6]):
        Message.objects.create(
            channel="email",
            recipient=f"user:{number}",
            address="somebody@example.org",
            language="en",
            subject="Subject",
            text="Text",
            next_try_at=now - timedelta(minutes=age),
        )

    assert client.get("/readyz").json()["checks"] == {**WELL, "outbox": "1 messages overdue"}
