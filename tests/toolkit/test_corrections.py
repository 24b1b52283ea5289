"""What a correction looks like to those inside and to everybody; days before the Toolkit was."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.reading_pages import errors_at, page, signed_in
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row

pytestmark = pytest.mark.django_db

DOCUMENT = date(2015, 11, 9)


@pytest.fixture
def printed() -> Implementation:
    done = [Step.REQUEST, Step.NOMINATION, Step.PREPARATORY_WORK]
    row = load_table_row(make.party(), done, as_of=DOCUMENT, source="CITES SC66 Inf. 9")
    assert row is not None
    return row


def public_page() -> str:
    return page(Client().get(reverse("toolkit:party", args=["ken"])))


def test_everybody_reads_that_a_printed_step_was_corrected_and_what_stood_there(printed) -> None:
    step = printed.steps.get(step=Step.PREPARATORY_WORK)
    make.correct(step, "under_way", DOCUMENT, "by", reason="For insiders alone.")
    said = public_page()
    assert "Corrected: Preparatory work" in said
    assert "Now: under way" in said
    assert "Before: done, by 9 November 2015" in said
    assert "For insiders alone." not in said
    inside = page(signed_in(make.focal_point()).get(step.get_absolute_url()))
    assert "Reason: For insiders alone." in inside


def test_what_stood_before_a_correction_and_was_not_printed_is_for_those_inside(printed) -> None:
    step = printed.steps.get(step=Step.INITIAL_MEETING)
    make.move(step, "done", date(2019, 3, 3))
    make.correct(step, "done", date(2019, 4, 4))
    said = public_page()
    assert ("2019" in said, "Corrected" in said) == (False, False)
    assert "Before: done, 3 March 2019" in page(
        signed_in(make.focal_point()).get(step.get_absolute_url())
    )


def test_the_form_of_a_correction_begins_with_what_is_recorded_and_the_note_stays(printed) -> None:
    step = printed.steps.get(step=Step.INITIAL_MEETING)
    make.move(step, "done", date(2019, 3, 3), source="Letter 12", note="Held in the capital.")
    form = signed_in(make.focal_point()).get(f"{step.get_absolute_url()}propose_correction/")
    fields = form.context["form"]
    found = [str(fields[name].value()) for name in ("state", "effective_on", "precision", "source")]
    assert found == ["done", "2019-03-03", "day", "Letter 12"]
    make.correct(step, "done", date(2019, 3, 4), source="Letter 12", reason="Misread.")
    step.refresh_from_db()
    assert (step.effective_on, step.source, step.note) == (
        date(2019, 3, 4), "Letter 12", "Held in the capital.",
    )  # fmt: skip


def test_a_closed_action_tells_what_happened_to_this_step_and_not_to_another(printed) -> None:
    meeting = printed.steps.get(step=Step.INITIAL_MEETING)
    mission = printed.steps.get(step=Step.MISSION)
    make.move(meeting, "done", date(2019, 3, 3))
    make.move(mission, "done", date(2019, 5, 5))
    again = signed_in(make.the_officer()).get(f"{meeting.get_absolute_url()}propose/")
    assert again.status_code == 409
    assert ("Initial meeting" in page(again), "In-country mission" in page(again)) == (True, False)


def test_a_day_before_the_toolkit_was_launched_is_believed_with_a_reason_alone() -> None:
    cycle = make.implementation()
    step = cycle.steps.get(step=Step.REQUEST)
    make.correct(step, "under_way", date(2011, 1, 1))
    step.refresh_from_db()
    sent = {"state": "done", "effective_on": "2012-07-24", "precision": "day",
            "version": step.version}  # fmt: skip
    there = f"{step.get_absolute_url()}propose/"
    officer = signed_in(make.the_officer())
    assert errors_at(officer.post(there, sent)) == {
        "despite": [
            "The Toolkit was launched on 25 July 2012. Check the date, or say here why it is so."
        ]
    }
    assert officer.post(there, {**sent, "despite": "A pilot."}).status_code == 302
    assert step.proposal.despite == "A pilot."
