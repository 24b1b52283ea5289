"""Observations from a CSV file: all of it or nothing, each fault named by row and column."""

import csv
import io
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from history.models import Event
from history.verify import first_break
from outbox.models import Heartbeat
from partners.models import Party, PartyAlias
from tests import make
from tests.reading_pages import signed_in, table_rows, words
from toolkit.models import Import, Observation
from toolkit.tasks import forget_imports

pytestmark = pytest.mark.django_db

DOOR = "/admin/toolkit/observation/import/"
HEADINGS = (
    "Party", "Instrument", "Status", "Step", "Date", "Precision", "Approximate", "Date in source",
    "Note", "Source", "Address",
)  # fmt: skip
SPELLINGS = {
    "VNM": ("viet nam", "vietnam", "vnm"),
    "KEN": ("kenya", "kenia", "ken"),
    "PER": ("peru", "perou", "per"),
    "COD": ("democratic republic of the congo", "drc", "cod"),
    "CIV": ("cote d ivoire", "civ"),
}


@pytest.fixture(autouse=True)
def parties() -> None:
    for code, spellings in SPELLINGS.items():
        party = make.party(code)
        for one in spellings:
            PartyAlias.objects.create(party=party, written=one, spelling=one)


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def row(**said: str) -> list[str]:
    usual = {
        "Party": "Kenya", "Instrument": "toolkit", "Status": "complete", "Date": "2018-10",
        "Source": "UNODC highlights page, about October 2018",
    }  # fmt: skip
    cells = {**usual, **{name.replace("_", " "): text for name, text in said.items()}}
    return [cells.get(name, "") for name in HEADINGS]


def written(*rows: list[str], delimiter: str = ",", head: Any = HEADINGS) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([list(head), *rows])
    return text.getvalue().encode()


def a_workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write_row(0, 0, HEADINGS)
    return content.getvalue()


def send(browser: Client, content: bytes, name: str = "statements.csv") -> Any:
    return browser.post(DOOR, {"file": SimpleUploadedFile(name, content)})


def confirm(browser: Client, page: Any) -> Any:
    kept = page.url.rpartition("=")[2]
    return browser.post(DOOR, {"confirm": kept})


def refusal(page: Any) -> str:
    assert page.status_code == 400
    assert not Observation.objects.exists()
    assert not Import.objects.exists()
    return str(page.context["refusal"])


def kept() -> list[tuple[Any, ...]]:
    found = Observation.objects.order_by("pk").values_list(
        "party__code", "status", "step", "effective_on", "precision", "is_approximate",
        "date_in_source",
    )  # fmt: skip
    return [(*one[:3], str(one[3]), *one[4:]) for one in found]


# ── the way through ──────────────────────────────────────────────────────────────────────────


def test_a_file_is_read_shown_as_understood_and_imported_when_its_sender_says_so(
    officer: Client,
) -> None:
    content = written(
        row(Party="Vietnam", Approximate="yes"),
        row(Party="DRC", Status="in process", Date="2018", Date_in_source="in 2018"),
        row(Party="CÔTE D’IVOIRE", Status="step_event", Step="Presentation", Date="2015-09-25"),
        row(Party="KEN", Date="2019-06-30", Precision="by"),
    )
    read = send(officer, content)
    assert read.status_code == 302
    assert not Observation.objects.exists()

    page = officer.get(read.url)
    assert table_rows(page, "import-rows") == [
        ["2", "Viet Nam", "Toolkit", "complete", "–", "October 2018", "in that month", "Yes",
         "2018-10", "–", "UNODC highlights page, about October 2018", "–"],
        ["3", "COD", "Toolkit", "in process", "–", "2018", "in that year", "No", "in 2018", "–",
         "UNODC highlights page, about October 2018", "–"],
        ["4", "CIV", "Toolkit", "a step was reached", "Presentation", "25 September 2015",
         "on that day", "No", "2015-09-25", "–", "UNODC highlights page, about October 2018", "–"],
        ["5", "Kenya", "Toolkit", "complete", "–", "by 30 June 2019", "on or before that day", "No",
         "2019-06-30", "–", "UNODC highlights page, about October 2018", "–"],
    ]  # fmt: skip
    assert "4 rows will be imported" in words(page.content.decode())

    assert confirm(officer, read).url == "/admin/toolkit/observation/"
    assert kept() == [
        ("VNM", "complete", "", "2018-10-31", "month", True, "2018-10"),
        ("COD", "in_process", "", "2018-12-31", "year", False, "in 2018"),
        ("CIV", "step_event", "presentation", "2015-09-25", "day", False, "2015-09-25"),
        ("KEN", "complete", "", "2019-06-30", "by", False, "2019-06-30"),
    ]
    events = Event.objects.filter(kind="toolkit.observed").order_by("pk")
    assert [(one.actor_body, one.changes["file"]) for one in events] == [
        ("CITES", "statements.csv")
    ] * 4
    assert list(Observation.objects.order_by("pk").values_list("event_id", flat=True)) == [
        one.pk for one in events
    ]
    assert first_break() is None
    listed = officer.get("/admin/toolkit/observation/", {"came": "imported"})
    assert "statements.csv" in listed.content.decode()


