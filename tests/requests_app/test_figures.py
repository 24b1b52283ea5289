"""The arithmetic behind the overview: working time for many spans, shares with what still waits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from requests_app.figures.ruler import Ruler
from requests_app.figures.waiting import Curve, End, Spell
from requests_app.working_time import Calendar, Pause, working_time

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_ruler_measures_as_the_clock_does() -> None:
    calendar = Calendar(
        ZoneInfo("Europe/Zurich"), time(9), time(17), {date(2026, 4, 3): "Good Friday"}
    )
    pauses = [
        Pause(MONDAY + timedelta(days=2, hours=3), MONDAY + timedelta(days=4)),
        Pause(MONDAY + timedelta(days=33), None),
    ]
    ruler = Ruler(calendar, MONDAY, MONDAY + timedelta(days=60))
    for start in range(0, 40 * 24, 7):
        begin = MONDAY + timedelta(hours=start)
        for length in (0, 1, 5, 26, 24 * 7 + 3, 24 * 19):
            end = begin + timedelta(hours=length)
            exact = working_time(begin, end, calendar, pauses) / calendar.working_day
            assert ruler.days(begin, end, pauses) == pytest.approx(exact)


def test_the_share_done_with_nothing_open_is_the_plain_share() -> None:
    curve = Curve([Spell(n, n, End.DONE) for n in (1, 2, 3, 4)])
    assert curve.median == 2
    assert [round(curve.done_within(day) or 0, 6) for day in (1, 2, 3, 4, 40)] == [
        0.25, 0.5, 0.75, 1, 1,
    ]  # fmt: skip


def test_nothing_is_known_where_nothing_was_watched() -> None:
    assert Curve([]).median is None
    assert Curve([]).done_within(1) is None
    only_open = Curve([Spell(1, 4, End.OPEN)])
    assert (only_open.median, only_open.done_within(3), only_open.done_within(5)) == (None, 0, None)
