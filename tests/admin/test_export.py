"""Downloads of the queue: exactly what is listed, nothing of a draft, nothing that runs."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from requests_app import exporting
from requests_app.models import RequestState, SupportRequest
from tests import make

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")
HEAD = [
    "Reference", "Party", "Party code", "Kind of support", "Urgency", "State", "Waits for",
    "Age in days", "Submitted", "Due", "Late", "Officer", "Closed",
]  # fmt: skip


def address(form: str) -> str:
    return reverse("admin:requests_app_supportrequest_export", args=[form])


def rows(browser: Client, **asked: Any) -> list[list[str]]:
    answer = browser.get(address("csv"), asked)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def sheet(browser: Client, **asked: Any) -> list[list[Any]]:
    answer = browser.get(address("xlsx"), asked)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.active.rows]


def test_the_files_hold_what_the_list_shows_in_its_order(officer: Client) -> None:
    make.draft()
    late = make.request_in(RequestState.IN_REVIEW)
    asked = make.request_in(RequestState.IN_REVIEW, of=make.party("VNM"))
    make.conversation(asked)
    ended = make.request_in(RequestState.DECLINED)
    now = timezone.now()
    SupportRequest.objects.filter(pk=late.pk).update(
        submitted_at=now - timedelta(days=12), due_at=now - timedelta(days=3, hours=1)
    )
    today, due = now.date().isoformat(), (now - timedelta(days=3, hours=1)).date().isoformat()
    submitted = (now - timedelta(days=12)).date().isoformat()
    me = make.the_officer().name
    line_late = [
        late.reference, "Kenya", "KEN", "Basic training", "normal", "in review",
        "the Secretariat", "12", submitted, due, "3 days late", me, "",
    ]  # fmt: skip
    line_asked = [
        asked.reference, "Viet Nam", "VNM", "Basic training", "normal", "in review",
        "the country", "0", today, "", "clock stands still", me, "",
    ]  # fmt: skip
    line_ended = [
        ended.reference, "Kenya", "KEN", "Basic training", "normal", "declined", "", "", today,
        "", "", me, today,
    ]  # fmt: skip
    assert rows(officer) == [HEAD, line_late, line_asked]
    assert rows(officer, queue="all") == [HEAD, line_ended, line_asked, line_late]
    assert rows(officer, queue="mine", q="viet nam") == [HEAD, line_asked]
    table = sheet(officer, queue="all")
    as_text = [
        ["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row]
        for row in table
    ]
    assert as_text == [HEAD, line_ended, line_asked, line_late]


def test_both_files_say_the_day_as_their_readers_clock_had_it(officer: Client) -> None:
    """The stream of the CSV is read when the call that set the clock is over."""
    reader = make.the_officer()
    reader.time_zone, reader.language = "Pacific/Kiritimati", "fr"  # 14 hours before UTC
    reader.save()
    case = make.request_in(RequestState.SUBMITTED)
    evening = datetime(2026, 3, 2, 20, tzinfo=UTC)
    SupportRequest.objects.filter(pk=case.pk).update(submitted_at=evening)
    (in_csv,), (in_sheet,) = rows(officer)[1:], sheet(officer)[1:]
    assert (in_csv[8], in_sheet[8].date().isoformat()) == ("2026-03-03", "2026-03-03")
    assert in_csv[5] == in_sheet[5] == "soumise"


def test_no_cell_is_a_formula_or_a_link(lead: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    for risky in ('=HYPERLINK("http://evil.example.org")', "+1", "-1", "@SUM(A1)", "\t=1"):
        type(case.party).objects.update(name_en=risky)
        assert rows(lead)[1][1] == f"'{risky}"
        answer = lead.get(address("xlsx"))
        cell = openpyxl.load_workbook(io.BytesIO(answer.content)).active["B2"]
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", risky, None)


def test_a_file_that_was_cut_says_so(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(3):
        make.request_in(RequestState.SUBMITTED)
    for module in (exporting, __import__("requests_app.admin.export", fromlist=["x"])):
        monkeypatch.setattr(module, "MOST_ROWS", 2)
    words = "Only the first 2 requests are in this file. Narrow the list for the others."
    assert [row[0] for row in rows(officer)][3:] == [words]
    assert [row[0] for row in sheet(officer)][3:] == [words]
    monkeypatch.setattr("requests_app.admin.export.MOST_ROWS", 3)
    assert len(rows(officer)) == 4


def test_each_download_is_in_the_history_of_its_reader(auditor: Client) -> None:
    make.request_in(RequestState.SUBMITTED)
    auditor.get(address("csv"), {"queue": "new"})
    auditor.get(address("xlsx"), {"q": "nothing"})
    auditor.get(QUEUE)
    told = Event.objects.filter(kind="requests.exported")
    assert [(one.subject_type, one.actor_name, one.changes) for one in told] == [
        ("partners.user", "Auditor, CITES", {"query": "queue=new", "rows": 1, "form": "csv"}),
        ("partners.user", "Auditor, CITES", {"query": "q=nothing", "rows": 0, "form": "xlsx"}),
    ]


def test_others_take_nothing_away(focal_point: Client, agency_officer: Client) -> None:
    make.request_in(RequestState.REFERRED)
    for browser in (focal_point, agency_officer, Client()):
        for form in ("csv", "xlsx"):
            assert browser.get(address(form)).status_code == 302
    assert not Event.objects.filter(kind="requests.exported").exists()


def test_odd_addresses_lead_back_to_the_list(officer: Client) -> None:
    assert officer.get(address("exe")).status_code == 404
    assert officer.get(address("csv"), {"party__id__exact": "x"}).url == QUEUE