def test_several_statements_of_one_party_follow_each_other_in_its_history(officer: Client) -> None:
    rows = [row(Date=f"20{year}") for year in range(14, 20)]
    confirm(officer, send(officer, written(*rows)))
    confirm(officer, send(officer, written(row(Date="2020"))))
    sequence = Event.objects.filter(subject_id=Party.objects.get(code="KEN").pk)
    assert list(sequence.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert first_break() is None


def test_of_5000_rows_with_three_wrong_ones_nothing_is_imported_and_the_three_are_named(
    officer: Client,
) -> None:
    codes = list(SPELLINGS)
    rows = [row(Party=codes[n % 5], Source=f"Document {n}") for n in range(5000)]
    rows[16] = row(Party="Atlantis", Source="Document 17")
    rows[2499] = row(Date="Oct-18", Source="Document 2500")
    rows[4998] = row(Status="finished", Source="Document 4999")

    with CaptureQueriesContext(connection) as queries:
        page = send(officer, written(*rows))

    assert refusal(page) == "Nothing was imported: 3 of 5000 rows are wrong."
    statuses = (
        "request_received, in_process, complete, step_event, follow_up_event, published, "
        "activity_shown_on_iccwc_map"
    )
    assert table_rows(page, "import-problems") == [
        ["18", "Party", "Atlantis",
         "No Party is known by this name. Use another spelling, or the ISO code."],
        ["2501", "Date", "Oct-18", "Write the date as 2018, 2018-10 or 2018-10-05."],
        ["5000", "Status", "finished", f"This is not known here. Known are: {statuses}."],
    ]  # fmt: skip
    assert len(queries) <= 12

    for number, good in ((16, "Peru"), (2499, "Kenia"), (4998, "Vietnam")):
        rows[number] = row(Party=good, Source=f"Document {number + 1}, mended")
    read = send(officer, written(*rows))
    assert read.status_code == 302
    page = officer.get(read.url)
    assert len(table_rows(page, "import-rows")) == 100
    assert "And 4900 more." in words(page.content.decode())
    with CaptureQueriesContext(connection) as queries:
        confirm(officer, read)
    assert Observation.objects.count() == 5000
    assert len(queries) < 250  # in batches, not by row
    assert first_break() is None


# ── who, and how often ───────────────────────────────────────────────────────────────────────


def test_auditors_and_everybody_outside_are_turned_away(officer: Client) -> None:
    read = send(officer, written(row()))
    auditor = signed_in(make.auditor())
    others = [signed_in(one()) for one in (make.focal_point, make.agency_officer)]
    for browser in (auditor, *others, Client()):
        for answer in (
            browser.get(DOOR), browser.get(read.url), browser.get(f"{DOOR}template.csv"),
            send(browser, written(row())), confirm(browser, read),
        ):  # fmt: skip
            assert answer.status_code in {302, 403, 404}
            assert "Kenya" not in answer.content.decode()
    assert auditor.get(DOOR).status_code == 403
    assert not Observation.objects.exists()


def test_another_officer_neither_sees_nor_confirms_what_somebody_sent(officer: Client) -> None:
    read = send(officer, written(row()))
    lead = signed_in(make.the_lead())
    assert lead.get(read.url).status_code == 404
    assert confirm(lead, read).status_code == 404
    assert lead.post(DOOR, {"confirm": "²"}).status_code == 404
    assert lead.get(f"{DOOR}?read=99999999999999999999").status_code == 404
    assert not Observation.objects.exists()


def test_without_the_token_of_the_page_nothing_happens(officer: Client) -> None:
    read = send(officer, written(row()))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.the_officer())
    assert confirm(strict, read).status_code == 403
    assert send(strict, written(row())).status_code == 403
    assert not Observation.objects.exists()


