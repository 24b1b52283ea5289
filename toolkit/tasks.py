"""What the clock does for the Toolkit: thin tasks."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from toolkit import step_reminders
from toolkit.importing.importer import forget_unconfirmed
from toolkit.plan import reminders, reports


@shared_task
def remind_of_steps() -> int:
    """Hourly: steps that stand still, changes that nobody confirms; of how many."""
    reminded = step_reminders.remind()
    beat("toolkit-reminders", timedelta(hours=1))
    return reminded


@shared_task
def look_after_plans() -> int:
    """Daily: recommendations of action plans that are due, and in the first run of a quarter the
    report on each plan; how many of both."""
    done = reminders.remind_of_dates() + reports.report_progress()
    beat("action-plans", timedelta(days=1))
    return done


@shared_task
def forget_imports() -> int:
    """Daily: files that were read and that nobody said to import within a week; how many."""
    forgotten = forget_unconfirmed()
    beat("imports", timedelta(days=1))
    return forgotten
