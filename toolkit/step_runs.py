"""Steps that one event speaks of, said in one line: "1 Request – 3 Preparatory work"."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from toolkit.asof import Fact
from toolkit.steps import Step, number

Said = tuple[Step, Fact | None, Fact]  # a step, what held before, what holds


class Run:
    """Steps that follow each other, of which one event says the same; the follow-up alone."""

    def __init__(self, said: Sequence[Said]) -> None:
        self._steps = [step for step, _before, _after in said]
        _step, self.before, self.after = said[0]

    @property
    def steps(self) -> str:
        named = [_named(step) for step in (self._steps[0], self._steps[-1])]
        return " – ".join(dict.fromkeys(named))


def by_event(said: Iterable[Said]) -> list[list[Run]]:
    """One list for each event, in the order of their first steps."""
    events: dict[int, list[Said]] = {}
    for one in said:
        events.setdefault(one[2].event_id, []).append(one)
    return [_runs(of_event) for of_event in events.values()]


def _runs(said: Sequence[Said]) -> list[Run]:
    # Steps in a row keep the same distance to their place in the list.
    placed = [
        (number(step) - place, step is Step.FOLLOW_UP, _words(before), _words(after))
        for place, (step, before, after) in enumerate(said)
    ]
    together = groupby(zip(placed, said, strict=True), key=lambda one: one[0])
    return [Run([one for _key, one in group]) for _key, group in together]


def _words(fact: Fact | None) -> tuple[str, ...]:
    return (fact.state, str(fact.effective_on), fact.precision) if fact else ()


def _named(step: Step) -> str:
    label = str(step.label)
    return label if step is Step.FOLLOW_UP else f"{number(step)} {label}"
