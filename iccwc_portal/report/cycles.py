"""The Toolkit table of the report: as of the day, only what was public by then or all of it."""

from typing import Any

from history.models import Event
from iccwc_portal.report.asking import ALL, Asked
from iccwc_portal.report.then import set_back
from partners.models.bodies import plain_spelling
from toolkit import asof
from toolkit.asof import Row
from toolkit.models import Implementation


def rows(actor: Any, asked: Asked) -> tuple[list[Row], set[int]]:
    """The rows in the order of names, and the ids of those that were public by the day."""
    found = asof.table(actor, asked.as_of, asked.known_at)
    set_back([row.implementation.party for row in found], asked)
    public = _made_public(asked)
    kept = [row for row in found if asked.rows == ALL or row.implementation.pk in public]
    kept.sort(
        key=lambda row: (plain_spelling(row.implementation.party.name), row.implementation.cycle)
    )
    return kept, public


def _made_public(asked: Asked) -> set[int]:
    events = Event.objects.filter(
        subject_type=Implementation._meta.label_lower,
        effective_on__lte=asked.as_of,
        recorded_at__lte=asked.known_until,
    )
    state = Implementation.Publicity.PUBLIC
    return {
        event.subject_id
        for event in events.only("subject_id", "changes")
        if event.changes.get("state", [""])[-1] == state
    }
