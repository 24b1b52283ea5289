"""What a test of webhooks does inside an installation: each act in a process of its own.

Loading the portal takes a second, and a test of what survives needs many processes. This one loads
it once and forks for each act: a line `[times, name, arguments]` on its input starts so many
processes at the same time; a line of its output has, for each, how it ended and what it gave.
"""

import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from history.log import SYSTEM, record  # noqa: E402
from partners.models import ApiKey  # noqa: E402
from requests_app.models import Referral  # noqa: E402
from tests import make  # noqa: E402
from webhooks import delivering, subscribing, tasks, testing  # noqa: E402
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


def send_test(key: str, most: str) -> str:
    """What a test of the key's webhook comes to, when there may be so many."""
    testing.MOST = int(most)
    made_with = ApiKey.objects.get(pk=key)
    try:
        return testing.send_test(made_with.webhooks.get(), by=made_with).code
    except testing.TooManyTests:
        return "too many"


def _die(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_after(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*args: Any) -> None:
        act(*args)
        _die()

    return done


def die_at(point: str) -> None:
    """A round of deliveries whose process is killed at that point."""
    match point:
        case "woken":
            delivering.claim = _die  # type: ignore[assignment]
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
        case "noted":
            delivering._note = _die_after(delivering._note)
    tasks.sweep()


_KNOWN = (subscribe, record_events, states, end_leases, sweep, send_test, die_at)
ACTS: dict[str, Any] = {act.__name__: act for act in _KNOWN}


def _begin(name: str, arguments: list[str]) -> tuple[int, int]:
    """A process for the act; its id, and where what it gives can be read."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    status = 1
    try:
        os.write(writing, json.dumps(ACTS[name](*arguments)).encode())
        status = 0
    except BaseException:  # noqa: BLE001 - said, and never back into the loop of the parent
        traceback.print_exc()
    os._exit(status)


def _end(pid: int, reading: int) -> tuple[int, Any]:
    with os.fdopen(reading) as given:
        said = given.read()
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said or "null")


if __name__ == "__main__":
    for line in sys.stdin:
        times, act, words = json.loads(line)
        begun = [_begin(act, words) for _each in range(times)]
        print(json.dumps([_end(*one) for one in begun]), flush=True)  # noqa: T201 - for the test
