"""Reading the tracker as of any date, as known at any moment: from the log, in two queries.

A step counts from the first day on which its record is certainly true (see history.precision).
A correction replaces what was recorded of that step before; `known_at` earlier than the
correction shows the table as it was printed then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from history.models import Event
from history.precision import in_words
from partners.access import Standing, standing
from partners.models.bodies import plain_spelling
from toolkit.models import Implementation, Observation
from toolkit.steps import Phase, Step, StepState, phase_of

_CORRECTED = "toolkit.step.correct"


@dataclass(frozen=True)
class Fact:
    """What one event says of one step."""

    state: str
    effective_on: date
    precision: str
    source: str
    event_id: int

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)

    @property
    def label(self) -> str:
        return str(StepState(self.state).label)


@dataclass(frozen=True)
class Row:
    """One implementation at one date: the fact that holds for each step that has begun."""

    implementation: Implementation
    facts: dict[str, Fact] = field(default_factory=dict)

    @property
    def done(self) -> set[str]:
        return {step for step, fact in self.facts.items() if fact.state == StepState.DONE}

    @property
    def phase(self) -> Phase | None:
        return phase_of(self.done)

    @property
    def cells(self) -> list[tuple[Step, Fact | None]]:
        """The eight steps and the follow-up, in order, each with its fact."""
        return [(step, self.facts.get(step)) for step in Step]


def table(actor: Any, as_of: date, known_at: datetime | None = None) -> list[Row]:
    """The rows that `actor` may see, in the order of names, one for each implementation that
    had begun by `as_of` as far as was known at `known_at` (now when left out).

    For the public a row begins when it was made public: earlier, its table did not have it.
    """
    me = standing(actor)
    visible = Implementation.objects.visible_to(actor).select_related(
        "party__region", "lead_agency"
    )
    events = Event.objects.filter(
        subject_type=Implementation._meta.label_lower, kind__startswith="toolkit."
    ).order_by("pk")
    if known_at:
        events = events.filter(recorded_at__lte=known_at)
    told: dict[int, list[Event]] = defaultdict(list)
    for event in events.only(
        "subject_id", "kind", "effective_on", "precision", "source", "changes"
    ):
        told[event.subject_id].append(event)
    rows = [
        Row(one, holding(told[one.pk], as_of))
        for one in visible
        if _is_inside(me, one) or _was_made_public(told[one.pk])
    ]
    return sorted(
        (row for row in rows if row.facts),
        key=lambda row: (
            plain_spelling(row.implementation.party.name),
            row.implementation.cycle,
        ),
    )


def _is_inside(me: Standing, one: Implementation) -> bool:
    """Does the reader see this row without its being public?"""
    return me.sees_all or one.party_id in me.all_parties or one.lead_agency_id in me.all_agencies


def _was_made_public(events: Iterable[Event]) -> bool:
    """States of steps stand under the same name; none of them is called public."""
    public = Implementation.Publicity.PUBLIC
    return any(event.changes.get("state", [""])[-1] == public for event in events)


def holding(events: Iterable[Event], as_of: date) -> dict[str, Fact]:
    """Replay one implementation's events: the fact that holds for each step on `as_of`."""
    known: dict[str, list[Fact]] = defaultdict(list)
    for event in events:
        for step, state in event.changes.get("steps", {}).items():
            if event.kind == _CORRECTED:
                known[step].clear()
            # Only a correction says this: nothing holds until the step moves again, on any date.
            if state == StepState.NOT_STARTED:
                continue
            known[step].append(
                Fact(state, event.effective_on, event.precision, event.source, event.pk)
            )
    holding_now = {}
    for step, facts in known.items():
        begun = [fact for fact in facts if fact.effective_on <= as_of]
        if begun:
            holding_now[step] = max(begun, key=lambda fact: (fact.effective_on, fact.event_id))
    return holding_now


@dataclass(frozen=True)
class Totals:
    """How many implementations stand in each phase on a date."""

    as_of: date
    requested: int
    by_phase: dict[Phase, int]

    @property
    def complete(self) -> int:
        return self.by_phase[Phase.COMPLETE]

    @property
    def at_other_stages(self) -> int:
        return self.requested - self.complete


def totals(rows: Iterable[Row], as_of: date) -> Totals:
    phases = [row.phase for row in rows]
    return Totals(as_of, len(phases), {phase: phases.count(phase) for phase in Phase})


def observations(actor: Any, as_of: date, known_at: datetime | None = None) -> list[Observation]:
    """What documents said by that date, newest first, whichever way they disagree."""
    found = Observation.objects.visible_to(actor).filter(effective_on__lte=as_of)
    if known_at:
        found = found.filter(event__recorded_at__lte=known_at)
    return list(found.select_related("party").order_by("-effective_on", "party__name_en"))
