"""Twenty years of a tracker for bench.tracker: 200 Parties, three cycles each, every event in its
chain of hashes, and the records that follow from them.

A cycle takes six years. Of each step there is a beginning and an end; every fifth step is corrected
later; between them lie notes and plans, which say nothing of a step. A third of the cycles are
public by consent, a third taken over from a printed table, a third are not public.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Max

from history.log import fingerprint
from history.models import Event
from history.precision import Precision
from partners.models import Agency, Party, Region, User
from toolkit import projection
from toolkit.models import Consent, Implementation, Publicity, StepRecord, StepStatus
from toolkit.steps import Step, StepState, number
from workflow.guard import may_write

PARTIES, CYCLES = 200, 3
BEGINS = date(2006, 1, 15)
CYCLE_DAYS, STEP_DAYS = 6 * 365, 220
_STATES = (Publicity.PUBLIC, Publicity.DOCUMENT, Publicity.PRIVATE)


@dataclass
class _Said:
    """One event to be: about which cycle, recorded when, and what it says."""

    cycle: Implementation
    on: date
    recorded_at: datetime
    kind: str
    changes: dict[str, Any]


def fill() -> None:
    cycles = _cycles()
    said = sorted(
        (one for cycle in cycles for one in _life(cycle)),
        key=lambda one: (one.recorded_at, one.cycle.pk),
    )
    _write(said)
    _project(cycles)
    _consent(cycles)


def _cycles() -> list[Implementation]:
    parties = list(Party.objects.order_by("pk")[:PARTIES])
    region = Region.objects.first()
    for extra in range(PARTIES - len(parties)):
        code = f"{chr(65 + extra)}QQ"
        names = dict.fromkeys(("name_en", "name_fr", "name_es"), f"Land {code}")
        parties.append(
            Party.objects.create(code=code, iso2=f"{chr(65 + extra)}9", region=region, **names)
        )
    lead = Agency.objects.partners().first()
    taken = dict(Implementation.objects.values_list("party").annotate(Max("cycle")))
    with may_write("state"):
        return Implementation.objects.bulk_create(
            Implementation(
                party=party,
                cycle=taken.get(party.pk, 0) + turn + 1,
                lead_agency=lead,
                state=_STATES[(at + turn) % 3],
            )
            for at, party in enumerate(parties)
            for turn in range(CYCLES)
        )


def _life(cycle: Implementation) -> Iterator[_Said]:
    start = BEGINS + timedelta(days=(cycle.pk % CYCLES) * CYCLE_DAYS + cycle.pk % 150)
    done = {Step.REQUEST: StepState.DONE}
    opened = "toolkit.table_loaded" if cycle.state == Publicity.DOCUMENT else "toolkit.opened"
    yield _said(cycle, start, opened, {"cycle": cycle.cycle, "steps": done})
    for step in list(Step)[1:]:
        day = start + timedelta(days=STEP_DAYS * (number(step) - 1))
        for offset, state in ((0, StepState.UNDER_WAY), (150, StepState.DONE)):
            on = day + timedelta(days=offset)
            yield _said(cycle, on, "toolkit.step.propose", {"step": step, "proposed": {}})
            yield _said(cycle, on, "toolkit.step.confirm", {"steps": {step: state}}, 3)
        yield _said(cycle, day, "toolkit.step.note", {"step": step, "note": "A letter."}, 40)
        if (cycle.pk + number(step)) % 5 == 0:
            changes = {"steps": {step: StepState.DONE}, projection.CORRECTS: True}
            on = day + timedelta(days=140)
            yield _said(cycle, on, "toolkit.step.confirm", changes, 60)


def _said(
    cycle: Implementation, on: date, kind: str, changes: dict[str, Any], later: int = 1
) -> _Said:
    moment = datetime.combine(on, time(9), UTC) + timedelta(
        days=later, seconds=cycle.pk, microseconds=len(changes)
    )
    return _Said(cycle, on, moment, kind, changes)


def _write(said: list[_Said]) -> None:
    last: dict[int, Event] = {}
    events = []
    for one in said:
        before = last.get(one.cycle.pk)
        event = Event(
            subject_type=one.cycle._meta.label_lower,
            subject_id=one.cycle.pk,
            sequence=before.sequence + 1 if before else 1,
            kind=one.kind,
            effective_on=one.on,
            precision=Precision.DAY,
            recorded_at=one.recorded_at,
            actor_kind="system",
            actor_name="bench",
            source="A document" if one.kind == "toolkit.table_loaded" else "A letter",
            changes=one.changes,
            previous_hash=before.hash if before else "",
        )
        event.hash = fingerprint(event)
        last[one.cycle.pk] = event
        events.append(event)
    Event.objects.bulk_create(events, batch_size=1_000)


def _project(cycles: list[Implementation]) -> None:
    events = Event.objects.filter(subject_type=Implementation._meta.label_lower)
    ids = {cycle.pk for cycle in cycles}
    records, steps = [], []
    for pk, mine in groupby(events.order_by("subject_id", "sequence"), lambda one: one.subject_id):
        if pk not in ids:
            continue
        derived = projection.replay(mine)
        records += [StepRecord(implementation_id=pk, **vars(one)) for one in derived]
        now = {one.step: one for one in derived if one.replaced_at is None}
        for step in Step:
            held = now.get(step)
            steps.append(
                StepStatus(
                    implementation_id=pk,
                    step=step,
                    position=number(step),
                    state=StepState.DONE if held else StepState.NOT_STARTED,
                    effective_on=held.effective_on if held else None,
                )
            )
    StepRecord.objects.bulk_create(records, batch_size=1_000)
    with may_write("state", "effective_on"):
        StepStatus.objects.bulk_create(steps, batch_size=1_000)


def _consent(cycles: list[Implementation]) -> None:
    someone = User.objects.create_user("bench@example.org", name="Bench")
    public = [cycle for cycle in cycles if cycle.state == Publicity.PUBLIC]
    first = {
        event.subject_id: event
        for event in Event.objects.filter(subject_type=Implementation._meta.label_lower, sequence=1)
    }
    Consent.objects.bulk_create(
        Consent(
            implementation=cycle,
            given_at=first[cycle.pk].recorded_at,
            given_by=someone,
            event=first[cycle.pk],
        )
        for cycle in public
    )
