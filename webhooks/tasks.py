"""The Celery side of webhooks: thin, and safe to run twice or at the same time."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from webhooks import delivering, forgetting, pausing, waking
from webhooks.models import Webhook, WebhookState

SWEEP_EVERY = timedelta(seconds=10)
# Then other tasks of the worker have their turn; what is left asks for another round.
A_ROUND = 4  # seconds


@shared_task
def deliver() -> int:
    """A round of deliveries, woken by a commit; how many were made."""
    waking.begun()
    return _a_round()


@shared_task
def sweep() -> int:
    """The same by the clock: whatever no wake-up came for, and what has waited for its next try."""
    pausing.follow_keys()
    made = _a_round()
    if not Webhook.objects.filter(state=WebhookState.ACTIVE).exists():
        waking.nobody_listens()
    beat("webhooks", SWEEP_EVERY)
    return made


def _a_round() -> int:
    made = delivering.work(A_ROUND)
    if delivering.something_waits():
        waking.wake()
    return made


@shared_task
def forget() -> int:
    """Daily: forget what was delivered long ago; how many rows."""
    forgotten = forgetting.forget()
    beat("webhooks-forgotten", timedelta(days=1))
    return forgotten
