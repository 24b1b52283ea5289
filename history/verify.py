"""Proving history: recompute every chain and name the first broken row."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from history.log import fingerprint
from history.models import Check, Event


@dataclass(frozen=True)
class Break:
    """The first row of the log that does not fit, and why."""

    event_id: int
    subject: str
    sequence: int
    why: str


def check() -> Break | None:
    """As `first_break`; and what was found is kept, for the people at the desk."""
    ran_at = timezone.now()
    broken = first_break()
    fault = f"{broken.subject}, {broken.sequence}: {broken.why}" if broken else ""
    Check.objects.create(ran_at=ran_at, events=Event.objects.count(), fault=fault[:300])
    return broken


def first_break() -> Break | None:
    """Walk all chains in order; None when every hash, sequence and link holds.

    A missing row shows as a gap in the sequence of its subject. A row missing at the very end
    of a chain cannot be seen from the chain alone; compare `chain_heads()` with an export.
    """
    subject: tuple[str, int] | None = None
    previous_hash, expected = "", 1
    rows = Event.objects.order_by("subject_type", "subject_id", "sequence")
    for event in rows.iterator(chunk_size=2000):
        if (event.subject_type, event.subject_id) != subject:
            subject = (event.subject_type, event.subject_id)
            previous_hash, expected = "", 1
        why = _what_is_wrong(event, expected, previous_hash)
        if why:
            return Break(event.pk, f"{event.subject_type} {event.subject_id}", event.sequence, why)
        previous_hash, expected = event.hash, expected + 1
    return None


def chain_heads() -> "QuerySet[Event]":
    """The last event of every chain. Kept elsewhere, it shows a chain that was cut at its end."""
    later = Event.objects.filter(
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        sequence__gt=OuterRef("sequence"),
    )
    return Event.objects.filter(~Exists(later)).order_by("subject_type", "subject_id")


def _what_is_wrong(event: Event, expected: int, previous_hash: str) -> str:
    if event.sequence != expected:
        return f"number {expected} of this chain is missing"
    if event.previous_hash != previous_hash:
        return "it does not link to the event before it"
    if event.hash != fingerprint(event):
        return "its content does not match its hash"
    return ""
