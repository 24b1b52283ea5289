"""One test delivery, at once, while somebody waits for how it goes."""

import uuid

from django.db import transaction
from django.utils import timezone

from webhooks import payload, waking
from webhooks.couriers import DEADLINE, Couriers, Lane, Parcel
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.outcomes import Outcome
from workflow.sealing import Unreadable


def send_test(webhook: Webhook) -> Outcome:
    """Send a `webhook.test` to the receiver; how it went. Once, whatever comes of it. Not to be
    called in a transaction: it may take as long as the deadline of a delivery."""
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
