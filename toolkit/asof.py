"""Reading the tracker as of any date, as known at any moment, in one query over the records.

A step counts from the first day on which its record is certainly true (see history.precision).
A correction replaces what it contradicts of that step (see toolkit.projection); `known_at` earlier
than the correction shows the table as it was printed then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from history.precision import in_words
from partners.models.bodies import plain_spelling
from toolkit.models import Implementation, Observation, StepRecord
from toolkit.steps import Phase, Step, StepState, phase_of


@dataclass(frozen=True)
class Fact:
    """What one event says of one step."""

    state: str
    effective_on: date
    precision: str
    source: str
    event_id: int
    recorded_at: datetime

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
        return _done_in(self.facts)

    @property
    def phase(self) -> Phase | None:
        return phase_by(self.facts)

    @property
    def cells(self) -> list[tuple[Step, Fact | None]]:
        """The eight steps and the follow-up, in order, each with its fact."""
        return [(step, self.facts.get(step)) for step in Step]


def table(actor: Any, as_of: date, known_at: datetime | None = None) -> list[Row]:
    """The rows that `actor` may see, in the order of names, one for each implementation that
    had begun by `as_of` as far as was known at `known_at` (now when left out).

    For the public a row has what published documents print, and the rest from when it was made
    public: earlier, its table did not have it.
    """
    facts = facts_by_implementation(actor, as_of, known_at)
    visible = Implementation.objects.filter(pk__in=facts).select_related(
        "party__region", "lead_agency"
    )
    return sorted(
        (Row(one, facts[one.pk]) for one in visible),
        key=lambda row: place_of(row.implementation.party.name, row.implementation.cycle),
    )


def begun(actor: Any, as_of: date, known_at: datetime | None = None) -> "QuerySet[Implementation]":
    """The implementations of these rows, for who reads the facts of some of them alone."""
    records = _records(actor, as_of, known_at).order_by()
    return Implementation.objects.filter(pk__in=records.values("implementation"))


def phase_by(facts: Mapping[str, Fact]) -> Phase | None:
    """The phase that follows from what is said of the steps."""
    return phase_of(_done_in(facts))


def _done_in(facts: Mapping[str, Fact]) -> set[str]:
    return {step for step, fact in facts.items() if fact.state == StepState.DONE}


def place_of(name: str, cycle: int) -> tuple[str, int]:
    """Where the row of a Party stands in the table."""
    return _spelling(name), cycle


# Of names that the table has shown before: it has the same Parties at every call.
_spelling = lru_cache(maxsize=2000)(plain_spelling)


def narrowed(rows: Iterable[Row], phase: str = "", region: str = "") -> list[Row]:
    """The rows of one phase, of Parties of one region; all when left out."""
    return [
        row
        for row in rows
        if (not phase or row.phase == phase)
        and (not region or row.implementation.party.region.key == region)
    ]


def facts_by_implementation(
    actor: Any,
    as_of: date,
    known_at: datetime | None = None,
    *,
    only_printed: bool = False,
    among: Collection[int] | None = None,
) -> dict[int, dict[str, Fact]]:
    """By the id of an implementation, the fact that holds for each step that has begun: of those
    true by the day, the one recorded last. A step that began "in March" and ended on 20 March has
    ended, although only on 31 March it is certain to have begun.

    With `only_printed` of what published documents print alone, whoever asks; of the
    implementations `among` these where some are named.
    """
    newest_first = Window(
        RowNumber(),
        partition_by=[F("implementation_id"), F("step")],
        order_by=[F("event_id").desc()],
    )
    records = _records(actor, as_of, known_at)
    if only_printed:
        records = records.filter(is_published=True)
    if among is not None:
        records = records.filter(implementation__in=among)
    holding = records.annotate(place=newest_first).filter(place=1).order_by()
    facts: dict[int, dict[str, Fact]] = defaultdict(dict)
    columns: Any = holding.values_list(
        "implementation_id", "step", "state", "effective_on", "precision", "source", "event_id",
        "recorded_at",
    )  # fmt: skip
    for implementation_id, step, *said in columns:
        facts[implementation_id][step] = Fact(*said)
    return dict(facts)


def _records(actor: Any, as_of: date, known_at: datetime | None) -> "QuerySet[StepRecord]":
    """What the actor may read of what was true by the day, as known at the moment."""
    visible = StepRecord.objects.visible_to(actor, known_at)
    return visible.known_at(known_at).filter(effective_on__lte=as_of)


@dataclass(frozen=True)
class Totals:
    """How many implementations stand in each phase on a date; those without a phase, of which no
    request is recorded, are counted in no figure."""

    as_of: date
    by_phase: dict[Phase, int]
    without_request: int

    @property
    def requested(self) -> int:
        return sum(self.by_phase.values())

    @property
    def complete(self) -> int:
        return self.by_phase[Phase.COMPLETE]

    @property
    def at_other_stages(self) -> int:
        return self.requested - self.complete


def totals(rows: Iterable[Row], as_of: date) -> Totals:
    phases = [row.phase for row in rows]
    return Totals(as_of, {phase: phases.count(phase) for phase in Phase}, phases.count(None))


def observations(actor: Any, as_of: date, known_at: datetime | None = None) -> list[Observation]:
    """What documents said by that date, newest first, whichever way they disagree."""
    found = Observation.objects.visible_to(actor, known_at).filter(effective_on__lte=as_of)
    return list(found.select_related("party__region").order_by("-effective_on", "party__name_en"))
