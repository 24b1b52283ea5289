"""Writing history: one function adds an event to its subject's chain."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone

from history import kinds, listening
from history.inserting import insert
from history.models import Event
from history.precision import Precision
from history.triggers import ONE_WRITER


@dataclass(frozen=True)
class ActorSnapshot:
    """Who acted, as they were then: later changes to the person do not change the record."""

    kind: str  # "user", "api_key" or "system"
    id: int | None
    name: str
    body: str = ""


SYSTEM = ActorSnapshot("system", None, "ICCWC support portal")


# The sequence and the hash of the last event of a chain.
End = tuple[int, str]
_NO_EVENT: End = (0, "")
_FEW = 500  # subjects


class UnknownKind(ValueError):
    """An event of a kind that no app registered."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one of many events says; see `record`."""

    subject: models.Model
    changes: Mapping[str, Any]
    effective_on: date | None = None
    precision: str = Precision.DAY
    source: str = ""


def record(
    subject: models.Model,
    kind: str,
    *,
    by: ActorSnapshot,
    changes: Mapping[str, Any],
    effective_on: date | None = None,
    precision: str = Precision.DAY,
    source: str = "",
) -> Event:
    """Add one event to the chain of `subject`; call inside the transaction of the change.

    The caller holds the lock on the subject's row, so that sequence numbers follow each other.
    Adding an event makes every other writer of history wait until this transaction ends (see
    history.triggers): lock rows first, and without their key (`no_key`), because the foreign keys
    of whoever holds that lock are checked at its commit.
    `changes` holds changed fields only and must survive JSON. Raises UnknownKind.
    """
    _refuse_unknown(kind)
    said = Said(
        subject=subject,
        changes=changes,
        effective_on=effective_on,
        precision=precision,
        source=source,
    )
    event = _after(_end_of_chain(subject), kind, by, said)
    insert([event])
    listening.tell_after_commit()
    return event


def record_many(kind: str, said: Sequence[Said], *, by: ActorSnapshot) -> list[Event]:
    """Add an event for each, in their order: as `record` does, in few queries for thousands.

    All subjects are of one model; several events may be about the same one.
    """
    _refuse_unknown(kind)
    if not said:
        return []
    _wait_for_other_writers()
    ids = {one.subject.pk for one in said}
    chains = _last_of_each(type(said[0].subject)._meta.label_lower, ids)
    events = []
    for one in said:
        event = _after(chains.get(one.subject.pk, _NO_EVENT), kind, by, one)
        chains[one.subject.pk] = event.sequence, event.hash
        events.append(event)
    listening.tell_after_commit()
    return Event.objects.bulk_create(events, batch_size=500)


def _wait_for_other_writers() -> None:
    """Whoever reads the ends of many chains locks no row of theirs: the lock of the trigger, before
    the reading."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_WRITER])


def _end_of_chain(subject: models.Model) -> End:
    """Written out, because everything that is done waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, hash FROM history_event WHERE subject_type = %s AND subject_id = %s"
            " ORDER BY sequence DESC LIMIT 1",
            [subject._meta.label_lower, subject.pk],
        )
        return cursor.fetchone() or _NO_EVENT


def _last_of_each(subject_type: str, ids: set[int]) -> dict[int, End]:
    """By the id of a subject, the end of its chain. Of many subjects all of their kind are read: no
    query takes so many ids."""
    of_type = Event.objects.filter(subject_type=subject_type)
    if len(ids) <= _FEW:
        of_type = of_type.filter(subject_id__in=ids)
    later = of_type.filter(
        subject_id=models.OuterRef("subject_id"), sequence__gt=models.OuterRef("sequence")
    )
    ends = of_type.filter(~models.Exists(later)).only("subject_id", "sequence", "hash")
    return {event.subject_id: (event.sequence, event.hash) for event in ends}


def _refuse_unknown(kind: str) -> None:
    if not kinds.is_known(kind):
        raise UnknownKind(kind)


def _after(end: End, kind: str, by: ActorSnapshot, said: Said) -> Event:
    """The event that follows the end of its chain."""
    recorded_at = timezone.now()
    event = Event(
        subject_type=said.subject._meta.label_lower,
        subject_id=said.subject.pk,
        sequence=end[0] + 1,
        kind=kind,
        effective_on=said.effective_on or recorded_at.date(),
        precision=said.precision,
        recorded_at=recorded_at,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        actor_body=by.body,
        source=said.source,
        changes=json.loads(json.dumps(dict(said.changes), cls=DjangoJSONEncoder)),
        previous_hash=end[1],
    )
    event.hash = fingerprint(event)
    return event


def fingerprint(event: Event) -> str:
    """SHA-256 over everything the event says and the hash of the one before it."""
    said = {
        "subject": [event.subject_type, event.subject_id, event.sequence],
        "kind": event.kind,
        "effective": [_iso(event.effective_on), event.precision],
        "recorded": _iso(event.recorded_at),
        "actor": [event.actor_kind, event.actor_id, event.actor_name, event.actor_body],
        "source": event.source,
        "changes": event.changes,
        "previous": event.previous_hash,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    return moment.isoformat()
