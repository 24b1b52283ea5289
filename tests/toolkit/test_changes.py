"""What changed between two days: on the page, as CSV and as JSON."""

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from history.models import Event
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row

pytestmark = pytest.mark.django_db

DOCUMENT = date(2015, 11, 9)
PAGE, CSV, JSON = "/toolkit/changes/", "/toolkit/changes.csv", "/toolkit/changes.json"


@pytest.fixture
def gabon() -> Implementation:
    """Public: two steps printed, the mission in May 2017; then the second step is corrected."""
    done = [Step.REQUEST, Step.NOMINATION]
    loaded = load_table_row(make.party("GAB"), done, as_of=DOCUMENT, source="A table")
    assert loaded is not None
    make.publish(loaded)
    make.move(loaded.steps.get(step=Step.MISSION), "done", date(2017, 5, 31), "month", source="=1")
    return loaded


def compared(client: Client | None = None, **asked: str) -> list[list[str]]:
    return table_rows((client or Client()).get(PAGE, asked), "changes")


def test_a_comparison_names_old_and_new_with_date_source_and_event(gabon: Implementation) -> None:
    moved = Event.objects.latest("pk")
    shown = Client().get(PAGE, {"from": "2015-12-31", "to": "2017-12-31"})
    assert table_rows(shown, "changes") == [
        ["Gabon planning phase → in process",
         "5 In-country mission: done, May 2017 (before: not started)", "=1", str(moved.pk)],
    ]  # fmt: skip
    assert f"/toolkit/gab/#event-{moved.pk}" in shown.content.decode()
    words = "From 31 December 2015 to 31 December 2017: 1 implementation with a change; began: 0;"
    assert f"{words} reached another phase: 1." in page(shown)
    assert "only a day by which is known" not in page(shown)


def test_the_last_day_counts_and_the_first_does_not(gabon: Implementation) -> None:
    assert len(compared(**{"from": "2017-05-30", "to": "2017-05-31"})) == 1
    assert compared(**{"from": "2017-05-31", "to": "2017-12-31"}) == []
    assert compared(**{"from": "2016-01-01", "to": "2017-05-30"}) == []
    nothing = Client().get(PAGE, {"from": "2017-05-31", "to": "2017-12-31"})
    assert "No step changed between these days" in page(nothing)


def test_rows_that_began_are_called_so(gabon: Implementation) -> None:
    asked = {"from": "2012-01-01", "to": "2016-01-01"}
    assert [row[:2] for row in compared(**asked)] == [
        ["Gabon began not yet requested → planning phase",
         "1 Request – 2 Nomination of focal point: done, by 9 November 2015 (before: not started)"],
    ]  # fmt: skip
    assert "Of 2 steps only a day by which is known" in page(Client().get(PAGE, asked))


def test_a_comparison_as_known_before_a_correction_shows_what_was_taken_for_true(
    gabon: Implementation,
) -> None:
    before = timezone.now().isoformat()
    make.correct(gabon.steps.get(step=Step.NOMINATION), "under_way", date(2016, 6, 30))
    asked = {"from": "2012-01-01", "to": "2015-12-31"}
    printed = "done, by 9 November 2015 (before: not started)"
    assert [row[1] for row in compared(**asked)] == [f"1 Request: {printed}"]
    known = Client().get(PAGE, {**asked, "known_at": before})
    (row,) = table_rows(known, "changes")
    assert row[1] == f"1 Request – 2 Nomination of focal point: {printed}"
    then = date_format(datetime.fromisoformat(before), "DATETIME_FORMAT")
    assert f"As known on {then} (UTC). From" in page(known)
    assert f"Steps that changed, as known on {then} (UTC)" in page(known)
    later = compared(**{"from": "2015-12-31", "to": "2016-12-31"})
    assert later[0][1] == (
        "2 Nomination of focal point: under way, 30 June 2016 (before: not started)"
    )


def test_steps_of_one_event_stand_in_lines_that_say_the_same_of_them() -> None:
    done = [Step.REQUEST, Step.NOMINATION, Step.INITIAL_MEETING, Step.PRESENTATION, Step.FOLLOW_UP]
    load_table_row(make.party("GAB"), done, as_of=DOCUMENT, source="A table")
    (row,) = compared(**{"from": "2012-01-01", "to": "2016-01-01"})
    said = "done, by 9 November 2015 (before: not started)"
    assert row[1] == " ".join(
        f"{steps}: {said}"
        for steps in (
            "1 Request – 2 Nomination of focal point", "4 Initial meeting", "8 Presentation",
            "Implementation of action plan recommendations",
        )
    )  # fmt: skip


