"""Whatever people do in whatever order, the log gives the records, and the records the tables."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.models import Event
from tests import make
from toolkit import asof, projection
from toolkit.models import Implementation, Publicity, StepRecord, StepStatus
from toolkit.steps import Step, StepState
from toolkit.timeline import events_visible_to, open_changes
from toolkit.workflow import load_table_row
from workflow.errors import Refused
from workflow.executor import allowed_actions, perform

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()
DOCUMENT = date(2015, 11, 9)
END_OF_TIME = date(9999, 1, 1)
PEOPLE = ("focal point", "officer", "lead", "lead agency")
MOVES = {"move": "propose", "correct": "propose_correction"}  # confirmed at once by another
ON_STEPS = ("propose", "propose_correction", "confirm", "refuse", "take_back")
ON_CYCLES = ("publish", "record_consent", "withdraw_consent")

_acts = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from([*MOVES, *MOVES, *ON_STEPS, *ON_CYCLES]),
        st.sampled_from([Step.REQUEST, Step.NOMINATION, Step.MISSION, Step.REPORT]),
        st.sampled_from(StepState.values),
        st.dates(date(2015, 6, 1), date(2026, 1, 1)),
        st.sampled_from(["day", "month", "year", "by"]),
    ),
    min_size=4,
    max_size=16,
)
_quickly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def people() -> dict[str, Any]:
    return {
        "focal point": make.focal_point(make.party()),
        "officer": make.the_officer(),
        "lead": make.the_lead(),
        "lead agency": make.agency_officer(make.agency("UNODC")),
    }


@contextmanager
def a_cycle(people: dict[str, Any], acts: Any) -> Iterator[Implementation]:
    """A cycle with a printed row to which all that was allowed; undone afterwards."""
    with transaction.atomic():
        loaded = load_table_row(
            make.party(), [Step.REQUEST, Step.NOMINATION], as_of=DOCUMENT, source="A table"
        )
        assert loaded is not None
        perform(
            "give_lead", loaded, by=people["officer"], data={"lead_agency": make.agency("UNODC")}
        )
        for who, action, *said in acts:
            _try(people[who], MOVES.get(action, action), loaded, *said)
            if action in MOVES:
                second = "lead" if who != "lead" else "lead agency"
                _try(people[second], "confirm", loaded, *said)
        loaded.refresh_from_db()
        yield loaded
        transaction.set_rollback(True)


@given(acts=_acts)
@_quickly
def test_what_a_document_prints_changes_for_the_public_only_by_a_correction_of_that(
    people: dict[str, Any], acts: Any
) -> None:
    steps_alone = [one for one in acts if one[1] not in ON_CYCLES]
    with a_cycle(people, []) as cycle:
        for who, action, step, *said in steps_alone:
            before = _read_by_nobody(cycle)
            last = Event.objects.latest("pk").pk
            _try(people[who], MOVES.get(action, action), cycle, step, *said)
            if action in MOVES:
                _try(
                    people["lead" if who != "lead" else "lead agency"],
                    "confirm",
                    cycle,
                    step,
                    *said,
                )
            moment = Event.objects.latest("pk").recorded_at
            printed = StepRecord.objects.filter(is_published=True, replaced_at=moment)
            if not (printed.exists() and Event.objects.latest("pk").pk > last):
                assert _read_by_nobody(cycle) == before


def _read_by_nobody(cycle: Implementation) -> Any:
    """Events and records, with every word, as the public reads them."""
    events = list(events_visible_to(NOBODY).order_by("pk"))
    records = StepRecord.objects.visible_to(NOBODY).known_at(None).order_by("pk")
    return [open_changes(events, NOBODY), list(records.values())]


def _try(actor: Any, action: str, cycle: Implementation, step: str, *said: Any) -> None:
    """What is not allowed now, or contradicts the record, is refused: the next act is tried."""
    subject: Any = cycle if action in ON_CYCLES else cycle.steps.get(step=step)
    found = {one.action: one for one in allowed_actions(subject, actor)}.get(action)
    if found is None:
        return
    state, day, precision = said
    answers = {
        "state": state, "effective_on": day, "precision": precision, "note": "n", "reason": "r",
        "despite": "so it was", "source": "A letter", "with_plan": True, "with_documents": False,
    }  # fmt: skip
    wanted = {one.name for one in found.inputs}
    if any(one.choices and answers[one.name] not in dict(one.choices) for one in found.inputs):
        return  # every form refuses it
    with suppress(Refused):
        data = {name: answer for name, answer in answers.items() if name in wanted}
        perform(action, subject, by=actor, data=data)


@given(acts=_acts)
@_quickly
def test_replaying_the_log_gives_the_records_and_the_records_give_the_steps(
    people: dict[str, Any], acts: Any
) -> None:
    with a_cycle(people, acts) as cycle:
        derived = projection.replay(Event.objects.about(cycle))
        names = list(vars(derived[0]))
        stored = StepRecord.objects.filter(implementation=cycle).order_by("pk")
        assert [tuple(vars(one).values()) for one in derived] == list(stored.values_list(*names))
        assert list(projection.differences(mend=False)) == []

        table = asof.table(people["officer"], END_OF_TIME)
        told = {step: fact.state for row in table for step, fact in row.facts.items()}
        steps = StepStatus.objects.filter(implementation=cycle).exclude(state="not_started")
        assert told == dict(steps.values_list("step", "state"))


@given(acts=_acts)
@_quickly
def test_an_event_is_in_the_table_of_its_day_and_moment_and_not_just_before(
    people: dict[str, Any], acts: Any
) -> None:
    def says(record: StepRecord, day: date, moment: Any) -> bool:
        facts = asof.facts_by_implementation(people["lead"], day, moment)
        fact = facts.get(record.implementation_id, {}).get(record.step)
        return fact is not None and fact.event_id == record.event_id

    with a_cycle(people, acts) as cycle:
        for record in StepRecord.objects.filter(implementation=cycle):
            day, moment = record.effective_on, record.recorded_at
            assert says(record, day, moment)
            assert not says(record, day - timedelta(days=1), moment)
            assert not says(record, day, moment - timedelta(microseconds=1))
            if record.replaced_at:
                just_before = record.replaced_at - timedelta(microseconds=1)
                holding = StepRecord.objects.known_at(just_before).filter(pk=record.pk)
                assert holding.exists()
                assert not says(record, END_OF_TIME, record.replaced_at)


@given(acts=_acts)
@_quickly
def test_the_public_reads_what_is_printed_or_consented_to_and_nothing_else(
    people: dict[str, Any], acts: Any
) -> None:
    with a_cycle(people, acts) as cycle:
        every = set(StepRecord.objects.visible_to(people["lead agency"]).values_list("pk"))
        public = set(StepRecord.objects.visible_to(NOBODY).values_list("pk"))
        printed = set(StepRecord.objects.filter(is_published=True).values_list("pk"))
        assert public <= every
        assert public == (every if cycle.state == Publicity.PUBLIC else printed)

        tables = [asof.table(who, END_OF_TIME) for who in (NOBODY, people["focal point"])]
        seen, inside = ([row.facts for row in table] for table in tables)
        if cycle.state == Publicity.PUBLIC:
            assert seen == inside
        consents = cycle.consents.in_force().count()
        assert consents == (1 if cycle.state == Publicity.PUBLIC else 0)


def test_a_record_that_somebody_tampered_with_is_named_and_mended() -> None:
    kenya = load_table_row(make.party(), [Step.REQUEST], as_of=DOCUMENT, source="A table")
    other = make.implementation(make.party("VNM"))
    assert kenya is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE toolkit_steprecord SET state = 'under_way' WHERE implementation_id = %s",
            [kenya.pk],
        )
    before = set(StepRecord.objects.filter(implementation=other).values_list())

    said = SimpleNamespace(check=StringIO(), mend=StringIO(), again=StringIO())
    with pytest.raises(CommandError, match="1 implementations differ from the log"):
        call_command("recompute_tracker", "--check", stdout=said.check)
    call_command("recompute_tracker", stdout=said.mend)
    call_command("recompute_tracker", "--check", stdout=said.again)

    named = "Kenya (1): 1 records differ from the log\n"
    assert said.check.getvalue() == named
    assert said.mend.getvalue() == named + "1 implementations mended.\n"
    assert said.again.getvalue() == "The records of every implementation are what the log says.\n"
    assert [row.facts["request"].state for row in asof.table(NOBODY, DOCUMENT)] == ["done"]
    assert set(StepRecord.objects.filter(implementation=other).values_list()) == before
