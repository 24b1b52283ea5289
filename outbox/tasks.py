"""The Celery side of the outbox: thin, and safe to run twice."""

import time
from datetime import timedelta

from celery import shared_task

from outbox import delivery
from outbox.models import Message, beat

SWEEP_EVERY = timedelta(seconds=10)
_AT_ONCE = 1000


@shared_task
def deliver(*message_ids: int) -> None:
    """What fails, or is not reached in the time of a task, is the sweep's."""
    for message_id in message_ids:
        delivery.deliver(message_id)


@shared_task
def sweep() -> int:
    """Deliver whatever is ready and was not delivered when it was written; how many.

    Works through the rows itself rather than queueing them again: a slow queue stays as long
    as it is. Stops in time for the next sweep.
    """
    started, sent = time.monotonic(), 0
    ready = Message.objects.ready().order_by("next_try_at", "pk").values_list("pk", flat=True)
    for message_id in ready[:_AT_ONCE]:
        sent += delivery.deliver(message_id)
        if time.monotonic() - started > SWEEP_EVERY.total_seconds() * 0.8:
            break
    beat("sweep", SWEEP_EVERY)
    return sent
