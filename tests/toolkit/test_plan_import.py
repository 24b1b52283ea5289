"""An action plan from a workbook: the template, its faults by row and column, all or nothing."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from history.models import Event
from outbox.models import Message
from tests import make
from tests.reading_pages import page, signed_in, table_rows
from toolkit.models import Implementation, Import
from toolkit.plan.importing import PLAN_EDITION

pytestmark = pytest.mark.django_db

HEADINGS = [
    "No.", "Part", "Recommendation", "Priority", "Horizon", "Responsible national body",
    "Supporting agencies", "Due",
]  # fmt: skip
FIRST = [None, "Legislation", "Revise the law.", "high", "immediate", "Justice", "UNODC, WCO",
         "2027-06-30"]  # fmt: skip
SECOND = [2, "data", "Keep figures.", "Low", None, None, None, None]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def cycle() -> Implementation:
    make.agency("UNODC")
    make.agency("WCO")
    return make.implementation(lead_agency=make.agency("INTERPOL"))


def workbook(
    *rows: Sequence[Any], edition: str = PLAN_EDITION, party: str = "KEN", number: str = "1"
) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    sheet.append(["Template edition", edition, "Party", party, "Cycle", number])
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("plan.xlsx", content.getvalue(), XLSX)


def address(name: str = "country_plan_import") -> str:
    return reverse(name, args=["ken", 1])


def faults(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 400
    return [(one.row, one.column, one.sentence) for one in answer.context["problems"]]


def test_a_plan_is_read_looked_at_and_then_entered_with_one_letter(cycle):
    kenya = make.focal_point()
    before = make.recommendation(cycle, text="Entered before.")
    Message.objects.all().delete()
    officer = signed_in(make.the_officer())
    second = [3, *SECOND[1:]]
    read = officer.post(address(), {"file": workbook(FIRST, second)})
    assert read.status_code == 302
    assert cycle.recommendations.count() == 1
    preview = officer.get(read.headers["Location"])
    assert table_rows(preview, "import-rows") == [
        ["3", "–", "Legislation", "Revise the law.", "high", "immediate", "Justice",
         "UNODC, WCO", "30 June 2027"],
        ["4", "3", "Data and analysis", "Keep figures.", "low", "–", "–", "–", "–"],
    ]  # fmt: skip
    done = officer.post(address(), {"confirm": Import.objects.get().pk})
    assert done.headers["Location"] == reverse("country_plan", args=["ken", 1])
    entered = cycle.recommendations.exclude(pk=before.pk).order_by("number")
    assert [
        (one.number, one.part, one.text, one.priority, one.horizon, one.responsible,
         [agency.code for agency in one.supporting.all()], str(one.due_on), one.state)
        for one in entered
    ] == [
        (2, "legislation", "Revise the law.", "high", "immediate", "Justice", ["UNODC", "WCO"],
         "2027-06-30", "proposed"),
        (3, "data", "Keep figures.", "low", "", "", [], "None", "proposed"),
    ]  # fmt: skip
    for one in entered:
        assert [event.kind for event in Event.objects.about(one)] == [
            "toolkit.recommendations.entered"
        ]
    letter = Message.objects.get()
    assert letter.recipient == f"user:{kenya.pk}"
    assert "2–3" in letter.subject
    assert reverse("country_plan", args=["ken", 1]) in letter.text
    again = officer.post(address(), {"confirm": Import.objects.get().pk})
    assert (again.status_code, cycle.recommendations.count()) == (409, 3)


def test_the_template_is_what_the_import_reads(cycle):
    officer = signed_in(make.the_officer())
    sent = officer.get(reverse("country_plan_template", args=["ken", 1]))
    book = load_workbook(io.BytesIO(sent.content))
    first, second = book.worksheets
    lines = list(first.values)
    assert [cell for cell in lines[0] if cell] == [
        "Template edition", PLAN_EDITION, "Party", "KEN", "Cycle", "1",
    ]  # fmt: skip
    assert list(lines[1]) == HEADINGS
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in
             first.data_validations.dataValidation}  # fmt: skip
    assert lists == {
        "B3": '"Legislation,Enforcement,Prosecution and judiciary,Drivers and prevention,'
        'Data and analysis"',
        "D3": '"high,medium,low"',
        "E3": '"immediate,medium term,long term"',
    }
    assert "Kenya" in str(list(second.values))
    for place, cell in enumerate(
        [1, "Prosecution and judiciary", "Name a court.", "medium", "medium term"], start=1
    ):
        first.cell(row=3, column=place, value=cell)
    content = io.BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("filled.xlsx", content.getvalue(), XLSX)
    read = officer.post(address(), {"file": upload})
    assert officer.post(address(), {"confirm": Import.objects.get().pk}).status_code == 302
    assert read.status_code == 302
    one = cycle.recommendations.get()
    assert (one.part, one.text, one.horizon) == ("prosecution", "Name a court.", "medium")


@pytest.mark.parametrize(
    ("place", "cell", "column", "words"),
    [
        (0, 7, "No.", "This row will be number 1"),
        (0, "one", "No.", "not a whole number"),
        (1, "Justice", "Part", "Known are: legislation"),
        (1, None, "Part", "empty"),
        (2, "", "Recommendation", "empty"),
        (2, "x" * 4001, "Recommendation", "4000"),
        (3, "urgent", "Priority", "Known are: high"),
        (3, None, "Priority", "empty"),
        (4, "soon", "Horizon", "Known are: immediate"),
        (5, "x" * 201, "Responsible national body", "200"),
        (6, "UNODC, FBI", "Supporting agencies", "No agency has the code FBI"),
        (7, "30/06/2027", "Due", "year-month-day"),
        (7, "1815-06-18", "Due", "Give a date between"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_entered(
    cycle, place, cell, column, words
):
    wrong = list(FIRST)
    wrong[place] = cell
    answer = signed_in(make.the_officer()).post(address(), {"file": workbook(wrong, SECOND)})
    found = faults(answer)
    assert [(row, name) for row, name, _sentence in found] == [(3, column)]
    assert words in found[0][2]
    assert "Nothing was imported: 1 of 2 rows is wrong." in page(answer)
    assert (cycle.recommendations.count(), Import.objects.count()) == (0, 0)


def test_what_stands_twice_is_named_with_the_number_or_the_row(cycle):
    make.recommendation(cycle, text="Revise the law.")
    twice = [None, "data", "keep  FIGURES.", "low"]
    rows = [FIRST, [2, *SECOND[1:]], [3, *SECOND[1:3], "low"], twice, [1, "data", "New.", "low"]]
    answer = signed_in(make.the_officer()).post(address(), {"file": workbook(*rows)})
    assert faults(answer) == [
        (3, "Recommendation", "The plan has this recommendation already: it is number 1."),
        (4, "No.", "This row will be number 3: correct the number, or leave it out."),
        (5, "No.", "This row will be number 4: correct the number, or leave it out."),
        (5, "Recommendation", "The same recommendation stands in row 4."),
        (6, "Recommendation", "The same recommendation stands in row 4."),
        (7, "No.",
         "The plan has a recommendation 1 already; this row will be number 6."),
    ]  # fmt: skip


def test_a_template_of_another_edition_or_country_is_told_which(cycle):
    officer = signed_in(make.the_officer())
    old = officer.post(address(), {"file": workbook(FIRST, edition="plan-2025")})
    assert old.status_code == 400
    assert "plan-2025" in page(old)
    assert PLAN_EDITION in page(old)
    other = officer.post(address(), {"file": workbook(FIRST, party="VNM", number="2")})
    assert other.status_code == 400
    assert "the template of the plan of VNM, cycle 2" in page(other)
    none = officer.post(address(), {"file": make.pdf("plan.xlsx")})
    assert "The file is not an Excel workbook (.xlsx)." in page(none)
    many = [[None, "data", f"Recommendation {number}.", "low"] for number in range(501)]
    long = officer.post(address(), {"file": workbook(*many)})
    assert "A plan can have up to 500 recommendations at a time." in page(long)
    assert cycle.recommendations.count() == 0


def test_what_was_entered_meanwhile_stops_the_whole_import(cycle):
    officer = signed_in(make.the_officer())
    officer.post(address(), {"file": workbook(FIRST, SECOND)})
    make.recommendation(cycle, text="Keep figures.")
    answer = officer.post(address(), {"confirm": Import.objects.get().pk})
    assert answer.status_code == 409
    assert "it is number 1" in page(answer)
    assert cycle.recommendations.count() == 1


def test_only_officers_of_the_secretariat_import(cycle):
    interpol = make.agency("INTERPOL")
    answers = {
        who: (client.get(address()).status_code,
              client.post(address(), {"file": workbook(FIRST)}).status_code)
        for who, client in {
            "officer": signed_in(make.the_officer()),
            "lead": signed_in(make.the_lead()),
            "auditor": signed_in(make.auditor()),
            "focal point": signed_in(make.focal_point()),
            "lead agency": signed_in(make.agency_officer(interpol)),
            "other agency": signed_in(make.agency_officer(make.agency("WCO"))),
            "other country": signed_in(make.focal_point(make.party("VNM"))),
        }.items()
    }  # fmt: skip
    assert answers == {
        "officer": (200, 302), "lead": (200, 302), "auditor": (403, 403),
        "focal point": (403, 403), "lead agency": (403, 403), "other agency": (404, 404),
        "other country": (404, 404),
    }  # fmt: skip
    assert cycle.recommendations.count() == 0


def test_the_buttons_of_desk_and_portal_lead_to_the_page_of_the_import(cycle):
    officer = signed_in(make.the_officer())
    at_desk = reverse("admin:toolkit_implementation_act", args=[cycle.pk, "enter_plan"])
    for url in (at_desk, reverse("toolkit:action", args=["ken", 1, "enter_plan"])):
        assert officer.get(url).headers["Location"] == address()
        assert officer.post(url, {"rows": "x"}).headers["Location"] == address()
