"""What changed in the tracker between two days: two readings, compared cell by cell."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from partners.models.bodies import plain_spelling
from toolkit.asof import Fact, facts_by_implementation
from toolkit.models import Implementation
from toolkit.step_runs import Run, by_event
from toolkit.steps import Phase, Step, StepState, phase_of


@dataclass(frozen=True)
class Change:
    """One step that another state holds for at the end than at the beginning."""

    step: Step
    before: Fact | None
    after: Fact


@dataclass(frozen=True)
class Changed:
    """One implementation of which something changed; it `began` when nothing held before."""

    implementation: Implementation
    began: bool
    phase_before: Phase | None
    phase_after: Phase | None
    steps: list[Change]

    @property
    def events(self) -> list[list[Run]]:
        """The same by event: a published table speaks of many steps at once."""
        return by_event((one.step, one.before, one.after) for one in self.steps)

    @property
    def phase_moved(self) -> bool:
        return self.phase_before != self.phase_after


def between(actor: Any, first: date, last: date, known_at: datetime | None = None) -> list[Changed]:
    """What the tables of the two days differ in, for `actor`, both as known at `known_at`. In the
    order of names; three queries."""
    before = facts_by_implementation(actor, first, known_at)
    after = facts_by_implementation(actor, last, known_at)
    visible = (
        Implementation.objects.visible_to(actor)
        .filter(pk__in=after)
        .select_related("party__region", "lead_agency")
    )
    found = [_changed(one, before.get(one.pk, {}), after[one.pk]) for one in visible]
    return sorted(
        (one for one in found if one.steps),
        key=lambda one: (plain_spelling(one.implementation.party.name), one.implementation.cycle),
    )


def _changed(
    implementation: Implementation, before: dict[str, Fact], after: dict[str, Fact]
) -> Changed:
    steps = [
        Change(step, before.get(step), after[step])
        for step in Step
        if step in after and _state(before.get(step)) != after[step].state
    ]
    return Changed(implementation, not before, _phase(before), _phase(after), steps)


def _state(fact: Fact | None) -> str:
    return fact.state if fact else StepState.NOT_STARTED


def _phase(facts: dict[str, Fact]) -> Phase | None:
    return phase_of([step for step, fact in facts.items() if fact.state == StepState.DONE])
