from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from outbox.models import Heartbeat, Message, beat
from requests_app.models import Attachment, Scan
from requests_app.scanning import HEARTBEAT
from tests import make

pytestmark = pytest.mark.django_db

PARTS = ("database", "broker", "worker", "beat", "outbox", "attachments")
WELL = dict.fromkeys(PARTS, "ok")


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


def test_not_ready_when_the_virus_scanner_stopped_answering(client: Client, settings: Any) -> None:
    everything_beats()
    settings.CLAMAV_URL = "tcp://127.0.0.1:3310"
    never = client.get("/readyz").json()["checks"]
    beat(HEARTBEAT, timedelta(minutes=1))
    lately = client.get("/readyz").json()["checks"]
    Heartbeat.objects.filter(name=HEARTBEAT).update(seen_at=timezone.now() - timedelta(minutes=5))
    late = client.get("/readyz").json()["checks"]
    assert (never, lately, late) == (
        {**WELL, "attachments": "not seen yet"},
        WELL,
        {**WELL, "attachments": "late"},
    )


def test_not_ready_when_a_file_waits_for_the_virus_scanner_in_vain(client: Client) -> None:
    everything_beats()
    make.draft()
    Attachment.objects.update(scan=Scan.WAITING)
    lately = client.get("/readyz").json()["checks"]
    Attachment.objects.update(added_at=timezone.now() - timedelta(minutes=11))
    long_since = client.get("/readyz").json()["checks"]
    waits = "1 files wait for the virus scanner"
    assert (lately, long_since) == (WELL, {**WELL, "attachments": waits})
