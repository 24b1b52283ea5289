"""Totals over time: what documents say of all countries together, each beside what this tracker's
own steps, and what documents say of single Parties, give for the same date.

They are three ways of counting, and no one series: some documents count the Toolkit alone, some
with the Indicator Framework; this tracker counts the steps that somebody has recorded here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from toolkit.models import Observation, PublishedTotal, StepRecord
from toolkit.steps import Phase, StepState, phase_of

_TOOLKIT = frozenset({Observation.Instrument.TOOLKIT, Observation.Instrument.BOTH})


@dataclass(frozen=True)
class Derived:
    """What the steps on this tracker give for a date; one implementation counts once."""

    requested: int = 0
    complete: int = 0

    @property
    def at_other_stages(self) -> int:
        return self.requested - self.complete


@dataclass(frozen=True)
class Row:
    """One total in a document, and what is counted here for its date."""

    total: PublishedTotal
    derived: Derived
    said_complete: int  # Parties of which documents said by then that they are complete

    @property
    def counts_both(self) -> bool:
        """The Toolkit and the Indicator Framework together."""
        return self.total.instrument != Observation.Instrument.TOOLKIT


def published(
    actor: Any, as_of: date, known_at: datetime | None = None
) -> "QuerySet[PublishedTotal]":
    """What documents say of all countries together up to a date, oldest first."""
    found: QuerySet[PublishedTotal] = PublishedTotal.objects.visible_to(actor, known_at)
    return found.filter(effective_on__lte=as_of)


def over_time(actor: Any, as_of: date, known_at: datetime | None = None) -> list[Row]:
    """The same, each beside what is counted here for its date; in three queries. Goes through the
    whole log: for a page of its own."""
    totals = list(published(actor, as_of, known_at))
    derived = _derived_on([one.effective_on for one in totals], actor, known_at)
    complete = list(_observations(actor, as_of, known_at))
    return [Row(one, derived[one.effective_on], _said_complete(complete, one)) for one in totals]


def _observations(actor: Any, as_of: date, known_at: datetime | None) -> Iterable[Observation]:
    return Observation.objects.visible_to(actor, known_at).filter(
        effective_on__lte=as_of, status=Observation.Status.COMPLETE
    )


def _said_complete(observations: Iterable[Observation], total: PublishedTotal) -> int:
    """Counted as the document counts: by the Toolkit, or by either instrument."""
    counted = _TOOLKIT if total.instrument == Observation.Instrument.TOOLKIT else None
    return len(
        {
            one.party_id
            for one in observations
            if one.effective_on <= total.effective_on
            and (counted is None or one.instrument in counted)
        }
    )


def _derived_on(
    days: Iterable[date], actor: Any, known_at: datetime | None
) -> Mapping[date, Derived]:
    """The counts of `asof.table` for many days in one query: the records, oldest first, are gone
    through once."""
    days = sorted(set(days))
    columns: Any = ()
    if days:
        columns = (
            StepRecord.objects.visible_to(actor, known_at)
            .known_at(known_at)
            .filter(effective_on__lte=days[-1])
            .order_by("effective_on", "event_id")
            .values_list("effective_on", "event_id", "implementation_id", "step", "state")
        )
    return dict(_counted(list(columns), days))


def _counted(records: list[Any], days: list[date]) -> Iterator[tuple[date, Derived]]:
    # Of those true by the day the one recorded last holds, as in toolkit.asof.
    holding: dict[int, dict[str, tuple[int, str]]] = {}
    at = 0
    for day in days:
        while at < len(records) and records[at][0] <= day:
            _on, event, implementation, step, state = records[at]
            steps = holding.setdefault(implementation, {})
            steps[step] = max(steps.get(step, (0, "")), (event, state))
            at += 1
        phases = [phase for steps in holding.values() if (phase := _phase(steps))]
        yield day, Derived(len(phases), phases.count(Phase.COMPLETE))


def _phase(steps: Mapping[str, tuple[int, str]]) -> Phase | None:
    return phase_of([step for step, (_event, state) in steps.items() if state == StepState.DONE])
