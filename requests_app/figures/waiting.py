"""How long things take, with those that still wait counted in.

Leaving out what is not finished would make the desk look quicker than it is: the slow ones are
those that are still open. So each spell says how it ended, and the share done within a time is
estimated as Kaplan and Meier do (Journal of the American Statistical Association 53, 1958): who
still waits, or left, counts among those who wait for as long as it is known that they did.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

EDGES = (1, 3, 5, 10, 20, 40, 80)  # working days


class End(StrEnum):
    DONE = "done"
    OPEN = "open"  # it still waits
    LEFT = "left"  # what was waited for can no longer come: withdrawn, recalled


@dataclass(frozen=True, slots=True)
class Spell:
    """One thing waited for: whose, for how many working days so far, and how it ended."""

    subject: int
    days: float
    end: End


@dataclass(frozen=True)
class Span:
    """More than so many working days, up to so many; the last has no end."""

    above: int
    up_to: int | None

    @property
    def key(self) -> str:
        return f"{self.above}-{'' if self.up_to is None else self.up_to}"

    def holds(self, days: float) -> bool:
        """No time at all belongs to the first."""
        is_above = days > self.above or self.above == 0
        return is_above and (self.up_to is None or days <= self.up_to)


SPANS = tuple(Span(above, up_to) for above, up_to in zip((0, *EDGES), (*EDGES, None), strict=True))
SPAN_BY_KEY = {span.key: span for span in SPANS}


def distribution(spells: Iterable[Spell]) -> dict[tuple[str, str], int]:
    """How many, by the key of the span and the end."""
    return Counter(
        (next(span.key for span in SPANS if span.holds(spell.days)), spell.end.value)
        for spell in spells
    )


class Curve:
    """The share that is done, by working days."""

    def __init__(self, spells: Sequence[Spell]) -> None:
        at_risk, waiting = len(spells), 1.0
        self.followed = max((spell.days for spell in spells), default=0.0)
        self._steps: list[tuple[float, float]] = []  # day, share still waiting after it
        done = Counter(spell.days for spell in spells if spell.end == End.DONE)
        every = Counter(spell.days for spell in spells)
        for day in sorted(every):
            if done[day]:
                waiting *= 1 - done[day] / at_risk
                self._steps.append((day, waiting))
            at_risk -= every[day]

    @property
    def median(self) -> float | None:
        """Within how many days half is done; None while that is not known."""
        # A share of exactly one half may come out a hair above it.
        reached = (day for day, waiting in self._steps if waiting <= 0.5 + 1e-9)
        return next(reached, None)

    def done_within(self, days: float) -> float | None:
        """The share from 0 to 1; None where nothing has been watched for so long."""
        waiting = next((left for day, left in reversed(self._steps) if day <= days), 1.0)
        is_known = days <= self.followed or (self._steps and waiting < 1e-9)
        return 1 - waiting if is_known else None
