"""Whole lists as files: what the pages of the list show, and nothing else."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from iccwc_portal import api_downloads
from partners import rates
from partners.models import Party
from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = (
    "requests/", "referrals/", "parties/", "agencies/", "supports/", "toolkit/implementations/",
    "toolkit/changes/", "toolkit/assessments/", "toolkit/observations/", "toolkit/totals/",
    "toolkit/recommendations/",
)  # fmt: skip


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def as_csv(caller: Caller, path: str) -> list[dict[str, str]]:
    text = content(caller.get(with_format(path, "csv"))).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_xlsx(caller: Caller, path: str) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(content(caller.get(with_format(path, "xlsx")))))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def with_format(path: str, name: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}format={name}"


def whole(caller: Caller, path: str) -> list[dict[str, Any]]:
    """The same by pages of one."""
    rows: list[dict[str, Any]] = []
    after = f"{path}{'&' if '?' in path else '?'}page_size=1"
    while after:
        page = caller.get(after).json()
        rows += page["results"]
        after = page["next"]
    return rows


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["nobody", "INTERPOL", "WCO", "Kenya", "Secretariat"])
def test_a_file_holds_the_rows_of_the_pages_in_their_order(
    path: str, name: str, callers: dict[str, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_downloads, "AT_ONCE", 2)
    monkeypatch.setattr(rates.KeyThrottle, "rate", "10000/min")
    monkeypatch.setattr(rates.KeyThrottle, "download_rate", "10000/min")
    caller = callers[name]
    refused = caller.get(path).status_code
    if refused != 200:
        assert caller.get(with_format(path, "csv")).status_code == refused
        return
    rows = whole(caller, path)
    first = next(iter(rows[0]), "") if rows else ""
    found = as_csv(caller, path)
    assert [line[first] for line in found] == [str(row[first]) for row in rows]
    head, *lines = as_xlsx(caller, path)["Rows"]
    assert len(lines) == len(rows)
    if rows:
        assert list(found[0]) == head


def flattened(row: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def test_a_line_of_csv_is_the_row_of_the_list(world: SimpleNamespace) -> None:
    caller = with_key(make.api_key(world.interpol)[1])
    (row,) = caller.get("referrals/").json()["results"]
    (line,) = as_csv(caller, "referrals/")
    flat = dict(flattened(row))
    assert set(line) == set(flat)
    moments = {name for name in flat if name.endswith("_at")}
    for name, value in flat.items():
        said = "" if value is None else str(value)
        if name in moments and said:
            assert datetime.fromisoformat(line[name]) == datetime.fromisoformat(said)
        else:
            assert line[name] == said


def test_filters_order_and_fields_hold_for_files_too(world: SimpleNamespace) -> None:
    officer = signed_in(world.officer)
    path = "requests/?state=referred&ordering=updated_at&fields=reference,party"
    expected = [
        {"reference": row["reference"], "party.code": row["party"]["code"],
         "party.name": row["party"]["name"]}
        for row in officer.get(path).json()["results"]
    ]  # fmt: skip
    assert as_csv(officer, path) == expected
    assert len(expected) == 2


def test_a_workbook_holds_days_and_numbers_and_says_what_it_is(world: SimpleNamespace) -> None:
    caller = with_key(make.api_key(world.interpol)[1])
    book = as_xlsx(caller, "referrals/?state=sent")
    head, row = book["Rows"]
    said = dict(zip(head, row, strict=True))
    assert said["id"] == world.referral.pk
    assert said["answer_due_on"].date() == world.referral.answer_due_on
    assert isinstance(said["updated_at"], datetime)
    about = dict(book["About this file"][1:])
    assert isinstance(about.pop("Made (UTC)"), datetime)
    assert about == {
        "List": "http://testserver/api/v1/referrals/", "Filters": "state=sent", "Rows": 1,
    }  # fmt: skip


def test_the_file_names_the_list_and_the_day(time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T09:00:00Z", tick=False)
    answers = [Caller().get(f"parties/?format={ending}") for ending in ("csv", "xlsx")]
    assert [(one["Content-Type"], one["Content-Disposition"]) for one in answers] == [
        ("text/csv; charset=utf-8", 'attachment; filename="parties-2026-03-02.csv"'),
        (XLSX, 'attachment; filename="parties-2026-03-02.xlsx"'),
    ]


def test_what_a_spreadsheet_would_run_is_a_text(world: SimpleNamespace) -> None:
    party = world.kenya
    type(party).objects.filter(pk=party.pk).update(name_en="=cmd|'/c calc'!A1")
    caller = signed_in(world.officer)
    names = [line["party.name"] for line in as_csv(caller, "requests/")]
    assert "'=cmd|'/c calc'!A1" in names
    assert [name for name in names if name.startswith("=")] == []
    head, *lines = as_xlsx(caller, "requests/")["Rows"]
    place = head.index("party.name")
    assert "=cmd|'/c calc'!A1" in [line[place] for line in lines]


def test_the_accept_header_asks_for_a_file_too() -> None:
    make.party()
    asked = {"text/csv": "text/csv", XLSX: XLSX, "*/*": "application/json"}
    found = {
        accept: Caller().get("parties/", headers={"accept": accept})["Content-Type"].split(";")[0]
        for accept in asked
    }
    assert found == asked
    assert Caller().get("parties/", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("format=pdf", {"format"}),
        ("format=csv&format=xlsx", {"format"}),
        ("format=", {"format"}),
        ("format=csv&page_size=10", {"page_size"}),
        ("format=xlsx&cursor=abc", {"cursor"}),
        ("format=csv&colour=red", {"colour"}),
        ("format=xlsx&fields=secret", {"fields"}),
    ],
)
def test_a_bad_wish_is_refused_in_json(query: str, names: set[str]) -> None:
    refused = Caller().get(f"parties/?{query}")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert set(refused.json()["errors"]) == names


def test_a_detail_is_no_list() -> None:
    party = make.party()
    refused = Caller().get(f"parties/{party.code}/?format=csv")
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"format"})


def test_a_workbook_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("KEN", "VNM", "PER"):
        make.party(code)
    monkeypatch.setattr(api_downloads, "MOST_ROWS_OF_A_WORKBOOK", 2)
    refused = Caller().get("parties/?format=xlsx")
    assert refused.json()["errors"] == {
        "format": ["This list has more than 2 rows. Take it as CSV, or narrow it."]
    }
    assert len(as_csv(Caller(), "parties/")) == 3


def test_downloads_have_a_lower_limit_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates.KeyThrottle, "download_rate", "1/min")
    caller = with_key(make.api_key()[1])
    first, second = (caller.get("parties/?format=csv") for _call in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert first["RateLimit-Policy"] == '"calls";q=600;w=60, "downloads";q=1;w=60'
    assert "downloads of lists" in second.json()["detail"]
    assert caller.get("parties/").status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_asks_one_question_for_each_thousand_rows(
    ending: str, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(api_downloads, "AT_ONCE", 10)
    caller = signed_in(make.officer())
    counts = []
    for rows in (9, 19):
        for number in range(Party.objects.count(), rows):
            make.party(f"{chr(65 + number)}ZZ")
        with django_assert_max_num_queries(12) as asked:
            content(caller.get(f"parties/?format={ending}"))
        counts.append(len(asked.captured_queries))
    assert counts[1] == counts[0] + 1