def test_the_public_compares_what_is_public_and_those_inside_everything(
    gabon: Implementation,
) -> None:
    asked = {"from": "2015-12-31", "to": "2026-11-01"}
    printed = load_table_row(make.party("PER"), [Step.REQUEST], as_of=DOCUMENT, source="A table")
    assert printed is not None
    make.move(printed.steps.get(step=Step.REPORT), "under_way", date(2018, 1, 1))
    make.implementation(make.party("VNM"), make.agency("UNODC"))
    readers = {
        "public": Client(),
        "other Party": signed_in(make.focal_point(make.party("KEN"))),
        "Peru": signed_in(make.party_viewer(make.party("PER"))),
        "UNODC": signed_in(make.agency_officer(make.agency("UNODC"))),
        "Secretariat": signed_in(make.auditor()),
    }
    expected = {
        "public": ["Gabon"],
        "other Party": ["Gabon"],
        "Peru": ["Gabon", "Peru"],
        "UNODC": ["Gabon", "Viet"],
        "Secretariat": ["Gabon", "Peru", "Viet"],
    }
    for address in (PAGE, CSV, JSON):
        texts = {name: one.get(address, asked).content.decode() for name, one in readers.items()}
        names = {"Gabon", "Peru", "Viet"}
        found = {name: sorted(n for n in names if n in _part(text)) for name, text in texts.items()}
        assert found == expected


def _part(text: str) -> str:
    """The table of a page: the name of the country somebody works for stands above it."""
    return text.partition("<main")[2] or text


def test_the_files_say_what_they_compare_and_hold_no_formula(gabon: Implementation) -> None:
    moved = Event.objects.latest("pk")
    asked = {"from": "2015-12-31", "to": "2017-12-31"}
    sheet = Client().get(CSV, asked)
    assert 'filename="toolkit-changes-2015-12-31-2017-12-31.csv"' in sheet["Content-Disposition"]
    (line,) = csv.DictReader(io.StringIO(sheet.content.decode()))
    made_at = line.pop("made_at")
    recorded_at = moved.recorded_at.isoformat().replace("+00:00", "Z")
    assert line == {
        "from": "2015-12-31", "to": "2017-12-31", "known_at": "", "party": "GAB", "name": "Gabon",
        "cycle": "1", "began": "false", "phase_before (derived)": "planning_phase",
        "phase_after (derived)": "in_process", "step": "5_in_country_mission",
        "state_before": "not_started", "state_after": "done", "on": "2017-05-31",
        "precision": "month", "source": "'=1", "event": str(moved.pk), "recorded_at": recorded_at,
    }  # fmt: skip
    data: dict[str, Any] = Client().get(JSON, asked).json()
    assert data.pop("made_at") >= made_at
    assert "consented" in data.pop("consent")
    fact = {
        "state": "done", "effective_on": "2017-05-31", "precision": "month", "source": "=1",
        "event": moved.pk, "recorded_at": recorded_at,
    }  # fmt: skip
    nothing = {
        "state": "not_started", "effective_on": None, "precision": "", "source": "",
        "event": None, "recorded_at": None,
    }  # fmt: skip
    step = {"number": 5, "step": "in_country_mission", "before": nothing, "after": fact}
    assert data == {
        "from": "2015-12-31", "to": "2017-12-31", "known_at": None, "sources": ["=1"],
        "changed": [
            {
                "party": "GAB", "name": "Gabon", "cycle": 1, "began": False,
                "phase_before": "planning_phase", "phase_after": "in_process", "steps": [step],
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"from": "2016-01-02", "to": "2016-01-01"}, "from",
         "This day is after the other one: give an earlier day."),
        ({"to": "2199-01-01"}, "to",
         "The tracker knows nothing of the future: choose a past day."),
        ({"from": "yesterday"}, "from",
         "Give the date as year-month-day, for example 2015-12-31."),
        ({"known_at": "then"}, "known_at",
         "Give a date like 2015-12-31, or a moment like 2015-12-31T18:00Z."),
    ],
)  # fmt: skip
def test_days_that_cannot_be_compared_get_a_sentence(
    asked: dict[str, str], field: str, sentence: str, gabon: Implementation
) -> None:
    shown = Client().get(PAGE, asked)
    assert (shown.status_code, errors_at(shown)) == (400, {field: [sentence]})
    assert f'name="{field}" value="{asked[field]}"' in shown.content.decode()
    for address in (CSV, JSON):
        refused = Client().get(address, asked)
        assert (refused.status_code, sentence in refused.content.decode()) == (400, True)


def test_without_days_it_is_the_year_that_ends_today(gabon: Implementation) -> None:
    shown = Client().get(PAGE)
    compared = shown.context["compared"]
    today = timezone.localdate()
    assert ((compared.last - compared.first).days, compared.last) == (365, today)
    assert Client().get(PAGE, {"to": "0001-01-01"}).status_code == 200


def test_it_asks_as_many_questions_for_ten_rows_as_for_sixty(
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for rows in (10, 60):
        for number in range(Implementation.objects.count(), rows):
            code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}Z"
            load_table_row(make.party(code), list(Step), as_of=DOCUMENT, source="A table")
        with django_assert_max_num_queries(4) as asked:
            shown = Client().get(PAGE, {"from": "2012-01-01", "to": "2016-01-01"})
        assert shown.content.decode().count("#event-") == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]
