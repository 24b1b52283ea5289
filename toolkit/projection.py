"""The records of steps, kept in step with the log: written with each event, computed again to
prove that they are what the log says (`manage.py recompute_tracker --check`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from history.models import Event
from toolkit.models import Implementation, StepRecord
from toolkit.steps import StepState

CORRECTS = "corrects"  # in the changes of an event: it replaces what was recorded before
TABLE_LOADED = "toolkit.table_loaded"
_FIELDS = (
    "event_id", "step", "state", "effective_on", "precision", "source", "recorded_at",
    "replaced_at", "is_published",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What one event says of one step, and until when it was taken for true."""

    event_id: int
    step: str
    state: str
    effective_on: Any
    precision: str
    source: str
    recorded_at: datetime
    replaced_at: datetime | None
    is_published: bool


def replay(events: Iterable[Event]) -> list[Said]:
    """What the events of one implementation, in their order, say of its steps."""
    said: list[Said] = []
    for event in events:
        for step, state in event.changes.get("steps", {}).items():
            published = event.kind == TABLE_LOADED
            if event.changes.get(CORRECTS):
                published = any(one.is_published for one in said if _holds(one, step))
                said = [
                    replace(one, replaced_at=event.recorded_at) if _holds(one, step) else one
                    for one in said
                ]
            # Only a correction says this: nothing holds until the step moves again.
            if state != StepState.NOT_STARTED:
                said.append(_said(event, step, state, published))
    return said


def _holds(one: Said, step: str) -> bool:
    return one.step == step and one.replaced_at is None


def _said(event: Event, step: str, state: str, published: bool) -> Said:
    return Said(
        event.pk, step, state, event.effective_on, event.precision, event.source,
        event.recorded_at, None, published,
    )  # fmt: skip


def keep(event: Event) -> None:
    """Write what a new event of an implementation says of its steps; call where it is recorded."""
    open_ones = StepRecord.objects.filter(implementation_id=event.subject_id, replaced_at=None)
    for step, state in event.changes.get("steps", {}).items():
        published = event.kind == TABLE_LOADED
        if event.changes.get(CORRECTS):
            replaced = open_ones.filter(step=step)
            published = replaced.filter(is_published=True).exists()
            replaced.update(replaced_at=event.recorded_at)
        if state != StepState.NOT_STARTED:
            said = _said(event, step, state, published)
            StepRecord.objects.create(implementation_id=event.subject_id, **_columns(said))


def _columns(said: Said) -> dict[str, Any]:
    return {name: getattr(said, name) for name in _FIELDS}


def differences(*, mend: bool) -> Iterator[str]:
    """A sentence for each implementation whose records are not what its events say."""
    for implementation in Implementation.objects.select_related("party").order_by("pk"):
        events = list(Event.objects.about(implementation))
        derived = {(one.event_id, one.step): one for one in replay(events)}
        rows = StepRecord.objects.filter(implementation=implementation).order_by("pk")
        stored = {(row.event_id, row.step): _as_said(row) for row in rows}
        if stored == derived:
            continue
        differing = {key for key in {*stored, *derived} if stored.get(key) != derived.get(key)}
        yield f"{implementation}: {len(differing)} records differ from the log"
        if mend:
            rows.delete()
            StepRecord.objects.bulk_create(
                StepRecord(implementation=implementation, **_columns(one))
                for one in derived.values()
            )


def _as_said(row: StepRecord) -> Said:
    return Said(**{name: getattr(row, name) for name in _FIELDS})
