"""Working time between moments, for many spans at once: the answers of `working_time`, from a
table of running totals, so that a year costs no more than a day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from requests_app.working_time import Calendar, Pause

_ONE_DAY = timedelta(days=1)


class Ruler:
    """Measures between the first and the last moment that it was made for."""

    def __init__(self, calendar: Calendar, first: datetime, last: datetime) -> None:
        self._zone, self._begin = calendar.zone, calendar.local(min(first, last)).date()
        # Whole microseconds: exactly one working day has to come out as 1.
        self._opens, self._closes = _in_day(calendar.opens), _in_day(calendar.closes)
        self._is_worked, self._before = self._tables(calendar, calendar.local(last).date())
        self._last = last
        self._at_last = self._measured(last)  # where all that is open ends

    def _tables(self, calendar: Calendar, until: date) -> tuple[list[bool], list[int]]:
        """For each day: is it a working day, and how many of them lie before it."""
        is_worked, before, total = [], [], 0
        day = self._begin
        while day <= until:
            is_worked.append(calendar.days.is_working_day(day))
            before.append(total)
            total += is_worked[-1]
            day += _ONE_DAY
        return is_worked, before

    def days(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> float:
        """Working days between two moments; `pauses` in order, with a gap between any two."""
        end = min(end, self._last)  # another server's clock may run ahead of this one's “now”
        if end <= start:
            return 0.0
        worked = self._at(end) - self._at(start)
        for pause in pauses:
            begin, finish = max(pause.start, start), min(pause.end or end, end)
            if begin < finish:
                worked -= self._at(finish) - self._at(begin)
        return worked / (self._closes - self._opens)

    def _at(self, moment: datetime) -> int:
        """Microseconds of work from the first day to a moment."""
        return self._at_last if moment is self._last else self._measured(moment)

    def _measured(self, moment: datetime) -> int:
        local = moment.astimezone(self._zone)
        place = (local.date() - self._begin).days
        whole = self._before[place] * (self._closes - self._opens)
        if not self._is_worked[place]:
            return whole
        return whole + min(max(_in_day(local.time()) - self._opens, 0), self._closes - self._opens)


def _in_day(clock: time) -> int:
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond
