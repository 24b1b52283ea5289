"""One test delivery, at once, while somebody waits for how it goes."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, Throttled

from partners.counting import count, left_of
from webhooks import payload, waking
from webhooks.couriers import DEADLINE, Couriers, Lane, Parcel
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.outcomes import Outcome
from workflow.sealing import Unreadable

MOST_AT_ONCE = 2  # of a process: each holds a thread of the server for as long as the deadline
MOST, A_WHILE = 10, 60  # of a key or an officer, in so many seconds, whichever process they reach

_lock = threading.Lock()
_under_way: set[int] = set()


class TooManyTests(Throttled):
    """Of this webhook, of all that are under way, or of this caller; says how long to wait."""

    def __init__(self, sentence: str, wait: int) -> None:
        APIException.__init__(self, sentence, self.default_code)
        self.wait = wait


@contextmanager
def _a_place_for(webhook: Webhook) -> Iterator[None]:
    """A test holds a thread; without an end to their number they would hold all of them."""
    with _lock:
        if webhook.pk in _under_way or len(_under_way) >= MOST_AT_ONCE:
            sentence = _("A test is under way. Wait %(wait)d s, then send another.")
            raise TooManyTests(sentence % {"wait": DEADLINE}, DEADLINE)
        _under_way.add(webhook.pk)
    try:
        yield
    finally:
        with _lock:
            _under_way.discard(webhook.pk)


def _count_for(caller: Any) -> None:
    """Whoever may send tests could otherwise have the portal call somebody else all day long."""
    who = f"{caller._meta.model_name}:{caller.pk}"
    if count(f"webhook-tests:{who}", within=A_WHILE) > MOST:
        said = {"number": MOST, "seconds": A_WHILE, "wait": left_of(A_WHILE)}
        sentence = _("More than %(number)d tests in %(seconds)d seconds. Go on in %(wait)d.")
        raise TooManyTests(sentence % said, said["wait"])


def send_test(webhook: Webhook, *, by: Any) -> Outcome:
    """Send a `webhook.test` to the receiver; how it went. Once, whatever comes of it. Not to be
    called in a transaction: it may take as long as the deadline of a delivery. Raises TooManyTests
    while one of the same webhook, or too many others, are under way in this process, and when a
    key or officer has sent many of late, in all processes together."""
    with _a_place_for(webhook):
        _count_for(by)
        return _sent(webhook)


def _sent(webhook: Webhook) -> Outcome:
    try:
        secrets = webhook.secrets()
    except Unreadable:
        return Outcome("secret")
    message_id = f"msg_{webhook.pk}_test_{uuid.uuid4().hex}"
    parcel = Parcel(0, message_id, payload.test_body(timezone.now()))
    with Couriers() as couriers:
        couriers.send(Lane(webhook.pk, webhook.url, secrets, [parcel]))
        for lane in couriers.finished(DEADLINE + 1):
            return lane.outcomes[parcel.key]
    return Outcome("timeout", str(DEADLINE))


def is_back(webhook: Webhook) -> None:
    """The receiver took a test: what waits for it goes at once, however long it had failed."""
    now = timezone.now()
    failed = Delivery.objects.filter(webhook=webhook, state=DeliveryState.FAILED)
    failed.update(state=DeliveryState.DUE, next_try_at=now)
    row = Webhook.objects.filter(pk=webhook.pk)
    row.update(failures=0, failing_since=None, last_error="", next_try_at=now)
    transaction.on_commit(waking.wake_aside, robust=True)
