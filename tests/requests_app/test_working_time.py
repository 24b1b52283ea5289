"""Working time: what the clock of the desk counts between two moments, and when it has run."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.working_time import Calendar, Pause, moment_after, working_time

ZURICH = ZoneInfo("Europe/Zurich")
DAYS_OFF = {
    date(2024, 12, 25): "Christmas",
    date(2025, 1, 1): "New Year",
    date(2025, 4, 18): "Good Friday",
    date(2025, 4, 21): "Easter Monday",
    date(2025, 10, 25): "On a Saturday, when it changes nothing",
}
GENEVA = Calendar(ZURICH, time(9), time(17), DAYS_OFF)
NIGHT_SHIFT = Calendar(ZoneInfo("Pacific/Auckland"), time(0, 30), time(23, 45), DAYS_OFF)
DAY = timedelta(hours=8)

FIRST, LAST = datetime(2024, 1, 1), datetime(2026, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
calendars = st.sampled_from([GENEVA, NIGHT_SHIFT])
lengths = st.timedeltas(timedelta(), timedelta(days=40))


@st.composite
def some_pauses(draw: st.DrawFn) -> list[Pause]:
    """Ended pauses of any overlap."""
    starts = draw(st.lists(moments, max_size=6))
    return [Pause(start, start + draw(lengths)) for start in starts]


def geneva(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZURICH)


@given(st.tuples(moments, moments, moments).map(sorted), calendars, some_pauses())
def test_the_time_of_two_spans_is_the_time_of_both_together(
    three: list[datetime], calendar: Calendar, pauses: list[Pause]
) -> None:
    first, second, third = three
    whole = working_time(first, third, calendar, pauses)
    parts = working_time(first, second, calendar, pauses)
    assert whole == parts + working_time(second, third, calendar, pauses)
    assert timedelta() <= parts <= whole <= third - first


@given(moments, lengths, calendars, some_pauses())
def test_when_the_time_has_run_exactly_that_time_has_run(
    start: datetime, worked: timedelta, calendar: Calendar, pauses: list[Pause]
) -> None:
    end = moment_after(start, worked, calendar, pauses)
    assert end is not None
    assert working_time(start, end, calendar, pauses) == worked
    if worked:
        # The first such moment: a moment before it some of the time was still to run.
        just_before = end - timedelta(microseconds=1)
        assert working_time(start, just_before, calendar, pauses) < worked


@given(moments, lengths, lengths, calendars, some_pauses())
def test_more_time_never_ends_earlier_and_a_later_start_neither(
    start: datetime, less: timedelta, more: timedelta, calendar: Calendar, pauses: list[Pause]
) -> None:
    ends = [
        moment_after(*said, calendar, pauses)
        for said in [(start, less), (start, less + more), (start + more, less)]
    ]
    first, longer, later = ends
    assert first is not None
    assert longer is not None
    assert later is not None
    assert first <= longer
    assert first <= later


@given(moments, lengths, calendars, some_pauses(), moments)
def test_a_pause_never_makes_anything_due_earlier_and_counts_for_nothing(
    start: datetime, worked: timedelta, calendar: Calendar, pauses: list[Pause], asked: datetime
) -> None:
    more = Pause(asked, asked + worked)
    before = moment_after(start, worked, calendar, pauses)
    after = moment_after(start, worked, calendar, [*pauses, more])
    assert before is not None
    assert after is not None
    assert before <= after
    assert working_time(more.start, asked + worked, calendar, [*pauses, more]) == timedelta()


@given(moments, lengths, calendars, moments)
def test_a_question_that_is_open_leaves_time_that_ends_before_it_and_no_other(
    start: datetime, worked: timedelta, calendar: Calendar, asked: datetime
) -> None:
    plain = moment_after(start, worked, calendar)
    assert plain is not None
    found = moment_after(start, worked, calendar, [Pause(asked, None)])
    ran = working_time(start, asked, calendar)
    assert found == (plain if worked <= ran else None)
    assert working_time(start, plain, calendar, [Pause(asked, None)]) == min(ran, worked)


@given(moments, moments, calendars)
def test_time_is_counted_as_by_walking_from_minute_to_minute_of_each_day(
    start: datetime, end: datetime, calendar: Calendar
) -> None:
    expected = timedelta()
    day = calendar.local(start).date()
    while day <= calendar.local(end).date():
        if day.weekday() < 5 and day not in DAYS_OFF:  # noqa: PLR2004 - Monday to Friday
            opens, closes = (calendar.moment(hour) for hour in calendar.hours_of(day))
            expected += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    assert working_time(start, end, calendar) == expected


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        # within a day, over a night, over a weekend
        ("2025-06-02 10:00", "2025-06-02 12:30", timedelta(hours=2, minutes=30)),
        ("2025-06-02 16:00", "2025-06-03 10:00", timedelta(hours=2)),
        ("2025-06-06 16:00", "2025-06-09 10:00", timedelta(hours=2)),
        # nights and weekends count for nothing; time does not run backwards
        ("2025-06-06 17:00", "2025-06-09 09:00", timedelta()),
        ("2025-06-03 10:00", "2025-06-02 10:00", timedelta()),
        # both changes of the clocks: a week is five days of eight hours
        ("2025-03-28 09:30", "2025-04-04 09:30", 5 * DAY),
        ("2025-10-24 09:30", "2025-10-31 09:30", 5 * DAY),
        # the hour that there is twice, and the one that there is not
        ("2025-10-26 01:00", "2025-10-26 04:00", timedelta()),
        ("2025-03-30 01:00", "2025-03-30 04:00", timedelta()),
        # the end of a month, of a year with its holidays, and a leap day
        ("2025-01-31 09:00", "2025-02-03 17:00", 2 * DAY),
        ("2024-12-24 09:00", "2025-01-02 17:00", 6 * DAY),
        ("2024-02-28 09:00", "2024-03-01 17:00", 3 * DAY),
        # Easter
        ("2025-04-17 16:00", "2025-04-22 10:00", timedelta(hours=2)),
    ],
)
def test_the_working_time_of_known_spans(start: str, end: str, worked: timedelta) -> None:
    assert working_time(geneva(start), geneva(end), GENEVA) == worked
    if worked:
        assert moment_after(geneva(start), worked, GENEVA) == geneva(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2025-06-02 10:00", 1, "2025-06-03 10:00"),
        ("2025-06-06 10:00", 1, "2025-06-09 10:00"),
        # what comes in at the weekend or at night begins with the next morning
        ("2025-06-07 10:00", 1, "2025-06-09 17:00"),
        ("2025-06-02 20:00", 1, "2025-06-03 17:00"),
        ("2025-06-02 07:00", 1, "2025-06-02 17:00"),
        ("2025-03-28 10:00", 5, "2025-04-04 10:00"),
        ("2025-10-24 10:00", 5, "2025-10-31 10:00"),
        ("2025-04-16 10:00", 3, "2025-04-23 10:00"),
        ("2024-12-31 12:00", 1, "2025-01-02 12:00"),
    ],
)
def test_when_so_many_working_days_have_passed(start: str, days: int, end: str) -> None:
    assert moment_after(geneva(start), days * DAY, GENEVA) == geneva(end)


def test_a_pause_over_a_weekend_costs_the_working_hours_in_it_alone() -> None:
    asked = Pause(geneva("2025-06-06 15:00"), geneva("2025-06-09 11:00"))
    found = moment_after(geneva("2025-06-06 10:00"), DAY, GENEVA, [asked])
    assert found == geneva("2025-06-09 14:00")
