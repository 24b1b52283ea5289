"""The tracker on any date, as known at any moment."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from history.models import Event
from tests import make
from tests.reading_pages import page, signed_in
from toolkit import asof
from toolkit.models import Implementation
from toolkit.steps import Phase, Step, phase_of
from toolkit.workflow import load_table_row
from workflow.errors import InvalidInput
from workflow.executor import perform

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()
DOCUMENT = date(2015, 11, 9)
BEFORE_REQUEST = "Give 15 January 2026 or a later date: no step comes before the request."


def ticks(as_of: date, known_at: Any = None, actor: Any = NOBODY) -> dict[str, list[str]]:
    """Party → steps done, as a reader of the table sees it."""
    return {
        row.implementation.party.code: [step for step in Step if step in row.done]
        for row in asof.table(actor, as_of, known_at)
    }


@pytest.fixture
def kenya() -> Implementation:
    done = [Step.REQUEST, Step.NOMINATION, Step.PREPARATORY_WORK]
    implementation = load_table_row(make.party(), done, as_of=DOCUMENT, source="SC66 Inf. 9")
    assert implementation is not None
    return implementation


def test_a_printed_table_holds_from_its_date_and_not_before(kenya: Implementation) -> None:
    assert ticks(DOCUMENT) == {"KEN": ["request", "nomination_of_focal_point", "preparatory_work"]}
    assert ticks(DOCUMENT - timedelta(days=1)) == {}
    assert ticks(date(2010, 1, 1)) == {}


def test_a_row_is_loaded_once(kenya: Implementation) -> None:
    again = load_table_row(make.party(), [Step.REQUEST], as_of=DOCUMENT, source="SC66 Inf. 9")
    assert (again, Implementation.objects.count()) == (None, 1)


def test_a_later_step_does_not_change_what_an_earlier_date_shows(kenya: Implementation) -> None:
    make.publish(kenya)
    meeting = kenya.steps.get(step=Step.INITIAL_MEETING)
    make.move(meeting, "done", date(2016, 5, 31), "month", source="A letter")
    assert "initial_meeting" not in ticks(date(2016, 5, 30))["KEN"]
    assert "initial_meeting" in ticks(date(2016, 5, 31))["KEN"]
    assert len(ticks(DOCUMENT)["KEN"]) == 3


def test_a_correction_rewrites_the_past_but_not_what_was_known_then(kenya: Implementation) -> None:
    before = timezone.now()
    step = kenya.steps.get(step=Step.PREPARATORY_WORK)
    make.correct(step, "not_started", DOCUMENT, "by", reason="The table was wrong.")
    assert ticks(DOCUMENT) == {"KEN": ["request", "nomination_of_focal_point"]}
    assert len(ticks(DOCUMENT, known_at=before)["KEN"]) == 3
    event = Event.objects.latest("pk")
    assert event.changes["was"]["state"] == "done"
    assert event.changes["reason"] == "The table was wrong."


def holding(step: Step, as_of: date, actor: Any = NOBODY) -> tuple[str, date] | None:
    """State and stored day of a step in the one row of the table."""
    rows = asof.table(actor, as_of)
    fact = rows[0].facts.get(step) if rows else None
    return (fact.state, fact.effective_on) if fact else None


def test_a_corrected_end_leaves_the_beginning_and_a_corrected_beginning_no_other_one() -> None:
    cycle = make.implementation()
    mission = cycle.steps.get(step=Step.MISSION)
    auditor = make.auditor()
    make.move(mission, "under_way", date(2026, 2, 1))
    make.move(mission, "done", date(2026, 3, 1))

    def read(*days: date) -> list[Any]:
        return [holding(Step.MISSION, day, auditor) for day in days]

    middle, early, end = date(2026, 2, 15), date(2026, 1, 20), date(2026, 3, 9)
    make.correct(mission, "done", date(2026, 3, 2))
    assert read(middle, date(2026, 3, 1), date(2026, 3, 2)) == [
        ("under_way", date(2026, 2, 1)),
        ("under_way", date(2026, 2, 1)),
        ("done", date(2026, 3, 2)),
    ]
    make.correct(mission, "done", date(2026, 1, 19))  # before it was said to have begun
    assert read(early, middle) == [("done", date(2026, 1, 19))] * 2
    make.correct(mission, "under_way", date(2026, 2, 20))
    assert read(early, middle, end) == [None, None, ("under_way", date(2026, 2, 20))]
    make.move(mission, "done", date(2026, 3, 3))
    make.correct(mission, "under_way", date(2026, 2, 25))
    assert read(date(2026, 2, 20), end) == [None, ("under_way", date(2026, 2, 25))]
    make.correct(mission, "not_started")
    assert read(early, middle, end) == [None] * 3


def test_correcting_what_is_not_public_makes_nothing_of_it_public(kenya: Implementation) -> None:
    step = kenya.steps.get(step=Step.PREPARATORY_WORK)
    make.correct(step, "under_way", date(2015, 11, 1), source="A first letter")
    printed = ("under_way", date(2015, 11, 1))
    assert holding(step.step, DOCUMENT) == printed
    make.move(step, "done", date(2024, 5, 5), source="Hidden letter")
    make.correct(step, "done", date(2024, 6, 6), source="Hidden letter, mended")

    today = timezone.now().date()
    assert holding(step.step, today) == printed
    assert holding(step.step, today, make.auditor()) == ("done", date(2024, 6, 6))
    for address in ("", "ken/", "feed.atom", "table.csv", "table.json", "figures/requested/"):
        read = Client().get(f"/toolkit/{address}").content.decode()
        hidden = ("Hidden letter", "5 May 2024", "6 June 2024", "2024-05-05", "2024-06-06")
        assert [said for said in hidden if said in read] == []
        assert "A first letter" in read or address == ""


def test_what_was_recorded_before_is_for_those_inside_and_for_all_where_the_cycle_is_public(
    kenya: Implementation,
) -> None:
    step = kenya.steps.get(step=Step.PREPARATORY_WORK)
    make.correct(step, "under_way", date(2015, 11, 1))
    make.move(step, "done", date(2024, 5, 5))
    make.correct(step, "under_way", date(2015, 10, 1))  # replaces what is printed as well
    readers = {"public": Client(), "inside": signed_in(make.focal_point())}
    before = "Before: done, 5 May 2024"

    def told() -> dict[str, bool]:
        return {name: before in page(one.get("/toolkit/ken/")) for name, one in readers.items()}

    assert told() == {"public": False, "inside": True}
    feeds = [Client().get(address).content.decode() for address in ("/toolkit/feed.atom",)]
    assert [one for one in feeds if "5 May 2024" in one] == []
    make.publish(kenya)
    assert told() == {"public": True, "inside": True}
    assert "5 May 2024" in Client().get("/toolkit/feed.atom").content.decode()
    focal = make.focal_point()
    perform("withdraw_consent", kenya, by=focal, data={"reason": "Under review."})
    assert told() == {"public": False, "inside": True}


def test_a_step_begun_in_march_may_have_ended_before_march_was_over() -> None:
    cycle = make.implementation()
    mission = cycle.steps.get(step=Step.MISSION)
    make.move(mission, "under_way", date(2026, 3, 10), "month")
    with pytest.raises(InvalidInput) as refused:
        make.move(mission, "done", date(2026, 2, 28))
    assert refused.value.fields == {
        "effective_on": ["Give 1 March 2026 or a later date: no step ends before it begins."]
    }
    make.move(mission, "done", date(2026, 3, 20))
    make.publish(cycle)
    days = [date(2026, 3, 19), date(2026, 3, 20), date(2026, 3, 31), date(2026, 4, 1)]
    assert [holding(Step.MISSION, day) for day in days] == [
        None, *[("done", date(2026, 3, 20))] * 3
    ]  # fmt: skip
    read = page(Client().get("/toolkit/ken/"))
    assert "In-country mission done, 20 March 2026" in read
    assert "before: under way, March 2026" in read


def test_no_step_ends_before_it_begins_or_comes_before_the_request() -> None:
    cycle = make.implementation()  # requested on 15 January 2026
    meeting = cycle.steps.get(step=Step.INITIAL_MEETING)
    mission = cycle.steps.get(step=Step.MISSION)
    refused = {}
    make.move(meeting, "under_way", date(2026, 3, 20))
    for name, state, step, day in (
        ("end before start", "done", meeting, date(2026, 3, 19)),
        ("start before request", "under_way", mission, date(2026, 1, 14)),
        ("end before request", "done", mission, date(2026, 1, 14)),
    ):
        with pytest.raises(InvalidInput) as found:
            make.move(step, state, day)
        refused[name] = found.value.fields
    assert refused == {
        "end before start": {
            "effective_on": ["Give 20 March 2026 or a later date: no step ends before it begins."]
        },
        "start before request": {"effective_on": [BEFORE_REQUEST]},
        "end before request": {"effective_on": [BEFORE_REQUEST]},
    }
    with pytest.raises(InvalidInput):
        make.move(meeting, "not_applicable", date(2026, 3, 19))
    make.move(meeting, "done", date(2026, 3, 20))
    make.correct(meeting, "done", date(2026, 3, 1))
    assert (meeting.state, meeting.effective_on) == ("done", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("precision", "stored"),
    [
        ("day", date(2024, 2, 10)),
        ("by", date(2024, 2, 10)),
        ("month", date(2024, 2, 29)),
        ("year", date(2024, 12, 31)),
    ],
)
def test_a_month_or_a_year_counts_from_its_last_day_whichever_was_typed(
    precision: str, stored: date, kenya: Implementation
) -> None:
    make.publish(kenya)
    step = kenya.steps.get(step=Step.INITIAL_MEETING)
    make.move(step, "done", date(2024, 2, 10), precision)
    event = Event.objects.latest("pk")
    assert (step.effective_on, event.effective_on, event.precision) == (stored, stored, precision)
    assert step.step not in ticks(stored - timedelta(days=1))["KEN"]
    assert step.step in ticks(stored)["KEN"]


@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_period_that_is_not_over_counts_from_today(precision: str, kenya: Implementation) -> None:
    step, today = kenya.steps.get(step=Step.INITIAL_MEETING), timezone.now().date()
    make.move(step, "done", today.replace(day=1), precision)
    assert (step.effective_on, Event.objects.latest("pk").effective_on) == (today, today)


def test_a_request_made_by_a_day_may_have_been_made_before_every_step(
    kenya: Implementation,
) -> None:
    make.move(kenya.steps.get(step=Step.INITIAL_MEETING), "done", date(2015, 6, 1))
    assert ticks(date(2015, 6, 1), actor=make.auditor()) == {"KEN": ["initial_meeting"]}


def test_a_step_corrected_to_not_started_may_start_on_an_earlier_day(
    kenya: Implementation,
) -> None:
    step = kenya.steps.get(step=Step.PREPARATORY_WORK)
    make.correct(step, "not_started", date(2020, 1, 1))
    make.move(step, "done", date(2016, 1, 1))
    assert step.step in ticks(date(2021, 1, 1), actor=make.auditor())["KEN"]


def test_the_public_sees_no_implementation_that_was_not_made_public(kenya: Implementation) -> None:
    private = make.implementation(make.party("VNM"), make.agency("UNODC"))
    today = timezone.now().date()
    both, one = {"KEN", "VNM"}, {"KEN"}
    assert set(ticks(today)) == one
    assert set(ticks(today, actor=make.focal_point(make.party("PER")))) == one
    assert set(ticks(today, actor=make.agency_officer(make.agency("WCO")))) == one
    assert set(ticks(today, actor=make.agency_officer(make.agency("UNODC")))) == both
    assert set(ticks(today, actor=make.focal_point(make.party("VNM")))) == both
    assert set(ticks(today, actor=make.auditor())) == both
    make.publish(private, by=make.focal_point(make.party("VNM")))
    assert set(ticks(today)) == both


def test_a_table_that_the_public_prints_again_has_no_row_that_was_not_public_then() -> None:
    private = make.implementation(make.party("VNM"), make.agency("UNODC"))
    then, today = timezone.now(), timezone.now().date()
    make.publish(private, by=make.focal_point(make.party("VNM")))
    readers = {
        "public": NOBODY,
        "other agency": make.agency_officer(make.agency("WCO")),
        "country": make.party_viewer(make.party("VNM")),
        "lead agency": make.agency_viewer(make.agency("UNODC")),
        "Secretariat": make.auditor(),
    }
    reprinted = {name: list(ticks(today, then, reader)) for name, reader in readers.items()}
    concerned = dict.fromkeys(("country", "lead agency", "Secretariat"), ["VNM"])
    assert reprinted == {"public": [], "other agency": [], **concerned}
    assert all(list(ticks(today, None, reader)) == ["VNM"] for reader in readers.values())
    assert list(ticks(today, timezone.now())) == ["VNM"]


def test_accepting_a_toolkit_request_opens_the_cycle_with_step_one_done() -> None:
    case = make.request_in("accepted", support_key="toolkit", agencies=("UNODC",))
    implementation = Implementation.objects.get()
    assert (implementation.party, implementation.support_request) == (case.party, case)
    assert implementation.lead_agency == make.agency("UNODC")
    states = dict(implementation.steps.values_list("step", "state"))
    assert states == {step: "done" if step == "request" else "not_started" for step in Step}
    assert implementation.phase == Phase.REQUEST_RECEIVED


def test_accepting_another_kind_of_request_opens_nothing() -> None:
    make.request_in("accepted")
    assert not Implementation.objects.exists()


@pytest.mark.parametrize(
    ("done", "phase"),
    [
        ([], None),
        ([Step.REQUEST], Phase.REQUEST_RECEIVED),
        ([Step.REQUEST, Step.NOMINATION], Phase.PLANNING),
        ([Step.PREPARATORY_WORK], Phase.PLANNING),
        ([Step.REQUEST, Step.INITIAL_MEETING], Phase.IN_PROCESS),
        ([Step.ACTION_PLAN], Phase.IN_PROCESS),
        ([Step.PRESENTATION], Phase.COMPLETE),
        ([Step.REQUEST, Step.FOLLOW_UP], Phase.REQUEST_RECEIVED),
    ],
)
def test_the_phase_follows_from_the_steps_done(done: list[Step], phase: Phase | None) -> None:
    assert phase_of(done) == phase
