"""Recommendations whose date comes near or has passed: told once of each date, in one letter."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from history.models import Event
from outbox.models import Heartbeat, Message
from partners.models import User
from tests import make
from toolkit.models import Implementation, Recommendation
from toolkit.plan.reminders import REMINDED
from toolkit.tasks import look_after_plans
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PLAN = "/country/ken/plan/1/"


def day(ahead: int) -> date:
    return timezone.now().date() + timedelta(days=ahead)


@pytest.fixture
def cycle() -> Implementation:
    made = make.implementation(lead_agency=make.agency("INTERPOL"))
    Implementation.objects.update(reported_until=timezone.now().date())  # no report here
    return made


def due(cycle: Implementation, ahead: int, state: str = "accepted") -> Recommendation:
    text = f"In {ahead} days, {state}."
    return make.recommendation(cycle, state, due_on=day(ahead), text=text)


def run() -> list[Message]:
    """What the daily task writes."""
    before = set(Message.objects.values_list("pk", flat=True))
    look_after_plans()
    return list(Message.objects.exclude(pk__in=before).order_by("pk"))


def to(person: User, messages: list[Message]) -> list[str]:
    return [one.text for one in messages if one.recipient == f"user:{person.pk}"]


def test_what_is_due_within_thirty_days_is_told_to_the_focal_points_once(cycle):
    kenya, other = make.focal_point(), make.focal_point(make.party("VNM"))
    interpol = make.agency_officer(make.agency("INTERPOL"))
    due(cycle, 30)
    due(cycle, 3, "under_way")
    due(cycle, 31)
    make.recommendation(cycle, "accepted")
    letters = run()
    (text,) = to(kenya, letters)
    assert len(letters) == 1
    assert "In 30 days, accepted." in text
    assert "In 3 days, under_way." in text
    assert "In 31 days" not in text
    assert PLAN in text
    assert to(other, letters) == to(interpol, letters) == []
    assert Event.objects.about(cycle).last().kind == REMINDED
    assert run() == []


def test_what_is_overdue_is_told_to_the_lead_agency_too_even_weeks_late(cycle):
    kenya = make.focal_point()
    interpol = make.agency_officer(make.agency("INTERPOL"))
    due(cycle, -45)
    due(cycle, 10)
    letters = run()
    (mine,), (theirs,) = to(kenya, letters), to(interpol, letters)
    assert len(letters) == 2
    assert "In -45 days" in mine
    assert "In 10 days" in mine
    assert "In -45 days" in theirs
    assert "In 10 days" not in theirs
    assert run() == []


def test_a_date_that_was_told_ahead_is_told_again_when_it_has_passed(cycle):
    make.focal_point()
    one = due(cycle, 5)
    assert len(run()) == 1
    Recommendation.objects.filter(pk=one.pk).update(due_on=day(-1), reminded_of=day(-1))
    assert len(run()) == 1
    assert run() == []


def test_a_new_date_is_told_anew(cycle):
    make.focal_point()
    one = due(cycle, 5)
    assert len(run()) == 1
    one.refresh_from_db()
    perform("move_due", one, by=make.the_officer(), data={"due_on": day(20), "reason": "Vote."})
    Message.objects.all().delete()
    assert len(run()) == 1
    assert run() == []


@pytest.mark.parametrize("state", ["done", "verified", "not_accepted", "superseded"])
def test_nothing_is_told_of_what_is_done_or_settled(cycle, state):
    make.focal_point()
    due(cycle, -5, state)
    later = cycle.recommendations.exclude(state=state)
    later.update(due_on=None)
    assert run() == []


def test_the_daily_task_leaves_its_heartbeat(cycle):
    look_after_plans()
    assert Heartbeat.objects.get(name="action-plans").every == timedelta(days=1)
