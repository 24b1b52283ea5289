"""What a test does inside an installation of its own: python -m tests.servers.acts NAME ..."""

import json
import sys
from collections import Counter
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from outbox.models import Heartbeat, Message  # noqa: E402
from outbox.post import Letter, owe  # noqa: E402
from outbox.tasks import sweep  # noqa: E402


def owe_letters(number: str) -> list[str]:
    """Owe so many people a letter, in one transaction; the Message-IDs."""
    letters = [
        Letter(f"user:{n}", f"person{n}@example.org", "en", f"Letter {n}", "Good morning.")
        for n in range(int(number))
    ]
    with transaction.atomic():
        return [message.message_id for message in owe(None, letters)]


def states() -> dict[str, int]:
    return dict(Counter(Message.objects.values_list("state", flat=True)))


def leased() -> list[str]:
    return list(Message.objects.filter(state="leased").values_list("message_id", flat=True))


def make_all_due() -> int:
    """Move the waiting on, instead of waiting."""
    return Message.objects.filter(state="failed").update(next_try_at=timezone.now())


def sweep_once() -> int:
    return sweep()


def deliver_all() -> int:
    """Sweep until nothing is ready any more; how many this process sent."""
    sent = 0
    while Message.objects.ready().exists():
        sent += sweep()
    return sent


def heartbeats() -> list[str]:
    return list(Heartbeat.objects.values_list("name", flat=True))


_KNOWN = (owe_letters, states, leased, make_all_due, sweep_once, deliver_all, heartbeats)
ACTS: dict[str, Any] = {act.__name__: act for act in _KNOWN}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - read by the test
