"""What the clock does for the Toolkit: thin tasks."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from toolkit import step_reminders


@shared_task
def remind_of_steps() -> int:
    """Hourly: steps that stand still, moves that nobody confirms; of how many."""
    reminded = step_reminders.remind()
    beat("toolkit-reminders", timedelta(hours=1))
    return reminded
