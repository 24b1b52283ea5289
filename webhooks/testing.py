"""One test delivery, at once, while somebody waits for how it goes."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, Throttled

from webhooks import payload, waking
from webhooks.couriers import DEADLINE, Couriers, Lane, Parcel
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.outcomes import Outcome
from workflow.sealing import Unreadable

MOST_AT_ONCE = 2  # of a process: each holds a thread of the server for as long as the deadline

_lock = threading.Lock()
_under_way: set[int] = set()


class TooManyTests(Throttled):
    """A test of this webhook, or as many others as there may be, is under way."""

    def __init__(self) -> None:
        sentence = _("A test is under way. Wait %(wait)d s, then send another.")
        APIException.__init__(self, sentence % {"wait": DEADLINE}, self.default_code)
        self.wait = DEADLINE


@contextmanager
def _a_place_for(webhook: Webhook) -> Iterator[None]:
    """A test holds a thread; without an end to their number they would hold all of them."""
    with _lock:
        if webhook.pk in _under_way or len(_under_way) >= MOST_AT_ONCE:
            raise TooManyTests
        _under_way.add(webhook.pk)
    try:
        yield
    finally:
        with _lock:
            _under_way.discard(webhook.pk)


def send_test(webhook: Webhook) -> Outcome:
    """Send a `webhook.test` to the receiver; how it went. Once, whatever comes of it. Not to be
    called in a transaction: it may take as long as the deadline of a delivery. Raises TooManyTests
    while one of the same webhook, or too many others, are under way in this process."""
    with _a_place_for(webhook):
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
    transaction.on_commit(waking.wake, robust=True)
