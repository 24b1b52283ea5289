"""The four parts of SC66 Inf. 9 in the report, for any day: what bears a date up to it, never a
draft, and what was not known yet when one asks what was known."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from docx import Document as WordFile
from pypdf import PdfReader

from iccwc_portal.report.document import Heading, Map, Paragraph, Table
from iccwc_portal.report.parts import report
from partners.models import MembershipFigure, Office
from record.models import Operation, OperationFigure
from tests import make
from tests.admin.test_history_desk import sent_as_shown
from tests.admin.test_report import SEED_DAY, asked_for, every_format, file, tables

pytestmark = pytest.mark.django_db

IN_2026 = date(2026, 3, 31)


@pytest.fixture
def reference() -> None:
    call_command("load_reference", stdout=io.StringIO())


def blocks(as_of: date, **said: Any) -> list[Any]:
    return report(make.the_officer(), asked_for(as_of, **said)).blocks


def first_cells(table: Table) -> list[str]:
    return [row[0] for row in table.rows]


# ── the parts ────────────────────────────────────────────────────────────────────────────────


def test_the_headings_are_the_four_parts_in_their_order(reference: None) -> None:
    found = [one for one in blocks(SEED_DAY) if isinstance(one, Heading)]
    assert [one.text for one in found if one.level == 2] == [
        "1. ICCWC global network",
        "2. Role and recognition of ICCWC",
        "3. Implementation of the Wildlife and Forest Crime Analytic Toolkit",
        "4. ICCWC coordinated law enforcement support",
    ]
    maps = [one.key for one in blocks(SEED_DAY) if isinstance(one, Map)]
    assert maps == ["offices-map", "toolkit-map", "activities-map"]


@pytest.mark.parametrize(
    ("language", "measure"), [("en", "more than 247"), ("fr", "247"), ("es", "247")]
)
def test_every_format_has_all_parts_with_their_sources(
    reference: None, officer: Client, language: str, measure: str
) -> None:
    html, pdf, docx = every_format(officer, as_of="2015-11-09", language=language)
    read = PdfReader(io.BytesIO(pdf))
    word = WordFile(io.BytesIO(docx))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    said = " ".join([*(one.text for one in word.paragraphs), *cells])
    formats = [html.decode(), " ".join(page.extract_text() for page in read.pages), said]
    for words in ("190", "Abidjan", "CCPCJ 23/1", "Bangladesh", "COBRA III", measure, "WIST"):
        shown = [words in " ".join(text.split()) for text in formats]
        assert shown == [True] * 3, words
    assert len(word.inline_shapes) == 3


# ── part 1 ───────────────────────────────────────────────────────────────────────────────────


def test_agencies_have_the_last_figure_that_may_bear_a_date_up_to_the_day(reference: None) -> None:
    def figures(day: date) -> list[list[str]]:
        return [[row[0], *row[2:5]] for row in tables(day)["agencies"].rows]

    assert figures(SEED_DAY) == [
        ["CITES Secretariat", "179", "Parties", "10 February 2014"],
        ["CITES Secretariat", "181", "countries with Management Authorities", "November 2015"],
        ["INTERPOL", "190", "member countries", "November 2015"],
        ["UNODC", "150", "countries of operation (more than)", "November 2015"],
        ["WCO", "180", "Members", "November 2015"],
        ["World Bank", "100", "countries with offices (over)", "November 2015"],
    ]
    assert ["INTERPOL", "–", "–", "–"] in figures(date(2015, 10, 31))
    assert ["INTERPOL", "196", "member countries", "about 2024"] in figures(IN_2026)
    assert all(row[5] for row in tables(IN_2026)["agencies"].rows)


def test_offices_are_listed_with_the_party_in_which_they_lie() -> None:
    interpol = make.agency("INTERPOL")
    about = {"agency": interpol, "kind": "Regional bureau", "source": "INTERPOL: its bureaus"}
    Office.objects.create(place="Nairobi", party=make.party("KEN"), **about)
    Office.objects.create(place="African Union", **about)
    made = blocks(IN_2026)
    table = next(one for one in made if isinstance(one, Table) and one.key == "offices")
    assert table.rows == [
        ["INTERPOL", "Regional bureau", "African Union", "–"],
        ["INTERPOL", "Regional bureau", "Nairobi", "Kenya"],
    ]
    assert Paragraph("Source: INTERPOL: its bureaus.", "source") in made


def test_a_figure_whose_date_is_not_sure_says_so() -> None:
    units = dict.fromkeys(("unit_en", "unit_fr", "unit_es"), "Members")
    MembershipFigure.objects.create(
        agency=make.agency("WCO"), count=1187, as_of=date(2025, 12, 31), precision="year",
        is_approximate=True, source="A copy", **units,
    )  # fmt: skip
    rows = {row[0]: row[2:] for row in tables(IN_2026)["agencies"].rows}
    assert rows["WCO"] == ["1,187", "Members", "about 2025", "A copy"]


# ── part 2 ───────────────────────────────────────────────────────────────────────────────────


def test_recognition_on_9_november_2015_is_9_and_3_and_5_in_the_order_of_the_document(
    reference: None,
) -> None:
    shown = tables(SEED_DAY)
    by_category = {
        key: first_cells(shown[f"recognition-{key}"])
        for key in ("governing_bodies", "global", "regional")
    }
    assert {key: len(rows) for key, rows in by_category.items()} == {
        "governing_bodies": 9, "global": 3, "regional": 5,
    }  # fmt: skip
    assert [name.partition(":")[0] for name in by_category["governing_bodies"]] == [
        "ECOSOC 2011/36", "Resolution Conf. 11.3 (Rev. CoP16)",
        "Resolution Conf. 12.5 (Rev. CoP16)", "Resolution Conf. 13.4 (Rev. CoP16)",
        "ECOSOC 2013/40", "CCPCJ 23/1",
        "Declaration of the Customs Co-operation Council on the illegal wildlife trade",
        "UNEA 1/3", "A/69/L.80, adopted as A/RES/69/314",
    ]  # fmt: skip
    assert [name.split()[0] for name in by_category["global"]] == [
        "London", "Kasane", "Brazzaville",
    ]  # fmt: skip
    assert [name.split()[0] for name in by_category["regional"]] == [
        "Marrakech", "Urgent", "Dhaka", "Arusha", "Geneva",
    ]  # fmt: skip
    assert shown["recognition-counted"].foot == ["All", "9", "3", "5", "17"]


def test_later_texts_come_with_later_days_and_say_how_sure_they_are(reference: None) -> None:
    assert tables(date(2014, 2, 28))["recognition-counted"].foot == ["All", "5", "1", "2", "8"]
    assert tables(date(2014, 2, 27))["recognition-counted"].foot == ["All", "5", "0", "2", "7"]
    later = tables(IN_2026)
    assert later["recognition-counted"].foot == ["All", "14", "6", "6", "26"]
    hanoi = later["recognition-global"].rows[3]
    assert hanoi[0] == "Hanoi Statement on Illegal Wildlife Trade (partly confirmed)"
    assert hanoi[4] == "Whether the text names ICCWC has not been checked."


# ── drafts, and what was known ───────────────────────────────────────────────────────────────


def test_what_is_not_public_is_in_no_format_of_any_day(officer: Client) -> None:
    seen = {"title_en": "SEEN-BY-ALL", "source": "SEEN-SOURCE"}
    for maker in (make.recognition, make.activity, make.operation):
        maker(**seen)
        for state in ("draft", "withdrawn"):
            maker(state, title_en="HIDDEN-TITLE", source="HIDDEN-SOURCE", editors_note="HIDDEN")
        next_year = f"{date.today().year + 1}-01-04 09:00"  # noqa: DTZ011 - the tests run in UTC
        maker(title_en="HIDDEN-UNTIL", source="HIDDEN-SOURCE", publish_at=next_year)
    make.activity(editors_note="HIDDEN-NOTE", support_request=make.request_in("completed"))
    for rows in ("public", "all"):
        html, pdf, docx = every_format(officer, rows=rows, language="en")
        word = WordFile(io.BytesIO(docx))
        cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        texts = [
            html.decode(),
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages),
            " ".join([*(one.text for one in word.paragraphs), *cells]),
        ]
        assert [text.count("SEEN-BY-ALL") for text in texts] == [3] * 3
        assert ["HIDDEN" in text or "ICCWC-2026" in text for text in texts] == [False] * 3


def test_what_was_recorded_later_is_left_out_when_one_asks_what_was_known(officer: Client) -> None:
    with time_machine.travel("2026-03-02T10:00Z"):
        early = make.recognition(title_en="Early declaration", effective_on=date(2014, 1, 31))
        activity = make.activity(title_en="Early training", starts_on=date(2014, 2, 3))
    known = datetime(2026, 3, 3, tzinfo=UTC)
    before = every_format(officer, as_of="2015-01-01", known_at=known.isoformat())
    with time_machine.travel("2026-04-01T10:00Z"):
        make.recognition(title_en="Late declaration", effective_on=date(2014, 1, 31))
        make.activity(title_en="Late training", starts_on=date(2014, 2, 3))
        make.operation(title_en="Late operation", starts_on=date(2014, 2, 3))
        officer.force_login(make.the_officer())
        corrected = [
            sent_as_shown(officer, early, title_en="Early declaration, corrected"),
            sent_as_shown(officer, activity, title_en="Early training, corrected"),
        ]
        assert [answer.status_code for answer in corrected] == [302, 302]
    officer.force_login(make.the_officer())  # the visit of April is long over
    assert every_format(officer, as_of="2015-01-01", known_at=known.isoformat()) == before
    now = file(officer, "html", as_of="2015-01-01").decode()
    for words in ("Early declaration, corrected", "Early training, corrected", "Late training"):
        assert words in now
    assert "Late operation" in now


# ── part 4 ───────────────────────────────────────────────────────────────────────────────────


def test_activities_are_counted_by_kind_stage_and_region() -> None:
    kenya, peru = make.party("KEN"), make.party("PER")
    on = {"starts_on": date(2020, 5, 4), "stage": "completed"}
    both = make.activity(at=kenya, kind="analysis", title_en="In both", **on)
    both.places.create(party=peru)
    make.activity(at=kenya, title_en="In Kenya", **on | {"stage": "ongoing"})
    make.activity(kind="cross_cutting", title_en="For all", **on)
    shown = tables(IN_2026)
    assert shown["activities-by-stage"].head == ["Kind", "Ongoing", "Completed", "In all"]
    assert shown["activities-by-stage"].rows == [
        ["Analysis of national responses", "0", "1", "1"],
        ["Law enforcement support and capacity building", "1", "0", "1"],
        ["Cross-cutting activities", "0", "1", "1"],
    ]
    assert shown["activities-by-stage"].foot == ["All", "1", "2", "3"]
    regions = {row[0]: row[1:] for row in shown["activities-by-region"].rows}
    assert regions[kenya.region.name] == ["1", "1", "0", "2"]
    assert regions["in no single region"] == ["0", "0", "1", "1"]
    assert shown["activities-by-region"].foot == ["All, each counted once", "1", "1", "1", "3"]
    assert shown["activities-analysis"].rows == [
        ["In both", "Kenya; Peru", "4 May 2020", "completed", "–"]
    ]


@pytest.mark.parametrize(
    ("said", "stages"),
    [
        # A year: whether it had begun on a day of that year is not known.
        ({"starts_on": date(2015, 12, 31), "precision": "year", "stage": "completed"},
         {2014: None, 2015: "not known for that day", 2016: "completed"}),
        # Days: before the end it was going on.
        ({"starts_on": date(2015, 3, 2), "ends_on": date(2016, 3, 2), "stage": "completed"},
         {2014: None, 2015: "ongoing", 2016: "completed"}),
        ({"starts_on": date(2015, 3, 2), "stage": "ongoing"}, {2014: None, 2015: "ongoing"}),
        ({"starts_on": date(2015, 3, 2), "stage": "not_stated"}, {2014: None, 2015: "not stated"}),
    ],
)  # fmt: skip
def test_the_stage_is_that_of_the_day_as_far_as_it_is_known(
    said: dict[str, Any], stages: dict[int, str | None]
) -> None:
    make.activity(**said)
    for year, stage in stages.items():
        found = tables(date(year, 11, 9)).get("activities-capacity")
        assert (found.rows[0][3] if found else None) == stage


def test_a_plan_is_shown_from_the_day_on_which_it_was_told(officer: Client) -> None:
    with time_machine.travel("2026-03-02T10:00Z"):
        activity = make.activity(starts_on=date(2026, 5, 4), stage="planned")
        make.activity(title_en="Without a date", stage="planned")
    with time_machine.travel("2026-05-05T10:00Z"):
        officer.force_login(make.the_officer())
        assert sent_as_shown(officer, activity, stage="ongoing").status_code == 302

    def stage(day: date) -> dict[str, str]:
        found = tables(day).get("activities-capacity")
        return {row[2]: row[3] for row in found.rows} if found else {}

    assert stage(date(2026, 3, 1)) == {}
    assert stage(date(2026, 3, 31)) == {"4 May 2026": "planned", "–": "planned"}
    assert stage(date(2026, 5, 5)) == {"4 May 2026": "ongoing", "–": "planned"}


def test_operations_show_each_figure_with_its_measure_once_it_was_said(reference: None) -> None:
    rows = [row for row in tables(SEED_DAY)["operations"].rows if "COBRA III" in row[0]]
    assert [row[2:] for row in rows] == [
        ["countries taking part", "62", "18 June 2015"],
        ["seizures", "more than 247", "18 June 2015"],
        ["arrests", "139", "18 June 2015"],
    ]
    assert tables(date(2015, 6, 17))["operations"].rows[-1] == [
        "Operation COBRA III", "May 2015", "–", "–", "–",
    ]  # fmt: skip
    assert not any("COBRA III" in row[0] for row in tables(date(2015, 4, 30))["operations"].rows)


def test_the_report_costs_the_same_for_many_records_as_for_few(
    officer: Client, django_assert_max_num_queries: Any
) -> None:
    def fill(number: int) -> None:
        for _time in range(number):
            make.recognition()
            make.activity(at=make.party("KEN"), starts_on=date(2020, 5, 4))
            operation = make.operation()
            OperationFigure.objects.create(
                operation=operation, measure="seizures", number=1, source="A source",
                effective_on=date(2020, 5, 4),
            )  # fmt: skip

    fill(1)
    with django_assert_max_num_queries(30) as few:
        file(officer, "html")
    fill(10)
    with django_assert_max_num_queries(30) as many:
        file(officer, "html")
    assert (len(many), Operation.objects.count()) == (len(few), 11)
