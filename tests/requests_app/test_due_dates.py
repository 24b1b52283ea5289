"""When a request is due: stored by every action, computed again from what happened."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from requests_app import clock, tasks
from requests_app.models import Holiday, SupportRequest, Target, WaitsFor
from requests_app.recomputing import differences, recompute_due
from tests import make
from workflow.errors import InvalidInput
from workflow.executor import allowed_actions, perform

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)  # ten o'clock in Geneva
DAY = timedelta(days=1)


def target(state: str, days: int, urgency: str = "normal") -> Target:
    return Target.objects.create(state=state, urgency=urgency, working_days=days)


def day_off(day: date) -> Holiday:
    return Holiday.objects.create(day=day, name_en="Day off", name_fr="Congé", name_es="Libre")


def due(case: SupportRequest) -> "datetime | None":
    case.refresh_from_db()
    return case.due_at


def country_of(case: SupportRequest) -> Any:
    return make.someone("focal_point", case.party, "Focal point")


def said_by(command: str, *options: str) -> str:
    said = StringIO()
    call_command(command, *options, stdout=said)
    return said.getvalue()


# ── with the actions ─────────────────────────────────────────────────────────────────────────


def test_each_state_has_its_own_due_date_and_one_without_a_target_has_none() -> None:
    target("submitted", 5)
    target("in_review", 10)
    target("in_review", 1, "critical")
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("submitted")
    assert due(case) == MONDAY + 7 * DAY
    with time_machine.travel(MONDAY + DAY, tick=False):
        perform("take_up", case, by=make.the_officer(), data={"assignee": make.the_officer()})
    assert (case.state_since, due(case)) == (MONDAY + DAY, MONDAY + 15 * DAY)
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        perform("return", case, by=make.the_officer(), data={"to_correct": "Name the ports."})
    assert (due(case), case.waits_for) == (None, WaitsFor.COUNTRY)


def test_an_action_that_leaves_the_state_leaves_the_due_date() -> None:
    target("in_review", 10)
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("in_review")
    before = due(case)
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        perform("advise", case, by=make.the_officer(), data={"advice": "Write to the bureau."})
    assert (case.state_since, due(case)) == (MONDAY, before)


def test_a_question_takes_the_due_date_away_and_its_answer_gives_a_later_one() -> None:
    target("in_review", 10)
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("in_review")
    assert due(case) == MONDAY + 14 * DAY
    with time_machine.travel(MONDAY + DAY, tick=False):
        thread = make.conversation(case)
    assert (due(case), case.waits_for) == (None, WaitsFor.COUNTRY)
    with time_machine.travel(MONDAY + 8 * DAY, tick=False):
        perform("reply", thread, by=country_of(case), data={"text": "All ports."})
    # The five working days of the pause are given back.
    assert (due(case), case.waits_for) == (MONDAY + 21 * DAY, WaitsFor.SECRETARIAT)


def test_a_question_given_up_lets_the_clock_run_again_too() -> None:
    target("in_review", 10)
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("in_review")
        thread = make.conversation(case)
    with time_machine.travel(MONDAY + DAY, tick=False):
        perform("close", thread, by=make.the_officer())
    assert due(case) == MONDAY + 15 * DAY


def test_a_request_that_has_ended_is_due_no_more() -> None:
    target("in_review", 10)
    case = make.request_in("in_review")
    assert due(case)
    perform("withdraw", case, by=country_of(case), data={"reason": "Solved."})
    assert (due(case), case.waits_for) == (None, WaitsFor.NOBODY)


# ── with the calendar and the targets ────────────────────────────────────────────────────────


def test_a_new_day_off_moves_what_is_due_after_it_and_nothing_else() -> None:
    target("submitted", 5)
    target("in_review", 1)
    with time_machine.travel(MONDAY, tick=False):
        late, soon = make.request_in("submitted"), make.request_in("in_review")
        ended = make.request_in("withdrawn")
    day_off(date(2026, 6, 3))
    assert recompute_due() == 1
    assert (due(late), due(soon), due(ended)) == (MONDAY + 8 * DAY, MONDAY + DAY, None)
    assert recompute_due() == 0
    Holiday.objects.all().delete()
    assert recompute_due() == 1
    assert due(late) == MONDAY + 7 * DAY


def test_who_was_told_of_a_date_that_has_moved_is_told_again() -> None:
    target("submitted", 5)
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("submitted")
        told = {"reminded_at": MONDAY, "escalated_at": MONDAY}
        SupportRequest.objects.update(**told)
        recompute_due()
        case.refresh_from_db()
        assert case.reminded_at
        day_off(date(2026, 6, 3))
        recompute_due()
    case.refresh_from_db()
    assert (case.reminded_at, case.escalated_at) == (None, None)


def test_of_a_date_that_has_moved_only_what_is_no_longer_true_is_forgotten() -> None:
    kept = target("submitted", 1)
    make.the_lead()
    cases = {}
    for name, later in (("past", 0 * DAY), ("today", 1.25 * DAY), ("in days", 3 * DAY)):
        with time_machine.travel(MONDAY + later, tick=False):
            cases[name] = make.request_in("submitted")
    told_at = MONDAY + 8 * DAY
    with time_machine.travel(told_at, tick=False):
        tasks.remind()
        kept.working_days = 5
        kept.save()
        assert recompute_due() == 3
    found = {name: (due(case), case.reminded_at, case.escalated_at) for name, case in cases.items()}
    assert found == {
        "past": (MONDAY + 7 * DAY, told_at, told_at),
        "today": (MONDAY + 8.25 * DAY, told_at, None),
        "in days": (MONDAY + 10 * DAY, None, None),
    }


def test_computing_again_costs_the_same_for_1_and_30_requests() -> None:
    target("submitted", 5)

    def queries() -> int:
        Target.objects.update(working_days=6 if Target.objects.get().working_days == 5 else 5)
        with CaptureQueriesContext(connection) as captured:
            assert recompute_due() == SupportRequest.objects.count()
        return len(captured)

    make.request_in("submitted")
    one = queries()
    for _each in range(29):
        make.request_in("submitted")
    assert queries() == one


# ── as the desk reads it ─────────────────────────────────────────────────────────────────────


def test_the_reading_of_the_clock() -> None:
    target("in_review", 10)
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("in_review")
    with time_machine.travel(MONDAY + DAY, tick=False):
        thread = make.conversation(case)
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        case.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            still = clock.reading(case)
        assert len(captured) == 3
        perform("reply", thread, by=country_of(case), data={"text": "All ports."})
    pause = clock.Pause(MONDAY + DAY, None)
    assert still == clock.ClockReading(MONDAY, 10, 1.0, None, True, [pause])
    with time_machine.travel(MONDAY + 4 * DAY + timedelta(hours=4), tick=False):
        case.refresh_from_db()
        posts = list(thread.posts.all())
        with CaptureQueriesContext(connection) as captured:
            runs = clock.reading(case, posts)
        assert len(captured) == 2
        assert not runs.is_overdue
    pause = clock.Pause(MONDAY + DAY, MONDAY + 3 * DAY)
    assert runs == clock.ClockReading(MONDAY, 10, 2.5, MONDAY + 16 * DAY, False, [pause])
    with time_machine.travel(MONDAY + 30 * DAY, tick=False):
        assert clock.reading(case).is_overdue


def test_a_pause_ends_with_the_request_though_the_question_is_closed_much_later() -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = make.request_in("in_review")
        thread = make.conversation(case)
    with time_machine.travel(MONDAY + DAY, tick=False):
        perform("withdraw", case, by=country_of(case), data={"reason": "Solved."})
    with time_machine.travel(MONDAY + 9 * DAY, tick=False):
        perform("close", thread, by=make.the_officer())
        case.refresh_from_db()
        assert clock.pauses(case) == [clock.Pause(MONDAY, MONDAY + DAY)]
        reading = clock.reading(case)
    assert (reading.target_days, reading.used_days, reading.due_at) == (None, 0.0, None)


# ── computed again from what happened ────────────────────────────────────────────────────────


def country() -> Any:
    return make.someone("focal_point", make.party(), "Focal point")


# What may be done at a turn, and by whom.
ACTS: list[tuple[str, Any, Any]] = [
    ("take_up", make.the_officer, lambda: {"assignee": make.the_officer()}),
    ("return", make.the_officer, lambda: {"to_correct": "Name the ports."}),
    ("ask", make.the_officer, lambda: {"subject": "Ports", "text": "Which ports?"}),
    (
        "refer",
        make.the_officer,
        lambda: {
            "agencies": [make.agency("INTERPOL")],
            "note": "Please say.",
            "answer_due_on": make.in_a_month(),
        },
    ),
    ("advise", make.the_officer, lambda: {"advice": "Write to the bureau."}),
    ("release", make.the_officer, dict),
    ("note", make.the_officer, lambda: {"text": "Called the capital."}),
    (
        "accept",
        make.the_lead,
        lambda: {
            "lead_agency": make.agency("INTERPOL"),
            "decision": "Granted.",
            "funding_known": True,
        },
    ),
    ("withdraw", country, lambda: {"reason": "Solved."}),
    ("reopen", make.the_lead, lambda: {"reason": "Not solved."}),
    ("submit", country, lambda: {"declared": True}),
    ("reply", country, lambda: {"text": "All ports."}),
    ("close", make.the_officer, dict),
    ("recall", make.the_officer, lambda: {"reason": "Sent in error."}),
]
turns = st.lists(
    st.tuples(st.integers(0, 1000), st.timedeltas(timedelta(hours=1), timedelta(days=9))),
    min_size=4,
    max_size=12,
)


def do(case: SupportRequest, chosen: int) -> None:
    """One of the actions that are open now. A guard may refuse it: then nothing has happened."""
    case.refresh_from_db()
    objects: dict[str, Any] = {
        "reply": case.threads.exclude(state="closed").last(),
        "close": case.threads.exclude(state="closed").last(),
        "recall": case.referrals.live().last(),
    }
    possible = []
    for action, actor, data in ACTS:
        obj, by = objects.get(action, case), actor()
        if obj is not None and action in {one.action for one in allowed_actions(obj, by)}:
            possible.append((action, obj, by, data))
    action, obj, by, data = possible[chosen % len(possible)]
    with suppress(InvalidInput):
        perform(action, obj, by=by, data=data())


# Without shrinking: an example walks a request through the workflow and names its turns.
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(turns)
def test_whatever_happens_what_is_stored_is_what_follows_from_it(
    turns: list[tuple[int, timedelta]],
) -> None:
    for state in ("submitted", "in_review", "referred", "accepted"):
        Target.objects.get_or_create(state=state, urgency="normal", defaults={"working_days": 4})
    Holiday.objects.get_or_create(day=date(2026, 6, 4), name_en="Day off")
    moment = MONDAY
    with time_machine.travel(moment, tick=False) as machine:
        case = make.request_in("submitted")
        for chosen, later in turns:
            moment += later
            machine.move_to(moment, tick=False)
            do(case, chosen)
            assert list(differences(mend=False)) == []
        case.refresh_from_db()
        assert clock.reading(case).due_at == case.due_at
        assert clock.stands_still(case) == clock.reading(case).stands_still


def test_the_command_names_what_differs_and_mends_it_when_it_is_not_to_check_only() -> None:
    target("submitted", 5)
    with time_machine.travel(MONDAY, tick=False):
        wrong, right = make.request_in("submitted"), make.request_in("in_review")
        make.draft()
    assert said_by("recompute_clock", "--check").startswith("The clock of every request is")
    SupportRequest.objects.filter(pk=wrong.pk).update(
        state_since=MONDAY - DAY, due_at=None, waits_for=WaitsFor.NOBODY
    )
    with pytest.raises(CommandError, match="3 stored values differ"):
        said_by("recompute_clock", "--check")
    said = said_by("recompute_clock").splitlines()
    assert [line.split(" is ")[0] for line in said[:-1]] == [
        f"{wrong.reference}: state_since",
        f"{wrong.reference}: waits_for",
        f"{wrong.reference}: due_at",
    ]
    assert said[-1] == "3 stored values mended."
    wrong.refresh_from_db()
    assert (wrong.state_since, wrong.waits_for) == (MONDAY, WaitsFor.SECRETARIAT)
    assert (due(wrong), due(right)) == (MONDAY + 7 * DAY, None)
    assert said_by("recompute_clock", "--check").startswith("The clock of every request is")


def test_the_hourly_task_mends_due_dates_and_touches_nothing_else() -> None:
    target("submitted", 5)
    case = make.request_in("submitted")
    before = SupportRequest.objects.filter(pk=case.pk).values().get()
    SupportRequest.objects.update(due_at=timezone.now() + 90 * DAY)
    tasks.remind()
    assert SupportRequest.objects.filter(pk=case.pk).values().get() == before
