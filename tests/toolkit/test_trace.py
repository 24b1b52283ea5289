"""Each figure of the tracker leads to the events from which it follows."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.log import fingerprint
from history.models import Event
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows
from toolkit.models import Implementation
from toolkit.steps import Phase, Step
from toolkit.workflow import load_table_row

pytestmark = pytest.mark.django_db

DOCUMENT = date(2015, 11, 9)
FIGURES = ["requested", "at_other_stages", *Phase.values]


def figure(name: str, client: Client | None = None, **asked: str) -> Any:
    return (client or Client()).get(f"/toolkit/figures/{name}/", asked)


def counted(shown: Any) -> list[str]:
    """The Parties that the page lists."""
    assert shown.status_code == 200
    return re.findall(r'<th scope="rowgroup"[^>]*><a [^>]*>([^<]+)</a>', shown.content.decode())


@pytest.fixture
def cycles() -> dict[str, Implementation]:
    """One in each phase, printed in a table, and one that is not public."""
    reached = {"KEN": 1, "GAB": 3, "PER": 6, "VNM": 8}
    for code, steps in reached.items():
        load_table_row(make.party(code), list(Step)[:steps], as_of=DOCUMENT, source="A table")
    make.implementation(make.party("BGD"))
    return {one.party.code: one for one in Implementation.objects.all()}


def test_every_figure_lists_what_it_counts(cycles: dict[str, Implementation]) -> None:
    auditor = signed_in(make.auditor())
    public = {name: counted(figure(name)) for name in FIGURES}
    assert public == {
        "requested": ["Gabon", "Kenya", "Peru", "Viet Nam"],
        "at_other_stages": ["Gabon", "Kenya", "Peru"],
        "request_received": ["Kenya"],
        "planning_phase": ["Gabon"],
        "in_process": ["Peru"],
        "complete": ["Viet Nam"],
    }
    assert counted(figure("request_received", auditor)) == ["Bangladesh", "Kenya"]
    table = Client().get("/toolkit/").context["totals"]
    numbers = {"requested": table.requested, "at_other_stages": table.at_other_stages}
    numbers |= {phase.value: count for phase, count in table.by_phase.items()}
    assert {name: len(listed) for name, listed in public.items()} == numbers


def test_each_step_shows_its_event_and_its_fingerprint(cycles: dict[str, Implementation]) -> None:
    kenya = cycles["KEN"]
    event = Event.objects.about(kenya).get()
    shown = figure("request_received")
    assert table_rows(shown, "traced") == [
        ["Kenya request received", "1 Request: done, by 9 November 2015", "A table",
         f"{event.pk} Printed in a published table",
         event.recorded_at.strftime("%Y-%m-%d %H:%M:%S"),
         f"{event.hash[:12]} … {fingerprint(event)}"],
    ]  # fmt: skip
    assert table_rows(figure("complete"), "traced")[0][:2] == [
        "Viet Nam complete", "1 Request – 8 Presentation: done, by 9 November 2015",
    ]  # fmt: skip
    assert f'href="/toolkit/ken/#event-{event.pk}"' in shown.content.decode()
    assert "the command verify_history computes them all again" in page(shown)


def test_the_trace_of_an_earlier_day_or_of_earlier_knowledge(
    cycles: dict[str, Implementation],
) -> None:
    before = timezone.now().isoformat()
    make.correct(cycles["KEN"].steps.get(step=Step.REQUEST), "under_way", DOCUMENT, "by")
    assert counted(figure("request_received", as_of="2015-11-09")) == []
    assert counted(figure("request_received", as_of="2015-11-09", known_at=before)) == ["Kenya"]
    assert counted(figure("requested", as_of="2015-11-08")) == []
    assert "It counts nothing on this day." in page(figure("requested", as_of="2015-11-08"))
    assert counted(figure("requested", phase="complete")) == ["Viet Nam"]


def test_a_correction_of_a_printed_step_is_read_with_its_event(
    cycles: dict[str, Implementation],
) -> None:
    event = make.correct(cycles["KEN"].steps.get(step=Step.REQUEST), "done", date(2014, 3, 1))
    (row,) = table_rows(figure("request_received"), "traced")
    assert (row[1], row[3], row[5]) == (
        "1 Request: done, 1 March 2014", f"{event.pk} Confirmed",
        f"{event.hash[:12]} … {event.hash}",
    )  # fmt: skip


def test_a_figure_that_there_is_not_and_a_day_that_is_none(
    cycles: dict[str, Implementation],
) -> None:
    assert figure("everything").status_code == 404
    refused = figure("requested", as_of="yesterday")
    assert (refused.status_code, list(errors_at(refused))) == (400, ["as_of"])


def test_it_asks_as_many_questions_for_ten_rows_as_for_sixty(
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for rows in (10, 60):
        for number in range(Implementation.objects.count(), rows):
            code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}Z"
            load_table_row(make.party(code), list(Step), as_of=DOCUMENT, source="A table")
        with django_assert_max_num_queries(6) as asked:
            assert len(counted(figure("requested"))) == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]
