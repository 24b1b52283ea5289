"""A Party's page of the tracker as everybody reads it: of any day, nothing that is not public."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, timeline, words
from tests.toolkit.instruments import submitted
from tests.toolkit.test_pages import DOCUMENT, observed
from toolkit import asof
from toolkit.models import Implementation, StepRecord
from toolkit.steps import Step
from toolkit.tracks import Span, axis_of, track
from toolkit.workflow import load_table_row, observe
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PRINTED = [Step.REQUEST, Step.NOMINATION, Step.PREPARATORY_WORK]
SECRETS = (
    "For insiders alone", "Ministry of Wildlife", "9 September 2031", "World Customs",
    "Initial meeting done", "Revise the schedule", "Draft report of May",
    "change waits for confirmation",
)  # fmt: skip


@pytest.fixture
def kenya() -> Implementation:
    """Three steps printed in a document, and much that is not public."""
    wco = make.agency("WCO")
    type(wco).objects.filter(pk=wco.pk).update(name_en="World Customs Organization")
    loaded = load_table_row(make.party(), PRINTED, as_of=DOCUMENT, source="CITES SC66 Inf. 9")
    assert loaded is not None
    step = loaded.steps.get(step=Step.INITIAL_MEETING)
    make.move(step, "done", date(2019, 3, 31), "month", note="For insiders alone.")
    mission = loaded.steps.get(step=Step.MISSION)
    planned = {"agency": wco, "national_lead": "Ministry of Wildlife",
               "expected_on": date(2031, 9, 9)}  # fmt: skip
    perform("plan", mission, by=make.the_officer(), data=planned)
    proposed = {"state": "under_way", "effective_on": date(2019, 5, 1), "precision": "day",
                "note": "For insiders alone."}  # fmt: skip
    perform("propose", mission, by=make.the_officer(), data=proposed)
    make.recommendation(loaded, "accepted")
    kept = {"file": make.pdf("report.pdf"), "title": "Draft report of May", "readers": "public"}
    perform("attach", mission, by=make.the_officer(), data=kept)
    return loaded


def shown(client: Client | None = None, code: str = "ken", **query: str):
    return (client or Client()).get(reverse("toolkit:party", args=[code]), query)


def steps_of(response) -> list[str]:
    """Each step with its state, date and source as the list reads them."""
    items = re.findall(r'<li class="steps__item.*?</li>', response.content.decode(), re.DOTALL)
    return [words(re.sub(r"<svg.*?</svg>", "", one, flags=re.DOTALL)) for one in items]


def test_of_a_cycle_from_a_document_the_public_reads_what_is_printed_and_nothing_else(kenya):
    public = shown()

    source = "done, by 9 November 2015 · CITES SC66 Inf. 9"
    assert steps_of(public) == [
        f"Request {source}", f"Nomination of focal point {source}", f"Preparatory work {source}",
        "Initial meeting not started", "In-country mission not started",
        "Report (draft) not started", "Action plan not started", "Presentation not started",
        "Implementation of action plan recommendations not started",
    ]  # fmt: skip
    assert timeline(public) == ["Printed in a published table, by 9 November 2015"]
    for client in (Client(), signed_in(make.focal_point(make.party("VNM"))),
                   signed_in(make.agency_officer(make.agency("UNODC")))):  # fmt: skip
        read = page(shown(client))
        assert [secret for secret in SECRETS if secret in read] == []
        assert "Toolkit implementation in planning phase" in read
        assert "what published documents print" in read
        assert "button--secondary" not in _between(shown(client), "cycle-1", "</section>")


def test_those_inside_read_all_of_it_and_go_to_the_pages_of_the_steps(kenya):
    inside = signed_in(make.focal_point())

    read = page(shown(inside))

    assert "Initial meeting done, March 2019" in read
    assert "Expected: 9 September 2031" in read
    assert "A change waits for confirmation : In-country mission" in read
    assert "Revise the schedule of penalties." in read
    links = re.findall(r'class="steps__name"><a href="([^"]+)"', shown(inside).content.decode())
    assert links == [f"/toolkit/ken/1/{number}/" for number in range(1, 10)]
    assert {inside.get(link).status_code for link in links} == {200}


def test_what_is_not_public_is_not_said_to_be_there_of_a_past_day_either(kenya):
    now = timezone.now().isoformat()
    for query in ({"as_of": "2020-01-01"}, {"known_at": now}, {"as_of": "2030-01-01"}):
        read = page(shown(**query))
        assert [secret for secret in SECRETS if secret in read] == []
    past = page(shown(signed_in(make.focal_point()), as_of="2020-01-01"))
    assert "Initial meeting done, March 2019" in past
    assert "Expected:" not in past  # plans are of today


def test_consent_opens_steps_then_the_plan_then_documents_and_its_end_closes_them(kenya):
    def seen() -> list[bool]:
        read = page(shown())
        return [secret in read for secret in (
            "Initial meeting done, March 2019", "Revise the schedule of penalties.",
            "Draft report of May", "For insiders alone", "9 September 2031",
        )]  # fmt: skip

    before = seen()
    make.publish(kenya)
    steps = seen()
    focal = make.focal_point()
    perform("withdraw_consent", kenya, by=focal, data={"reason": "Under review."})
    closed = seen()
    make.publish(kenya, with_plan=True, with_documents=True)

    assert before == closed == [False] * 5
    assert steps == [True, False, False, False, False]
    assert seen() == [True, True, True, False, False]
    rows = table_rows(shown(), "plan-table-1")
    assert rows == [["1", "Legislation", "Revise the schedule of penalties.", "Accepted"]]
    link = re.search(r'href="(/toolkit/ken/1/documents/\d+/)"', shown().content.decode())
    assert link is not None
    assert Client().get(link[1]).status_code == 200


def test_every_step_leads_to_the_event_from_which_it_follows(kenya):
    make.publish(kenya)
    html = shown().content.decode()

    asked = set(re.findall(r'href="#(event-\d+)"', html))
    there = set(re.findall(r'<li id="(event-\d+)"', html))

    facts = asof.facts_by_implementation(None, timezone.now().date())[kenya.pk]
    assert {f"event-{fact.event_id}" for fact in facts.values()} <= asked
    assert asked <= there


def test_the_page_reads_as_of_a_day_and_as_known_at_a_moment(kenya):
    make.publish(kenya)
    moment = timezone.now()
    make.correct(kenya.steps.get(step=Step.PREPARATORY_WORK), "under_way", date(2015, 6, 1))

    now, then = shown(), shown(known_at=moment.isoformat())

    assert steps_of(now)[2].startswith("Preparatory work under way, 1 June 2015")
    assert steps_of(then)[2].startswith("Preparatory work done, by 9 November 2015")
    assert steps_of(shown(as_of="2018-12-31"))[3] == "Initial meeting not started"
    assert steps_of(shown(as_of="2019-03-31"))[3].startswith("Initial meeting done, March 2019")
    assert "State on 31 March 2019." in page(shown(as_of="2019-03-31"))
    assert "Of that day no Toolkit implementation of Kenya is public." in page(
        shown(as_of="2015-05-31")
    )
    # Of a past moment what its table can know: neither the correction nor who consented when.
    assert timeline(then) == [
        "Confirmed: Initial meeting, March 2019",
        "Printed in a published table, by 9 November 2015",
    ]
    assert timeline(now) == ["Corrected: Preparatory work, 1 June 2015", "Made public",
                             *timeline(then)]  # fmt: skip


def test_the_history_of_a_past_day_is_that_of_its_table_and_says_so(kenya):
    before_consent = timezone.now().isoformat()
    make.publish(kenya)
    make.correct(kenya.steps.get(step=Step.INITIAL_MEETING), "not_started", date(2019, 3, 31))
    loaded = "Printed in a published table, by 9 November 2015"
    moved = "Confirmed: Initial meeting, March 2019"
    corrected = "Corrected: Initial meeting, 31 March 2019"
    sentence = "Only what the table of that day and moment can know is listed"

    assert timeline(shown(as_of="2019-03-30")) == [loaded]
    assert timeline(shown(as_of="2019-03-31")) == [corrected, moved, loaded]
    assert timeline(shown(known_at=before_consent)) == [loaded]
    inside = signed_in(make.focal_point())
    assert timeline(shown(inside, known_at=before_consent)) == [moved, loaded]
    assert [sentence in page(one) for one in (shown(), shown(as_of="2019-03-30"))] == [False, True]


def test_the_page_says_what_the_table_says_for_every_reader_and_day(kenya):
    second = make.implementation()
    make.move(second.steps.get(step=Step.NOMINATION), "under_way", date(2026, 2, 1))
    make.publish(second)
    readers = {None: Client(), make.auditor(): signed_in(make.auditor())}
    for day in (date(2015, 11, 9), date(2019, 3, 31), timezone.now().date()):
        for reader, client in readers.items():
            cycles = shown(client, as_of=day.isoformat()).context["page"].cycles
            said = {one.implementation.pk: one.row.facts for one in cycles if one.row.facts}
            assert said == asof.facts_by_implementation(reader, day)


def test_steps_that_run_side_by_side_are_drawn_side_by_side_as_exactly_as_they_are_known():
    cycle = make.implementation()
    for step, state, on, precision in (
        (Step.NOMINATION, "under_way", date(2026, 2, 1), "day"),
        (Step.PREPARATORY_WORK, "under_way", date(2026, 3, 1), "day"),
        (Step.NOMINATION, "done", date(2026, 4, 30), "month"),
        (Step.PREPARATORY_WORK, "done", date(2026, 5, 10), "day"),
    ):
        make.move(cycle.steps.get(step=step), state, on, precision)
    end = date(2026, 12, 31)
    of_step = {
        step: list(StepRecord.objects.filter(step=step).order_by("effective_on"))
        for step in (Step.NOMINATION, Step.PREPARATORY_WORK)
    }
    axis = axis_of([one for records in of_step.values() for one in records], end)

    assert axis is not None
    assert (axis.start, axis.end, len(axis.years)) == (date(2025, 1, 1), end, 1)
    first, second = (track(records, axis) for records in of_step.values())
    at = {day: axis.at(day) for day in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1),
                                        date(2026, 4, 30), date(2026, 5, 10))}  # fmt: skip
    assert first == [
        Span("under", at[date(2026, 2, 1)], at[date(2026, 4, 30)] - at[date(2026, 2, 1)]),
        Span("at", at[date(2026, 2, 1)], 0),
        Span("period", at[date(2026, 4, 1)], at[date(2026, 4, 30)] - at[date(2026, 4, 1)]),
    ]
    assert second[0].x < first[0].x + first[0].width  # they overlap
    make.publish(cycle)
    drawn = steps_of(shown())[1]
    assert "Nomination of focal point done, April 2026" in drawn
    assert "before: under way, 1 February 2026" in drawn


def test_documents_that_disagree_are_shown_side_by_side(kenya):
    observed(kenya.party)
    observe(
        kenya.party,
        effective_on=date(2018, 11, 30),
        precision="month",
        instrument="toolkit",
        status="in_process",
        step="",
        date_in_source="2018-11",
        source="Another page",
        source_url="",
        note="",
    )

    read = page(shown())

    assert "Sources disagree. Both are shown." in read
    both = _between(shown(), 'id="differences"', "</ul>")
    assert "“complete”, October 2018" in words(both)
    assert "“in process”, November 2018" in words(both)
    assert "disagree" not in page(shown(as_of="2018-10-31")).replace("may disagree", "")


def test_an_assessment_is_named_once_the_country_has_disclosed_it():
    one = submitted()
    assert "Assessments" not in page(shown())
    perform("disclose", one, by=make.focal_point())

    read = page(shown())

    assert "The country has made public that these assessments were carried out." in read
    assert one.when_in_words in read
    assert one.contact_person not in read
    assert "Assessments" not in page(shown(as_of="2020-01-01"))


def test_a_date_that_is_none_gets_a_sentence_and_what_was_typed_stays(kenya):
    wrong = shown(as_of="31/12/2015", known_at="yesterday")

    assert (wrong.status_code, list(errors_at(wrong))) == (400, ["as_of", "known_at"])
    assert 'value="31/12/2015"' in wrong.content.decode()
    assert steps_of(wrong) == []


def test_a_party_without_a_public_cycle_says_so():
    call_command("load_reference", verbosity=0)
    assert "No Toolkit implementation of France is public." in page(shown(code="fra"))


def test_the_page_asks_as_many_questions_for_one_cycle_as_for_ten(django_assert_max_num_queries):
    clients = {"public": Client(), "officer": signed_in(make.officer())}
    counts: dict[str, list[int]] = {name: [] for name in clients}
    for cycles in (1, 9):
        for _cycle in range(cycles):
            made = make.implementation()
            make.move(made.steps.get(step=Step.NOMINATION), "done", date(2026, 2, 1))
            make.recommendation(made, "accepted")
            make.publish(made, with_plan=True, with_documents=True)
        for name, client in clients.items():
            with django_assert_max_num_queries(20) as asked:
                assert shown(client).status_code == 200
            counts[name].append(len(asked))
    assert [one[0] == one[1] for one in counts.values()] == [True, True]


def _between(response: Any, start: str, end: str) -> str:
    return response.content.decode().partition(start)[2].partition(end)[0]
