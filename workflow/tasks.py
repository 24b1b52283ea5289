"""What the clock does for answers that are kept: a thin task."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from workflow import once


@shared_task
def forget_answers() -> int:
    """Hourly: kept answers to calls with an Idempotency-Key, after a day; how many."""
    forgotten = once.forget_old()
    beat("kept-answers", timedelta(hours=1))
    return forgotten
