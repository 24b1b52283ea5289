"""All that one Party's public page shows, as of a day and as known at a moment.

Steps come from their records alone, so that nobody reads more than `StepRecord.visible_to` gives;
what stands in the rows of steps (who is responsible, what is expected, what waits) is for those
who read the cycle inside, and only of today.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from partners.models import Agency, Network, NetworkMembership, Party
from requests_app.entries import Entry
from toolkit import asof, documents
from toolkit.assessing import Disclosed, public_of
from toolkit.disagreement import Differences, differences
from toolkit.entries import entries
from toolkit.models import (
    Document,
    Implementation,
    Observation,
    Publicity,
    Recommendation,
    StepRecord,
    StepStatus,
)
from toolkit.steps import Step, StepState
from toolkit.timeline import about_implementations
from toolkit.tracks import Axis, Span, axis_of, track
from toolkit.waiting import is_overdue
from workflow.executor import allowed_actions


@dataclass(frozen=True)
class Asked:
    """By whom, and of which day and moment."""

    actor: Any
    as_of: date
    known_at: datetime | None = None

    @property
    def is_now(self) -> bool:
        return self.known_at is None and self.as_of >= timezone.localdate()


@dataclass(frozen=True)
class Line:
    """One step of a cycle: what was recorded of it, in that order; the last one holds."""

    step: Step
    records: list[StepRecord]
    spans: list[Span]
    status: StepStatus | None = None  # for those inside, of today
    is_overdue: bool = False

    @property
    def state(self) -> StepState:
        return StepState(self.records[-1].state) if self.records else StepState.NOT_STARTED


@dataclass(frozen=True)
class Cycle:
    implementation: Implementation
    row: asof.Row
    lines: list[Line]
    axis: Axis | None
    is_inside: bool
    lead_agency: Agency | None
    actions: list[Any] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)


@dataclass(frozen=True)
class PartyPage:
    party: Party
    asked: Asked
    cycles: list[Cycle]  # the newest first
    memberships: list[NetworkMembership]  # of today: no source dates them
    observations: list[Observation]
    differences: Differences
    assessments: list[Disclosed]
    # With the number of each event. Of a past day those alone that its table can know.
    history: list[tuple[int, Entry]]


def read(party: Party, asked: Asked) -> PartyPage:
    """A constant number of queries, however many cycles and events there are."""
    cycles = _cycles(party, asked)
    observations = list(
        Observation.objects.visible_to(asked.actor, asked.known_at)
        .filter(party=party, effective_on__lte=asked.as_of)
        .order_by("-effective_on", "-pk")
    )
    return PartyPage(
        party,
        asked,
        cycles,
        _memberships(party, asked) if asked.is_now else [],
        observations,
        differences(observations, [cycle.row for cycle in reversed(cycles)]),
        public_of(party, asked.actor) if asked.is_now else [],
        _history(party, [cycle.implementation.pk for cycle in cycles], asked),
    )


def _memberships(party: Party, asked: Asked) -> list[NetworkMembership]:
    networks = Network.objects.visible_to(asked.actor)
    found = NetworkMembership.objects.filter(party=party, network__in=networks)
    return list(found.select_related("network").order_by("network__name"))


def _cycles(party: Party, asked: Asked) -> list[Cycle]:
    """Those of which there is something to read; those inside also read what has not begun."""
    records = _records(party, asked)
    inside = Implementation.objects.inside(asked.actor).filter(party=party)
    inside_ids = set(inside.values_list("pk", flat=True))
    status = StepStatus.objects.select_related("proposal", "agency")
    # What may be done with a cycle asks whether it has any.
    files: Any = Document.objects.only("implementation")
    found = [
        one
        for one in Implementation.objects.visible_to(asked.actor)
        .filter(party=party)
        .select_related("lead_agency")
        .prefetch_related(
            Prefetch("steps", status if inside_ids else status.none()),
            Prefetch("documents", files if inside_ids else files.none()),
        )
        .order_by("-cycle")
        if one.pk in inside_ids or one.pk in records
    ]
    for one in found:
        one.party = party
    kept = documents.public_of(found, asked.actor) if found and asked.is_now else {}
    plans = _plans(found, asked) if found and asked.is_now else {}
    return [
        _cycle(one, records.get(one.pk, {}), one.pk in inside_ids, asked, kept, plans)
        for one in found
    ]


def _records(party: Party, asked: Asked) -> dict[int, dict[str, list[StepRecord]]]:
    """By implementation and step, in the order of recording: the last one is what `toolkit.asof`
    takes."""
    found: dict[int, dict[str, list[StepRecord]]] = defaultdict(lambda: defaultdict(list))
    visible = StepRecord.objects.visible_to(asked.actor, asked.known_at).known_at(asked.known_at)
    of_party = visible.filter(implementation__party=party, effective_on__lte=asked.as_of)
    for record in of_party.order_by("event_id"):
        found[record.implementation_id][record.step].append(record)
    return found


def _plans(found: list[Implementation], asked: Asked) -> dict[int, list[Recommendation]]:
    plans: dict[int, list[Recommendation]] = defaultdict(list)
    visible = Recommendation.objects.visible_to(asked.actor).filter(implementation__in=found)
    for one in visible.order_by("implementation", "number"):
        plans[one.implementation_id].append(one)
    return plans


def _cycle(
    implementation: Implementation,
    records: dict[str, list[StepRecord]],
    is_inside: bool,
    asked: Asked,
    kept: dict[int, list[Document]],
    plans: dict[int, list[Recommendation]],
) -> Cycle:
    every = [record for of_step in records.values() for record in of_step]
    axis = axis_of(every, asked.as_of)
    statuses = {one.step: one for one in implementation.steps.all()}
    shows_now = is_inside and asked.is_now
    is_open = is_inside or implementation.state == Publicity.PUBLIC
    lines = []
    for step in Step:
        of_step = records.get(step, [])
        status = statuses.get(step) if shows_now else None
        late = status is not None and is_overdue(status, asked.as_of)
        lines.append(Line(step, of_step, track(of_step, axis) if axis else [], status, late))
    return Cycle(
        implementation,
        asof.Row(implementation, {step: _fact(said[-1]) for step, said in records.items()}),
        lines,
        axis,
        is_inside,
        implementation.lead_agency if is_open and asked.is_now else None,
        allowed_actions(implementation, asked.actor) if shows_now else [],
        kept.get(implementation.pk, []),
        plans.get(implementation.pk, []),
    )


def _fact(record: StepRecord) -> asof.Fact:
    return asof.Fact(
        record.state,
        record.effective_on,
        record.precision,
        record.source,
        record.event_id,
        record.recorded_at,
    )


def _history(party: Party, ids: list[int], asked: Asked) -> list[tuple[int, Entry]]:
    """What happened to the steps, newest first; of a past day or moment as far as its table can
    know it."""
    if not ids:
        return []
    events = about_implementations(ids, asked.actor)
    found = list(events if asked.is_now else events.filter(_behind_the_table(party, asked)))
    said = entries(found, asked.actor)
    return [(event.pk, entry) for event, entry in zip(found, said, strict=True)]


def _behind_the_table(party: Party, asked: Asked) -> Q:
    """The events of the records of that day that had been recorded by the moment and were read by
    the actor then, and the corrections of those."""
    visible = StepRecord.objects.visible_to(asked.actor, asked.known_at)
    records = visible.filter(implementation__party=party, effective_on__lte=asked.as_of)
    corrected = records.filter(
        implementation_id=OuterRef("subject_id"), replaced_at=OuterRef("recorded_at")
    )
    behind = Q(pk__in=records.values("event_id")) | Q(Exists(corrected))
    return behind & Q(recorded_at__lte=asked.known_at) if asked.known_at else behind