def test_confirming_twice_imports_once(officer: Client) -> None:
    read = send(officer, written(row()))
    assert confirm(officer, read).status_code == 302
    again = confirm(officer, read)
    assert again.status_code == 409
    assert str(again.context["refusal"]) == "This file has been imported already."
    assert officer.get(read.url).status_code == 409
    assert Observation.objects.count() == 1


def test_the_same_file_again_is_named_row_by_row(officer: Client) -> None:
    content = written(row(), row(Party="Peru"))
    confirm(officer, send(officer, content))
    page = send(officer, content)
    assert page.status_code == 400
    assert table_rows(page, "import-problems") == [
        ["2", "–", "Kenya", "This statement is stored already."],
        ["3", "–", "Peru", "This statement is stored already."],
    ]
    assert Observation.objects.count() == 2


def test_what_is_said_twice_in_one_file_is_named(officer: Client) -> None:
    page = send(officer, written(row(), row(Party="Peru"), row(Party="Kenia")))
    refusal(page)
    assert table_rows(page, "import-problems") == [
        ["4", "–", "Kenya", "This is said in row 2 already."]
    ]


def test_what_changed_between_reading_and_confirming_stops_the_import(officer: Client) -> None:
    first, second = (send(officer, written(row(), row(Party="Vietnam"))) for _twice in range(2))
    assert confirm(officer, first).status_code == 302
    late = confirm(officer, second)
    assert late.status_code == 409
    assert "something has changed" in str(late.context["refusal"])
    assert [one[0] for one in table_rows(late, "import-problems")] == ["2", "3"]

    third = send(officer, written(row(Party="Peru")))
    PartyAlias.objects.filter(spelling="peru").delete()
    late = confirm(officer, third)
    assert late.status_code == 409
    assert [one[1:3] for one in table_rows(late, "import-problems")] == [["Party", "Peru"]]
    assert Observation.objects.count() == 2


def test_a_file_that_nobody_confirmed_is_forgotten_after_a_week(officer: Client) -> None:
    old, young, done = (send(officer, written(row(Party=one))) for one in ("KEN", "PER", "VNM"))
    confirm(officer, done)
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    Import.objects.filter(pk__in=[int(one.url.rpartition("=")[2]) for one in (old, done)]).update(
        made_at=week_ago
    )
    assert forget_imports() == 1
    assert forget_imports() == 0
    assert officer.get(old.url).status_code == 404
    assert officer.get(young.url).status_code == 200
    assert Heartbeat.objects.filter(name="imports").exists()
    assert Observation.objects.count() == 1


# ── files as people make them ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_are_read(officer: Client, delimiter: str) -> None:
    content = written(row(Note="First, second; third."), delimiter=delimiter)
    assert confirm(officer, send(officer, content)).status_code == 302
    assert Observation.objects.get().note == "First, second; third."


def test_marks_line_ends_order_and_spelling_of_headings_do_not_matter(officer: Client) -> None:
    order = sorted(HEADINGS)
    cells = dict(zip(HEADINGS, row(Party="Pérou", Note="Año"), strict=True))
    content = written([cells[name] for name in order], head=[name.upper() for name in order])
    decomposed = unicodedata.normalize("NFD", content.decode())
    assert (
        confirm(officer, send(officer, "\ufeff".encode() + decomposed.encode())).status_code == 302
    )
    assert Observation.objects.get().party.code == "PER"


def test_rows_are_counted_as_a_spreadsheet_counts_them(officer: Client) -> None:
    content = written(row(Note="Three\r\nlines\r\nhere."), [], row(Party="Atlantis"))
    page = send(officer, content)
    refusal(page)
    assert [one[0] for one in table_rows(page, "import-problems")] == ["4"]


def test_what_looks_like_a_formula_stays_text(officer: Client) -> None:
    confirm(
        officer, send(officer, written(row(Note='=HYPERLINK("x")'), row(Date="2014", Note="'-5")))
    )
    notes = Observation.objects.order_by("pk").values_list("note", flat=True)
    assert list(notes) == ['=HYPERLINK("x")', "-5"]


