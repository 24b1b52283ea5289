"""Working time between two moments, as the desk's calendar counts it. Nothing here knows the
database, the settings or the present moment.

Office hours are times of a wall clock. All is therefore counted on the local clock, so that a
working day is as long in the week in which the clocks change as in any other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holidays import HolidayBase

NO_TIME = timedelta()
_ONE_DAY = timedelta(days=1)
Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Pause:
    """A time in which the clock stood still; without an end it still does."""

    start: datetime
    end: datetime | None


class _Days(HolidayBase):
    """Days off that are asked about again and again: what a day is, is found out once."""

    def __init__(self, days_off: dict[date, str]) -> None:
        super().__init__(expand=False)
        self.update(days_off)  # type: ignore[arg-type]
        self._known: dict[date, bool] = {}

    def is_working_day(self, key: Any) -> bool:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = super().is_working_day(key)
        return known


@dataclass(frozen=True)
class Calendar:
    """When the desk works: from Monday to Friday, in its office hours, but for the days off."""

    zone: ZoneInfo
    opens: time
    closes: time
    days_off: dict[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_days", _Days(self.days_off))

    @property
    def days(self) -> HolidayBase:
        """Counts whole days; Saturdays and Sundays are off by themselves."""
        return self._days  # type: ignore[attr-defined]

    @property
    def working_day(self) -> timedelta:
        return self.hours_of(date.min)[1] - self.hours_of(date.min)[0]

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """When a day opens and closes, if it is a working day; on the local clock."""
        return datetime.combine(day, self.opens), datetime.combine(day, self.closes)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def moment(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(UTC)


def union(spans: Iterable[Span]) -> list[Pause]:
    """Spans that touch or overlap become one pause; in order, with a gap between any two."""
    merged: list[Pause] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < start):
            merged.append(Pause(start, end))
        else:
            goes_on = last.end is None or end is None
            merged[-1] = Pause(last.start, None if goes_on else max(last.end, end))  # type: ignore[type-var]
    return merged


def working_time(
    start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> timedelta:
    """How long the desk's clock ran between two moments; none when they are the wrong way round."""
    return sum((_worked(*run, calendar) for run in _runs(start, end, pauses)), NO_TIME)


def moment_after(
    start: datetime, worked: timedelta, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The first moment at which the clock has run for `worked` since `start`; None when it will
    stand still before that, nobody knows until when."""
    left = worked
    begin = start
    for pause in _after(start, pauses):
        run = _worked(begin, pause.start, calendar)
        if left <= run:
            break
        if pause.end is None:
            return None
        left -= run
        begin = pause.end
    return _moment_after(begin, left, calendar)


def _after(start: datetime, pauses: Iterable[Pause]) -> list[Pause]:
    """What of the pauses lies after `start`, without overlaps."""
    merged = union((pause.start, pause.end) for pause in pauses)
    later = (pause for pause in merged if pause.end is None or pause.end > start)
    return [Pause(max(pause.start, start), pause.end) for pause in later]


def _runs(
    start: datetime, end: datetime, pauses: Iterable[Pause]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of the time between two moments in which the clock ran."""
    begin = start
    for pause in _after(start, pauses):
        yield begin, min(pause.start, end)
        if pause.end is None or pause.end >= end:
            return
        begin = pause.end
    yield begin, end


def _worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Working time without pauses."""
    if end <= start:
        return NO_TIME
    begin, finish = calendar.local(start), calendar.local(end)
    first, last = begin.date(), finish.date()
    if first == last:
        return _worked_on(first, calendar, since=begin, until=finish)
    ends = _worked_on(first, calendar, since=begin) + _worked_on(last, calendar, until=finish)
    if last - first == _ONE_DAY:
        return ends
    between = calendar.days.get_working_days_count(first + _ONE_DAY, last - _ONE_DAY)
    return ends + between * calendar.working_day


def _worked_on(
    day: date, calendar: Calendar, since: datetime | None = None, until: datetime | None = None
) -> timedelta:
    if not calendar.days.is_working_day(day):
        return NO_TIME
    opens, closes = calendar.hours_of(day)
    return max(min(until or closes, closes) - max(since or opens, opens), NO_TIME)


def _moment_after(start: datetime, worked: timedelta, calendar: Calendar) -> datetime:
    """The same, without pauses."""
    if worked <= NO_TIME:
        return start
    begin = calendar.local(start)
    today = _worked_on(begin.date(), calendar, since=begin)
    if worked <= today:
        return calendar.moment(max(begin, calendar.hours_of(begin.date())[0]) + worked)
    left = worked - today
    whole_days = -(-left // calendar.working_day)  # the last of them may be used in part
    last_day = calendar.days.get_nth_working_day(begin.date(), whole_days)
    spent = (whole_days - 1) * calendar.working_day
    return calendar.moment(calendar.hours_of(last_day)[0] + left - spent)
