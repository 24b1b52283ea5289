"""What the clock does for people: thin tasks."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from partners import asking, key_reminders, renewal, sessions


@shared_task
def tidy_people() -> None:
    """Hourly: sessions on mandates that ran out; requests for access that nobody confirmed."""
    sessions.end_forgotten_sessions()
    asking.forget_unconfirmed()
    beat("people", timedelta(hours=1))


@shared_task
def remind_of_renewals() -> int:
    """Daily: mandates that have to be confirmed for another year; how many letters."""
    return renewal.remind()


@shared_task
def remind_of_keys() -> int:
    """Daily: API keys that end within a month; how many letters."""
    return key_reminders.remind()
