"""Workbooks as people and machines make them: read whole, or answered with a sentence. Through the
page of one import; every import of a workbook reads it the same way."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests import make
from tests.reading_pages import signed_in
from tests.toolkit.test_plan_import import FIRST, HEADINGS, XLSX
from toolkit.models import Import
from toolkit.plan.importing import PLAN_EDITION

pytestmark = pytest.mark.django_db

NO_WORKBOOK = "The file is not an Excel workbook (.xlsx)."
OTHER = "The file is not made from the template. Download it and fill it in."


@pytest.fixture
def officer() -> Client:
    make.agency("UNODC")
    make.agency("WCO")
    make.implementation(lead_agency=make.agency("INTERPOL"))
    return signed_in(make.the_officer())


def sheet() -> Any:
    begun = Workbook().active
    begun.append(["Template edition", PLAN_EDITION, "Party", "KEN", "Cycle", "1"])
    begun.append(HEADINGS)
    return begun


def content(begun: Any) -> bytes:
    file = io.BytesIO()
    begun.parent.save(file)
    return file.getvalue()


def send(browser: Client, sent: bytes) -> Any:
    file = SimpleUploadedFile("plan.xlsx", sent, XLSX)
    return browser.post(reverse("country_plan_import", args=["ken", 1]), {"file": file})


def faults(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 400
    assert not Import.objects.exists()
    return [(one.row, one.column, one.sentence) for one in answer.context["problems"]]


def test_dates_and_whole_numbers_are_read_as_they_are_shown(officer: Client) -> None:
    begun = sheet()
    begun.append([1.0, *FIRST[1:7], datetime.combine(date(2027, 6, 30), time(12))])
    begun.append([2.0, "data", "Keep figures.", "low", None, None, None, date(2028, 1, 31)])
    answer = send(officer, content(begun))
    assert answer.status_code == 302, answer.context["problems"]
    rows = Import.objects.get().rows
    numbers_and_dates = [[row["cells"][key] for key in ("number", "due_on")] for row in rows]
    assert numbers_and_dates == [["1", "2027-06-30"], ["2", "2028-01-31"]]


def test_a_formula_or_an_error_is_named_and_never_read_as_an_empty_cell(officer: Client) -> None:
    begun = sheet()
    begun.append([None, "data", "=A1", "low"])
    begun.append([None, "data", "Keep figures.", "low", None, "#REF!"])
    begun["F4"].data_type = "e"
    assert faults(send(officer, content(begun))) == [
        (3, "Recommendation", "This cell holds a formula. Put its value in its place."),
        (4, "Responsible national body", "This cell holds an error of the spreadsheet."),
    ]


def test_a_cell_beside_the_headings_is_a_fault(officer: Client) -> None:
    begun = sheet()
    begun.append([*FIRST, None, "See also the letter."])
    ((row, column, sentence),) = faults(send(officer, content(begun)))
    assert (row, column) == (3, "")
    assert sentence.startswith("This row has a cell under no heading.")


@pytest.mark.parametrize("cell", ["BI3", "BJ3", "XFD2"])
def test_a_cell_far_to_the_right_is_never_left_out_in_silence(officer: Client, cell: str) -> None:
    begun = sheet()
    begun.append(FIRST)
    begun[cell] = "See also the letter."
    answer = send(officer, content(begun))
    assert (answer.status_code, Import.objects.count()) == (400, 0)
    assert answer.context["refusal"] == (
        f"Line {cell[-1]} of the workbook goes on far to the right of the table. Delete the "
        "columns there."
    )


def test_empty_cells_far_to_the_right_do_no_harm(officer: Client) -> None:
    begun = sheet()
    begun.append(FIRST)
    begun["XFD3"].number_format = "0.00"  # as a whole row that somebody has coloured
    assert send(officer, content(begun)).status_code == 302


def test_a_workbook_that_unpacks_to_very_much_is_refused(officer: Client) -> None:
    packed = _packed(**{"xl/worksheets/sheet1.xml": b" " * 20_000_001})
    assert send(officer, packed).context["refusal"] == "The workbook is too large."


def test_rows_keep_the_numbers_that_the_workbook_shows(officer: Client) -> None:
    begun = sheet()
    begun["C9"] = "Only a text."
    assert {row for row, _column, _sentence in faults(send(officer, content(begun)))} == {9}


def test_a_cell_a_million_rows_down_is_answered_with_a_sentence(officer: Client) -> None:
    begun = sheet()
    begun.append(FIRST)
    begun["C1048576"] = "Far below."
    answer = send(officer, content(begun))
    assert answer.status_code == 400
    assert "more than 100000 lines" in answer.context["refusal"]


def _packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return file.getvalue()


def _another() -> bytes:
    begun = Workbook().active
    begun.append(["No.", "Recommendation"])
    return content(begun)


def _cut() -> bytes:
    whole = content(sheet())
    return whole[: len(whole) // 2]


def _damaged() -> bytes:
    """Its parts are there, and one of them is no XML."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content(sheet()))) as whole,
        zipfile.ZipFile(file, "w") as packed,
    ):
        for name in whole.namelist():
            part = whole.read(name)
            packed.writestr(name, part[:200] if name.endswith("sheet1.xml") else part)
    return file.getvalue()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", NO_WORKBOOK),
        (b"No.,Part,Recommendation\r\n", NO_WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), NO_WORKBOOK),  # Excel before 2007
        (_packed(word=b"<document/>"), NO_WORKBOOK),
        (_cut(), NO_WORKBOOK),
        (_damaged(), NO_WORKBOOK),
        (content(Workbook().active), OTHER),
        (_another(), OTHER),
        (_packed(**{"xl/workbook.xml": bytes(61_000_000)}), "The workbook is too large."),
    ],
)
def test_what_is_no_workbook_of_ours_is_answered_with_a_sentence(
    officer: Client, sent: bytes, sentence: str
) -> None:
    answer = send(officer, sent)
    assert answer.status_code == 400
    assert str(answer.context["refusal"]) == sentence
    assert not Import.objects.exists()
