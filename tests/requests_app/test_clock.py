"""The clock of a request stands still while the country is asked something."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from history.models import Event
from outbox.models import Message
from requests_app import clock, tasks
from requests_app.models import Post, Referral, SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 400
SPAN = st.tuples(st.integers(0, HOURS), st.one_of(st.none(), st.integers(0, 200)))


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def still(spans: list[tuple[datetime, datetime | None]], moment: datetime) -> bool:
    return any(start <= moment and (end is None or moment <= end) for start, end in spans)


@given(st.lists(SPAN, max_size=12))
def test_pauses_cover_what_the_questions_cover_and_never_touch_each_other(
    drawn: list[tuple[int, int | None]],
) -> None:
    spans = [(at(one), None if long is None else at(one + long)) for one, long in drawn]
    pauses = clock.union(spans)
    covered = [(pause.start, pause.end) for pause in pauses]
    for hour in range(2 * HOURS):
        moment = at(hour) + timedelta(minutes=30)
        assert still(covered, moment) == still(spans, moment)
    for before, after in zip(pauses, pauses[1:], strict=False):
        assert before.end is not None
        assert before.end < after.start


@given(st.lists(SPAN, max_size=12), st.integers(0, 40))
def test_the_days_of_a_pause_are_never_counted_twice(
    drawn: list[tuple[int, int | None]], days: int
) -> None:
    spans = [(at(one), None if long is None else at(one + long)) for one, long in drawn]
    until = START.date() + timedelta(days=days)
    counted = clock.days_in(clock.union(spans), START.date(), until)
    assert 0 <= counted <= days
    assert clock.days_in(clock.union([*spans, *spans]), START.date(), until) == counted


# ── with a request ───────────────────────────────────────────────────────────────────────────


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def asked(case: SupportRequest, days: int) -> Any:
    """A question that was put so many days ago."""
    thread = make.conversation(case)
    Post.objects.filter(thread=thread).update(written_at=days_ago(days))
    return thread


def sent(case: SupportRequest, days: int, due_in: int) -> None:
    Referral.objects.filter(support_request=case).update(
        sent_at=days_ago(days),
        answer_due_on=timezone.now().date() + timedelta(days=due_in),
        reminded_at=None,
    )


@pytest.mark.django_db
def test_an_answer_gives_agencies_the_days_back_on_which_the_clock_stood_still() -> None:
    case = make.request_in("referred", agencies=("INTERPOL", "WCO", "UNODC"))
    country = make.someone("focal_point", case.party, "Focal point")
    wco, unodc = (case.referrals.get(agency__code=code) for code in ("WCO", "UNODC"))
    perform("accept", wco, by=make.agency_officer(make.agency("WCO")))
    sent(case, days=20, due_in=10)
    # UNODC came in while the clock stood still already.
    Referral.objects.filter(pk=unodc.pk).update(sent_at=days_ago(2))
    first, second = asked(case, 6), asked(case, 3)

    perform("reply", first, by=country, data={"text": "All ports."})
    assert clock.stands_still(case)
    assert not Event.objects.filter(kind="referrals.prolonged").exists()

    perform("reply", second, by=country, data={"text": "Every day."})
    assert not clock.stands_still(case)
    assert clock.paused_days(case) == 6
    today = timezone.now().date()
    due = {
        referral.agency.code: (referral.answer_due_on - today).days
        for referral in case.referrals.all()
    }
    assert due == {"INTERPOL": 16, "WCO": 10, "UNODC": 12}
    said = [event.changes["days"] for event in Event.objects.filter(kind="referrals.prolonged")]
    assert sorted(said) == [2, 6]


@pytest.mark.django_db
def test_closing_an_unanswered_question_lets_the_clock_run_again() -> None:
    case = make.request_in("referred")
    sent(case, days=9, due_in=1)
    thread = asked(case, 4)
    perform("close", thread, by=make.the_officer())
    assert not clock.stands_still(case)
    assert case.referrals.get().answer_due_on == timezone.now().date() + timedelta(days=5)


@pytest.mark.django_db
def test_an_answer_on_the_day_of_the_question_moves_no_date() -> None:
    case = make.request_in("referred")
    before = case.referrals.get().answer_due_on
    make.conversation(case, "open")
    assert case.referrals.get().answer_due_on == before
    assert not Event.objects.filter(kind="referrals.prolonged").exists()


@pytest.mark.django_db
def test_with_the_request_the_pause_ends_too() -> None:
    case = make.request_in("referred")
    asked(case, 5)
    country = make.someone("focal_point", case.party, "Focal point")
    perform("withdraw", case, by=country, data={"reason": "Solved."})
    assert not clock.stands_still(case)
    (pause,) = clock.pauses(case)
    assert pause.end is not None


@pytest.mark.django_db
def test_nobody_is_reminded_while_the_clock_stands_still_but_afterwards_again() -> None:
    case = make.request_in("referred")
    sent(case, days=30, due_in=-1)
    thread = asked(case, 3)
    Message.objects.all().delete()
    assert (tasks.remind(), Message.objects.count()) == (0, 0)
    country = make.someone("focal_point", case.party, "Focal point")
    perform("reply", thread, by=country, data={"text": "All ports."})
    assert tasks.remind() == 1


@pytest.mark.django_db
def test_nothing_is_overdue_while_the_clock_stands_still() -> None:
    late, paused = make.request_in("referred"), make.request_in("referred")
    sent(late, days=30, due_in=-2)
    sent(paused, days=30, due_in=-2)
    asked(paused, 3)
    officer = signed_in(make.agency_officer(make.agency("INTERPOL")))
    inbox = page(officer.get(reverse("inbox:list")))
    assert inbox.count("Overdue") == 1
    assert inbox.count("the clock stands still") == 1
    desk = signed_in(make.the_officer())
    shown = desk.get(reverse("admin:requests_app_referral_changelist"), {"answer": "late"})
    assert [one.support_request for one in shown.context["cl"].result_list] == [late]
    assert list(Referral.objects.overdue()) == [late.referrals.get()]
