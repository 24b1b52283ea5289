"""What a test of webhooks does inside an installation: python -m tests.servers.webhook_acts NAME"""

import json
import os
import signal
import sys
from collections import Counter
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from history.log import SYSTEM, record  # noqa: E402
from requests_app.models import Referral  # noqa: E402
from tests import make  # noqa: E402
from webhooks import delivering, subscribing, tasks  # noqa: E402
from webhooks.couriers import Couriers  # noqa: E402
from webhooks.models import Delivery, Webhook  # noqa: E402


def subscribe(*urls: str) -> int:
    """A referral to INTERPOL, and a webhook of its key for each address, told from now on."""
    make.referral()
    key, _token = make.api_key()
    for number, url in enumerate(urls):
        subscribing.make(by=key, label=f"No. {number}", url=url, kinds=["referrals.accept"])
    return key.pk


def record_events(number: str) -> list[int]:
    """So many events, each in a transaction of its own; their ids."""
    referral, ids = Referral.objects.get(), []
    for _each in range(int(number)):
        with transaction.atomic():
            locked = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
            ids.append(record(locked, "referrals.accept", by=SYSTEM, changes={}).pk)
    return ids


def states() -> dict[str, int]:
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def end_leases() -> int:
    """Move the clock of leases on, instead of waiting."""
    return Webhook.objects.update(lease_until=timezone.now(), next_try_at=timezone.now())


def sweep() -> int:
    return tasks.sweep()


def _die(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point: str) -> None:
    """A round of deliveries whose process is killed at that point."""
    match point:
        case "claimed":
            delivering._lane_of = _die  # type: ignore[assignment]
        case "told":
            delivering._owed_now = _die  # type: ignore[assignment]
        case "about to send":
            Couriers.send = _die  # type: ignore[method-assign]
        case "sent":
            delivering._note = _die  # type: ignore[assignment]
        case "half noted":
            delivering._note_webhook = _die  # type: ignore[assignment]
    tasks.sweep()


_KNOWN = (subscribe, record_events, states, end_leases, sweep, die_at)
ACTS: dict[str, Any] = {act.__name__: act for act in _KNOWN}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - read by the test
