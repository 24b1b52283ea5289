"""The steps of a cycle on an axis of time, drawn so that what is not known is seen: a step of which
only the month or the year is known fills it, one done "by" a day may lie anywhere before.

Lengths are thousandths of the axis, in attributes; what they look like says static/css/party.css.
Whoever sees nothing of it reads the same in the list of steps beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from history.precision import Precision
from toolkit.models import StepRecord
from toolkit.steps import StepState

LENGTH = 1000
_MOST_LINES = 16


@dataclass(frozen=True)
class Span:
    """A part of a track: `kind` is by, period, under or at (a line, without width)."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True)
class Axis:
    start: date
    end: date
    years: list[int]  # where a year begins, or every fifth one

    def at(self, day: date) -> int:
        days = max((self.end - self.start).days, 1)
        return max(0, min(LENGTH, round((day - self.start).days * LENGTH / days)))


def axis_of(records: Iterable[StepRecord], end: date) -> Axis | None:
    """From before the first that is known up to the day asked for; None without any."""
    days = [_earliest(record) for record in records]
    if not days:
        return None
    start = date(max(min(days).year - 1, 1), 1, 1)
    every = 1 if end.year - start.year <= _MOST_LINES else 5
    bare = Axis(start, end, [])
    years = range(start.year + 1, end.year + 1)
    return Axis(start, end, [bare.at(date(y, 1, 1)) for y in years if y % every == 0])


def track(records: Sequence[StepRecord], axis: Axis) -> list[Span]:
    """Of one step, in the order of recording."""
    return [span for at, record in enumerate(records) for span in _spans(records, at, record, axis)]


def _spans(
    records: Sequence[StepRecord], at: int, record: StepRecord, axis: Axis
) -> Iterator[Span]:
    x = axis.at(record.effective_on)
    if record.state == StepState.UNDER_WAY:
        after = records[at + 1 : at + 2]
        until = axis.at(after[0].effective_on) if after else LENGTH
        # It may have ended before it is certain to have begun: "in March", and on the 20th.
        yield Span("under", x, max(until - x, 0))
    if record.precision == Precision.BY:
        yield Span("by", 0, x)
    if record.precision in {Precision.MONTH, Precision.YEAR}:
        first = axis.at(_earliest(record))
        yield Span("period", first, max(x - first, 3))
    else:
        yield Span("at", x, 0)


def _earliest(record: StepRecord) -> date:
    """The first day on which it may have been; of "by" a day that day itself."""
    if record.precision == Precision.YEAR:
        return record.effective_on.replace(month=1, day=1)
    if record.precision == Precision.MONTH:
        return record.effective_on.replace(day=1)
    return record.effective_on