def test_columns_that_may_be_empty_may_be_left_out_and_those_that_must_be_filled_may_not(
    officer: Client,
) -> None:
    head = ("Source", "Date", "Party", "Status", "Instrument")
    cells = [["A page of the year 2018", "2018-10", "Kenya", "complete", "toolkit"]]
    without_source = written(*[one[1:] for one in cells], head=head[1:])
    sentence = refusal(send(officer, without_source))
    assert sentence == "These columns are missing: Source."

    confirm(officer, send(officer, written(*cells, head=head)))

    assert kept() == [("KEN", "complete", "", "2018-10-31", "month", False, "2018-10")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\r\n \r\n", "The file is empty."),
        (",".join(HEADINGS).encode(), "The file has headings but no rows."),
        (written(row()).replace(b"Kenya", "Pérou".encode("latin-1")), "not text in UTF-8"),
        (written(row()).decode().encode("utf-16"), "not text in UTF-8"),
        (written(row()).replace(b"Kenya", b"Ken\x00ya"), "not text in UTF-8"),
        (bytes(range(256)), "not text in UTF-8"),
        (a_workbook(), "This is not a CSV file."),
        (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "This is not a CSV file."),
        (b"\xef\xbb\xbf<table><tr><td>Party</td></tr></table>", "This is not a CSV file."),
        (written(row()).replace(b"Kenya", b'"Kenya'), "breaks off at line 2 of the file"),
        (written(row()).replace(b"Kenya", b"x" * 200_000), "breaks off at line 2 of the file"),
        (written(row(), head=("Country", *HEADINGS[1:])), "These columns are missing: Party."),
        (
            written(row(), head=(*HEADINGS[:-1], "Website", "Address")),
            "These columns are not known: Website.",
        ),
        (written(row(), head=(*HEADINGS, "party")), "These columns stand twice: Party, party."),
        (written(*[row()] * 10_001), "more than 10000 rows"),
        (b"\n" * 100_001, "more than 100000 lines"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(
    officer: Client, content: bytes, sentence: str
) -> None:
    assert sentence in refusal(send(officer, content))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (row(Party=""), ["Party", "–", "This cell is empty."]),
        (row(Date="2199"), ["Date", "2199", "This date lies in the future."]),
        (
            row(Date="2018", Precision="month"),
            ["Date", "2018", "“in that month” needs a more exact date than 2018."],
        ),
        (row(Approximate="perhaps"), ["Approximate", "perhaps", "Write yes or no."]),
        (
            row(Step="mission"),
            ["Step", "mission", "This is not known here. Known are: request, "
             "nomination_of_focal_point, preparatory_work, initial_meeting, in_country_mission, "
             "report_draft, action_plan, presentation, follow_up."],
        ),
        (row(Status="step_event"), ["Step", "–", "Say which step was reached."]),
        (
            row(Address="javascript:alert(1)"),
            ["Address", "javascript:alert(1)", "Write the whole address, beginning with https://."],
        ),
        (
            row(Note="a\x07b"),
            ["Note", "a b", "“a�b” holds a control character, which cannot be kept. Type these "
             "words again."],
        ),
        (
            row(Source="x" * 301),
            ["Source", "x" * 80, "This text has 301 characters; 300 is the most."],
        ),
        (
            [*row(), "stray"],
            ["–", "–", "This row has a cell under no heading. In a CSV file, put text with commas "
             "between quotation marks."],
        ),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_column_and_what_stands_there(
    officer: Client, cells: list[str], problem: list[str]
) -> None:
    page = send(officer, written(row(Party="Peru"), cells))
    refusal(page)
    found = table_rows(page, "import-problems")
    assert [[cell.replace("\x07", " ") for cell in one] for one in found] == [["3", *problem]]


def test_a_date_before_accession_is_left_to_the_form_that_takes_a_reason(officer: Client) -> None:
    Party.objects.filter(code="KEN").update(party_since="2019-01-20")
    page = send(officer, written(row()))
    refusal(page)
    assert table_rows(page, "import-problems") == [
        ["2", "Date", "2018-10", "Kenya became a Party on 20 January 2019. Check the date, or say "
         "why it is so. With a reason it is entered by itself."],
    ]  # fmt: skip


def test_a_file_larger_than_allowed_or_none_at_all_is_answered_with_a_sentence(
    officer: Client, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1000
    page = send(officer, written(*[row(Source=f"Document {n}") for n in range(50)]))
    assert refusal(page) == "The file is too large: up to 1000\xa0bytes are read."
    assert refusal(officer.post(DOOR)) == "Choose a file first."


def test_the_template_has_the_headings_that_are_read(officer: Client) -> None:
    template = officer.get(f"{DOOR}template.csv")
    assert template["Content-Disposition"] == 'attachment; filename="observations.csv"'
    assert template.content.decode("utf-8-sig") == ",".join(HEADINGS) + "\r\n"
    filled = template.content + ",".join(row(Source="A document")).encode()
    assert send(officer, filled).status_code == 302
