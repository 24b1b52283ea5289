"""What the clock does for the public record: thin tasks."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from record import link_checks
from record.importing import carrying, reading

A_TURN = 60  # seconds for links; a task has 120, and others wait in the same queue


@shared_task
def carry_on(batch_id: int) -> None:
    """Take over or publish what an editor of an import has just said yes to."""
    carrying.carry_on(batch_id)


@shared_task
def read_on(batch_id: int) -> None:
    """Read a long list that an editor has just sent."""
    reading.read_on(batch_id)


@shared_task
def carry_on_imports() -> int:
    """Each minute: imports whose worker was lost on the way; how many."""
    unfinished = list(carrying.unfinished())
    for batch_id in unfinished:
        carrying.carry_on(batch_id)
    unread = reading.lost()
    for batch_id in unread:
        reading.read_on(batch_id)
    beat("activity-imports", timedelta(minutes=1))
    return len(unfinished) + len(unread)


@shared_task
def look_at_links() -> int:
    """Some turns in the small hours, until the night has seen every link; how many this one saw."""
    seen = link_checks.look(A_TURN)
    beat("links", timedelta(days=1))
    return seen
