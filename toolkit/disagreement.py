"""Where what is said of one Party does not fit together: documents among themselves, and documents
and the steps recorded here. Both sides are shown; nothing decides between them.

The rule. An implementation goes forward: request, work, completion. Two statements about the same
instrument disagree when the one dated later says less than one of another source said before, or
when two sources say different things of the same day, month or year. Saying more later is progress,
and a new cycle begins anew. Dates count as exactly as they are known: a month is before another
statement only when its last day is before the first day which that one can mean. A pin on the ICCWC
map names no stage and disagrees with nothing (Angola: on the map in 2015, in process in 2018). What
UNODC calls "implementation requested" covers the planning of the work. Source: the cautions with
which the dated facts were collected (sources count differently; store both, overwrite neither).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations
from typing import Any

from history.precision import first_possible_day
from partners.models import Party
from partners.models.bodies import plain_spelling
from toolkit.asof import Fact, Row
from toolkit.models import Observation
from toolkit.steps import Phase, Step, StepState, phase_of

_OF_STATUS = {
    Observation.Status.REQUEST_RECEIVED: 1,
    Observation.Status.IN_PROCESS: 2,
    Observation.Status.COMPLETE: 3,
}
_OF_PHASE = {
    Phase.REQUEST_RECEIVED: 1,
    Phase.PLANNING: 1,
    Phase.IN_PROCESS: 2,
    Phase.COMPLETE: 3,
}
_TOOLKIT = Observation.Instrument.TOOLKIT
_ABOUT = {
    Observation.Instrument.TOOLKIT: frozenset({_TOOLKIT}),
    Observation.Instrument.FRAMEWORK: frozenset({Observation.Instrument.FRAMEWORK}),
    Observation.Instrument.BOTH: frozenset({_TOOLKIT, Observation.Instrument.FRAMEWORK}),
}


@dataclass(frozen=True)
class Said:
    """One side: a document, or the steps recorded here (with the sources they rest on)."""

    stage: int
    first: date  # the first day which it can mean
    on: date  # the first on which it is certainly true
    words: Any
    when: str
    source: str
    url: str = ""
    is_approximate: bool = False
    is_steps: bool = False
    # That a step was reached says how far the work was at least, not where it stood.
    at_least: bool = False
    about: frozenset[str] = field(default=frozenset({_TOOLKIT}))


@dataclass(frozen=True)
class Differences:
    """`pairs`: one side that says more, and another that says less although it is later. `further`:
    the newest document that says more than the steps recorded here by its day, with those."""

    pairs: list[tuple[Said, Said]]
    further: Said | None = None
    steps: Said | None = None

    def __bool__(self) -> bool:
        return bool(self.pairs or self.further)


def differences(observations: Iterable[Observation], rows: Iterable[Row]) -> Differences:
    """Of one Party: what documents say, and its rows of the tracker, the first cycle first. Asks
    the database nothing."""
    rows = list(rows)
    documents = sorted(_documents(observations), key=lambda one: one.on)
    pairs = _latest_only(
        pair for pair in permutations(documents, 2) if _contradict(*pair) and not _anew(pair, rows)
    )
    pairs += list(_behind_the_steps(documents, rows))
    for document in reversed(documents):
        steps = _steps_at(document, rows)
        if steps and document.stage > steps.stage:
            return Differences(pairs, document, steps)
    return Differences(pairs)


def by_party(observations: Iterable[Observation], rows: Iterable[Row]) -> dict[int, Differences]:
    """For a whole table, by the id of the Party; only where there are any."""
    said: dict[int, tuple[list[Observation], list[Row]]] = {}
    for one in observations:
        said.setdefault(one.party_id, ([], []))[0].append(one)
    for row in sorted(rows, key=lambda row: row.implementation.cycle):
        said.setdefault(row.implementation.party_id, ([], []))[1].append(row)
    found = {party_id: differences(*both) for party_id, both in said.items()}
    return {party_id: one for party_id, one in found.items() if one}


def parties(observations: Iterable[Observation], rows: Iterable[Row]) -> list[Party]:
    """Those of a table for which sources disagree, or a document goes further than the steps, in
    the order of their names. Asks the database nothing where the Parties are loaded."""
    observations = list(observations)
    found = by_party(observations, rows)
    named = {one.party_id: one.party for one in observations if one.party_id in found}
    return sorted(named.values(), key=lambda party: plain_spelling(party.name))


# ── documents ────────────────────────────────────────────────────────────────────────────────


def _documents(observations: Iterable[Observation]) -> Iterator[Said]:
    for one in observations:
        stage = _stage_of(one)
        if stage:
            yield Said(
                stage=stage,
                first=first_possible_day(one.effective_on, one.precision),
                on=one.effective_on,
                words=one.get_step_display() if one.step else one.get_status_display(),
                when=one.when_in_words,
                source=one.source,
                url=one.source_url,
                is_approximate=one.is_approximate,
                at_least=one.status == Observation.Status.STEP,
                about=_ABOUT[Observation.Instrument(one.instrument)],
            )


def _stage_of(one: Observation) -> int:
    if one.status == Observation.Status.STEP:
        phase = phase_of({one.step}) if one.step else None
        return _OF_PHASE[phase] if phase else 0
    return _OF_STATUS.get(Observation.Status(one.status), 0)


def _contradict(more: Said, less: Said) -> bool:
    if more.stage <= less.stage or less.at_least or more.source == less.source:
        return False
    same_time = (more.first, more.on) == (less.first, less.on)
    return bool(more.about & less.about) and (same_time or more.on <= less.first)


def _latest_only(pairs: Iterable[tuple[Said, Said]]) -> list[tuple[Said, Said]]:
    """Beside each statement that says less, the latest of those that say more."""
    latest: dict[Said, Said] = {}
    for more, less in pairs:
        if less not in latest or more.on > latest[less].on:
            latest[less] = more
    return [(more, less) for less, more in latest.items()]


def _anew(pair: tuple[Said, Said], rows: Sequence[Row]) -> bool:
    """Did a new cycle begin between the two?"""
    more, less = pair
    requests = [row.facts.get(Step.REQUEST) for row in rows[1:]]
    return any(fact and more.on < fact.effective_on <= less.on for fact in requests)


# ── documents and the steps recorded here ────────────────────────────────────────────────────


def _behind_the_steps(
    documents: Iterable[Said], rows: Sequence[Row]
) -> Iterator[tuple[Said, Said]]:
    """A document that says less than what was certainly reached before it, in the last cycle
    that had begun."""
    for document in documents:
        if document.at_least or _TOOLKIT not in document.about:
            continue
        reached = [_steps(row.facts, document.first, certain=True) for row in rows]
        last = next((steps for steps in reversed(reached) if steps), None)
        if last and last.stage > document.stage and last.source != document.source:
            yield last, document


def _steps_at(document: Said, rows: Iterable[Row]) -> Said | None:
    """How far the steps can have been on the day of a document about the Toolkit, in whichever
    cycle; None where none had begun."""
    if _TOOLKIT not in document.about:
        return None
    reached = [_steps(row.facts, document.on, certain=False) for row in rows]
    return max((one for one in reached if one), key=lambda one: one.stage, default=None)


def _first_day(fact: Fact) -> date:
    return first_possible_day(fact.effective_on, fact.precision)


def _steps(facts: dict[str, Fact], day: date, *, certain: bool) -> Said | None:
    """What had been done by a day, for certain or perhaps."""
    done = {
        step: fact
        for step, fact in facts.items()
        if fact.state == StepState.DONE
        and (fact.effective_on if certain else _first_day(fact)) <= day
    }
    phase = phase_of(done.keys())
    if phase is None:
        return None
    newest = max(done.values(), key=lambda fact: fact.effective_on)
    return Said(
        stage=_OF_PHASE[phase],
        first=first_possible_day(newest.effective_on, newest.precision),
        on=newest.effective_on,
        words=phase.label,
        when=newest.when_in_words,
        source="; ".join(sorted({fact.source for fact in done.values()} - {""})),
        is_steps=True,
    )
