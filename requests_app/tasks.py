"""What the clock does for requests: thin tasks over requests_app.reminders and its neighbours."""

from datetime import timedelta

from celery import shared_task
from django.apps import apps

from outbox.models import beat
from requests_app import country_digest, lateness, recomputing, reminders, scanning


@shared_task
def remind() -> int:
    """Hourly: agencies of answers that are due, the desk of its targets; of how many things."""
    # First, so that nobody is told of a date that no longer holds.
    recomputing.recompute_due()
    reminded = reminders.remind_agencies() + lateness.remind_officers() + lateness.tell_leads()
    beat("reminders", timedelta(hours=1))
    return reminded


@shared_task
def digest() -> None:
    """Daily: tell the Secretariat's desk what waits."""
    reminders.send_digest()


@shared_task
def tell_countries() -> int:
    """Daily, and in the first run of a week: tell each country's people what waits there."""
    return country_digest.send_country_digest()


@shared_task
def scan(kind: str, pk: int) -> None:
    """Have a new file looked at by the virus scanner; `kind` is the label of its model."""
    scanning.look_at(apps.get_model(kind), pk)


@shared_task
def scan_waiting() -> int:
    """Each minute: the files that still wait for the virus scanner; how many were judged."""
    return scanning.sweep()
