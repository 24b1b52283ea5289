"""What the clock does for the public record: thin tasks."""

from datetime import timedelta

from celery import shared_task

from outbox.models import beat
from record.importing import carrying


@shared_task
def carry_on(batch_id: int) -> None:
    """Take over or publish what an editor of an import has just said yes to."""
    carrying.carry_on(batch_id)


@shared_task
def carry_on_imports() -> int:
    """Each minute: imports whose worker was lost on the way; how many."""
    unfinished = list(carrying.unfinished())
    for batch_id in unfinished:
        carrying.carry_on(batch_id)
    beat("activity-imports", timedelta(minutes=1))
    return len(unfinished)
