"""The records of steps, kept in step with the log: written with each event, computed again to
prove that they are what the log says (`manage.py recompute_tracker --check`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from history.models import Event
from toolkit.models import Implementation, StepRecord, StepStatus
from toolkit.steps import StepState

CORRECTS = "corrects"  # in the changes of an event: it replaces what was recorded before
TABLE_LOADED = "toolkit.table_loaded"
# The source of any other event is a letter: who wrote it, and its reference.
_WITH_A_PUBLIC_SOURCE = frozenset({TABLE_LOADED, "toolkit.step.confirm"})
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
            open_ones = [one for one in said if one.step == step and one.replaced_at is None]
            replaced = _replaced(open_ones, event, state)
            said = [
                replace(one, replaced_at=event.recorded_at) if one in replaced else one
                for one in said
            ]
            # Only a correction says this: nothing holds until the step moves again.
            if state != StepState.NOT_STARTED:
                said.append(_said(event, step, state, _is_published(event, replaced)))
    return said


_Record = TypeVar("_Record", Said, StepRecord)


def _replaced(open_ones: Iterable[_Record], event: Event, state: str) -> list[_Record]:
    """Of the open records of one step those that the event corrects: the one that holds, and each
    that contradicts what is said now: a later one, one of the same state on another day, and every
    one when the step is said not to have started. A beginning stays when only its end is
    corrected."""
    if not event.changes.get(CORRECTS):
        return []
    open_ones = list(open_ones)
    holding = max((one.event_id for one in open_ones), default=None)
    return [
        one
        for one in open_ones
        if state == StepState.NOT_STARTED
        or one.event_id == holding
        or one.effective_on > event.effective_on
        or one.state == state
    ]


def _is_published(event: Event, replaced: Iterable[Said | StepRecord]) -> bool:
    """Printed in a table, or in place of what was: a correction of what nobody outside could read
    is read by nobody outside."""
    return event.kind == TABLE_LOADED or any(one.is_published for one in replaced)


def _said(event: Event, step: str, state: str, published: bool) -> Said:
    return Said(
        event.pk, step, state, event.effective_on, event.precision, public_source(event),
        event.recorded_at, None, published,
    )  # fmt: skip


def public_source(event: Event) -> str:
    """The source as whoever may read the event reads it; that of a letter is for those inside,
    and stands in the history alone."""
    return event.source if event.kind in _WITH_A_PUBLIC_SOURCE else ""


def prints(step: StepStatus) -> bool:
    """Is the record of the step that holds one that a published table prints, or a correction of
    one?"""
    records = StepRecord.objects.filter(implementation=step.implementation_id, step=step.step)
    holding = records.filter(replaced_at=None).order_by("-event_id").first()
    return holding is not None and holding.is_published


def keep(event: Event) -> None:
    """Write what a new event of an implementation says of its steps; call where it is recorded."""
    open_ones = StepRecord.objects.filter(implementation_id=event.subject_id, replaced_at=None)
    for step, state in event.changes.get("steps", {}).items():
        replaced: list[StepRecord] = []
        if event.changes.get(CORRECTS):
            replaced = _replaced(open_ones.filter(step=step), event, state)
            ids = [one.pk for one in replaced]
            open_ones.filter(pk__in=ids).update(replaced_at=event.recorded_at)
        if state != StepState.NOT_STARTED:
            said = _said(event, step, state, _is_published(event, replaced))
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
