"""Reminders of the tracker: of what stands still, is late or waits for confirmation; once each."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Heartbeat, Message
from tests import make
from toolkit.models import Implementation, StepStatus
from toolkit.steps import Step
from toolkit.tasks import remind_of_steps
from toolkit.workflow import load_table_row
from workflow.executor import perform

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 20, 9, tzinfo=timezone.get_fixed_timezone(0))


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cycle(clock) -> Implementation:
    """Requested on 15 January 2026, opened five days later; with everybody who could be told."""
    make.focal_point(make.party("KEN"))
    make.agency_officer(make.agency("WCO"))
    make.the_officer(), make.agency_officer(make.agency("UNODC"))
    make.focal_point(make.party("VNM"))
    return make.implementation(make.party("KEN"), make.agency("WCO"))


def after(clock, days: int) -> list[tuple[str, str]]:
    """The letters that the task writes so many days after the start: to whom, and about what."""
    clock.move_to(START + timedelta(days=days))
    before = set(Message.objects.values_list("pk", flat=True))
    remind_of_steps()
    letters = Message.objects.exclude(pk__in=before).order_by("subject", "recipient")
    return [(_whom(letter.recipient), letter.subject) for letter in letters]


def _whom(recipient: str) -> str:
    from partners.models import User  # noqa: PLC0415

    person = User.objects.get(pk=recipient.removeprefix("user:"))
    mandate = person.mandates.get()
    return str(mandate.party or mandate.agency)


def everybody(subject: str) -> list[tuple[str, str]]:
    bodies = ("Kenya", str(make.agency("WCO")), str(make.secretariat()))
    return sorted((body, subject) for body in bodies)


STILL = "Toolkit, Kenya: nothing has moved at step 2"


def test_the_next_step_of_a_cycle_that_stands_still_is_told_of_once(cycle, clock):
    assert after(clock, 89) == []
    assert sorted(after(clock, 90)) == everybody(STILL)
    assert after(clock, 91) == after(clock, 300) == []


def test_a_worker_that_was_off_for_weeks_catches_up(cycle, clock):
    assert sorted(after(clock, 130)) == everybody(STILL)


def test_a_movement_begins_a_new_standstill(cycle, clock):
    after(clock, 90)
    clock.move_to(START + timedelta(days=100))
    note = {"note": "Called the ministry."}
    perform("note", cycle.steps.get(position=2), by=make.the_officer(), data=note)
    assert after(clock, 189) == []
    assert sorted(after(clock, 190)) == everybody(STILL)


def test_the_movement_of_another_step_counts_for_the_next_one(cycle, clock):
    after(clock, 90)
    clock.move_to(START + timedelta(days=100))
    note = {"note": "The report is being printed."}
    perform("note", cycle.steps.get(position=6), by=make.the_officer(), data=note)
    assert after(clock, 189) == []
    assert sorted(after(clock, 190)) == everybody(STILL)


def test_where_something_is_under_way_that_is_told_of_and_not_the_next(cycle, clock):
    make.move(cycle.steps.get(position=3), "under_way", date(2026, 1, 20))
    subject = "Toolkit, Kenya: nothing has moved at step 3"
    assert sorted(set(after(clock, 90))) == everybody(subject)


def test_a_cycle_that_has_come_to_its_end_is_left_alone(cycle, clock):
    for step in cycle.steps.filter(position__gt=1, position__lt=9):
        skipped = {"note": "Not in this exercise."}
        state = "done" if step.step == Step.PRESENTATION else "not_applicable"
        make.move(step, state, date(2026, 1, 20), despite="Agreed.", **skipped)
    make.move(cycle.steps.get(position=9), "under_way", date(2026, 1, 20))
    assert after(clock, 200) == []


def test_a_row_of_a_published_table_is_left_alone_until_somebody_takes_it_up(cycle, clock):
    viet_nam = make.party("VNM")
    loaded = load_table_row(viet_nam, ["request"], as_of=date(2015, 11, 9), source="SC66 Inf. 9")
    assert loaded is not None
    assert {who for who, _subject in after(clock, 200)} == {who for who, _s in everybody(STILL)}
    perform("note", loaded.steps.get(position=2), by=make.the_officer(), data={"note": "Begun."})
    assert {body for body, _subject in after(clock, 290)} == {
        "Viet Nam", str(make.secretariat()),
    }  # fmt: skip


LATE = "Toolkit, Kenya: the expected date of step 4 is past"


def expect(step: StepStatus, day: date) -> None:
    said = {"agency": None, "national_lead": "", "expected_on": day}
    perform("plan", step, by=make.the_officer(), data=said)


def test_a_step_past_its_expected_date_is_told_of_once_for_each_date(cycle, clock):
    step = cycle.steps.get(position=4)
    expect(step, date(2026, 1, 30))
    assert after(clock, 10) == []  # the day itself is not past
    assert sorted(after(clock, 11)) == everybody(LATE)
    assert after(clock, 12) == []
    expect(step, date(2026, 2, 10))
    assert after(clock, 21) == []
    assert sorted(after(clock, 22)) == everybody(LATE)
    letter = Message.objects.filter(subject=LATE).latest("pk")
    assert "was expected on 10 February 2026. It is: not started." in letter.text


def test_a_step_that_is_done_is_late_no_more(cycle, clock):
    step = cycle.steps.get(position=2)
    expect(step, date(2026, 1, 30))
    make.move(step, "done", date(2026, 1, 20))
    assert after(clock, 11) == []


def test_a_move_that_waits_for_a_week_is_told_to_those_who_can_confirm_it_and_once(cycle, clock):
    step = cycle.steps.get(position=2)
    data = {"state": "done", "effective_on": date(2026, 1, 20), "precision": "day"}
    perform("propose", step, by=make.the_officer(), data=data)
    make.the_lead()
    subject = "Toolkit, Kenya: a change of step 2 still waits for confirmation"
    able = sorted([(str(make.secretariat()), subject), (str(make.agency("WCO")), subject)])

    assert after(clock, 6) == []
    assert sorted(after(clock, 7)) == able  # not the officer who proposed it
    assert after(clock, 8) == after(clock, 200) == []
    told = Message.objects.filter(subject=subject)
    assert make.the_officer().email not in {one.address for one in told}
    at_desk = told.get(address=make.the_lead().email)
    assert f"/admin/toolkit/implementation/{cycle.pk}/change/" in at_desk.text
    assert "/toolkit/ken/1/2/" in told.exclude(pk=at_desk.pk).get().text


def test_the_days_of_patience_are_a_setting(cycle, clock, settings):
    settings.TOOLKIT_STILL_DAYS = 30
    assert after(clock, 29) == []
    assert sorted(after(clock, 30)) == everybody(STILL)


def test_the_task_leaves_its_heartbeat(cycle, clock):
    after(clock, 1)
    assert Heartbeat.objects.get(name="toolkit-reminders").every == timedelta(hours=1)
