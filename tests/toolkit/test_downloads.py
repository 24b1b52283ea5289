"""The tracker's table as files: what they hold, what they say of themselves, who gets what."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests import make
from tests.reading_pages import signed_in
from tests.toolkit.test_pages import observed, printed_in_sc66
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row

pytestmark = pytest.mark.django_db

DOCUMENT = date(2015, 11, 9)
ENDINGS = ["csv", "json", "xlsx", "geojson"]
STEPS = [f"{number}_{step.value}" for number, step in enumerate(Step, 1)]


def file(ending: str, client: Client | None = None, **asked: str) -> Any:
    answer = (client or Client()).get(f"/toolkit/table.{ending}", asked)
    assert answer.status_code == 200
    return answer


def sheets(answer: Any) -> dict[str, list[list[Any]]]:
    """Each sheet of a workbook, line by line. No cell is a formula or a link."""
    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert [cell for cell in cells if cell.hyperlink] == []
    return {
        sheet.title: [["" if cell.value is None else cell.value for cell in row] for row in sheet]
        for sheet in book
    }


def cells(ending: str, answer: Any) -> list[list[str]]:
    """The rows of the table in any of the files: the Party's name and the states of its steps."""
    if ending == "csv":
        lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    elif ending == "xlsx":
        head, *rows = sheets(answer)["Steps"]
        lines = [dict(zip(head, row, strict=True)) for row in rows]
    else:
        data = json.loads(answer.content)
        rows = data["rows"] if "rows" in data else [one["properties"] for one in data["features"]]
        return [
            [row["name"], *(one["state"].replace("_", " ") for one in row["steps"])] for row in rows
        ]
    return [[line["name"], *(line[name].replace("_", " ") for name in STEPS)] for line in lines]


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_file_holds_the_table_of_sc66_inf_9_cell_by_cell(ending: str) -> None:
    call_command("load_reference", verbosity=0)
    assert cells(ending, file(ending, as_of="2015-11-09")) == printed_in_sc66()
    assert cells(ending, file(ending, as_of="2015-11-08")) == []
    assert len(cells(ending, file(ending, phase="complete", as_of="2015-11-09"))) == 6
    assert cells(ending, file(ending, region="asia", as_of="2015-11-09")) == [
        row for row in printed_in_sc66() if row[0] in {"Bangladesh", "Nepal", "Viet Nam"}
    ]


@pytest.fixture
def kenya() -> Implementation:
    loaded = load_table_row(make.party(), [Step.REQUEST], as_of=DOCUMENT, source="=cmd|A1")
    assert loaded is not None
    observed(loaded.party, source="@sum", note="+1")
    return loaded


ASKED = {"as_of": "2020-01-01", "known_at": "", "region": "africa", "phase": "request_received"}


def test_json_and_geojson_say_what_they_are(kenya: Implementation) -> None:
    known_at = timezone.now()
    asked = ASKED | {"known_at": known_at.isoformat()}
    for ending in ("json", "geojson"):
        answer = file(ending, **asked)
        said = answer.json()
        assert said.pop("made_at") >= said["known_at"]
        assert "whose Party has consented" in said.pop("consent")
        assert set(said.pop("derived")) == {"phase", "cites_region"}
        head = {name: said.pop(name) for name in ("as_of", "known_at", "filters", "sources")}
        assert head == {
            "as_of": "2020-01-01",
            "known_at": known_at.isoformat().replace("+00:00", "Z"),
            "filters": {"phase": "request_received", "region": "africa"},
            "sources": ["=cmd|A1"],
        }
        if ending == "json":
            assert set(said) == {"totals", "rows", "observations"}
            assert [one["source"] for one in said["observations"]] == ["@sum"]
        else:
            assert answer["Content-Type"] == "application/geo+json"
            assert set(said) == {"type", "outlines", "features"}
            assert "Natural Earth" in said["outlines"]


def test_geojson_has_an_outline_in_degrees_for_each_implementation(kenya: Implementation) -> None:
    load_table_row(kenya.party, [Step.REQUEST], as_of=DOCUMENT, source="Another table")
    load_table_row(make.party("EU"), [Step.REQUEST], as_of=DOCUMENT, source="A table")
    features = file("geojson").json()["features"]
    assert [one["id"] for one in features] == ["EU-1", "KEN-1", "KEN-2"]
    assert features[0]["geometry"] is None  # the European Union has no outline of its own
    assert features[1]["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert features[1]["geometry"] == features[2]["geometry"]
    for one in features[1:]:
        for longitude, latitude in _corners(one["geometry"]["coordinates"]):
            assert (33 < longitude < 43, -6 < latitude < 6) == (True, True)


def _corners(nested: Any) -> list[list[float]]:
    if isinstance(nested[0], int | float):
        return [nested]
    return [corner for part in nested for corner in _corners(part)]


def test_a_spreadsheet_runs_nothing_that_a_file_holds(kenya: Implementation) -> None:
    table = file("csv").content.decode()
    documents = Client().get("/toolkit/observations.csv").content.decode()
    assert (",'=cmd|A1," in table, ",'@sum," in documents, ",'+1," in documents) == (True,) * 3
    for text in (table, documents):
        every = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in every if cell.startswith(("=", "+", "-", "@"))] == []
    book = sheets(file("xlsx"))  # no cell is a formula
    assert "=cmd|A1" in book["Steps"][1]
    assert {"@sum", "+1"} <= set(book["What documents say"][1])


def test_in_a_workbook_days_are_days_and_numbers_numbers(kenya: Implementation) -> None:
    known_at = timezone.now()
    head, row = sheets(file("xlsx", **ASKED | {"known_at": known_at.isoformat()}))["Steps"]
    said = dict(zip(head, row, strict=True))
    event = file("json", **ASKED).json()["rows"][0]["steps"][0]["event"]
    kept = known_at.astimezone(UTC).replace(tzinfo=None)
    assert abs((said.pop("known_at") - kept).total_seconds()) < 1
    assert isinstance(said.pop("made_at"), datetime)
    assert {name: value for name, value in said.items() if not isinstance(value, str)} == {
        "as_of": datetime.fromisoformat("2020-01-01"),
        "cites_region_confirmed": kenya.party.region_confirmed,
        "cycle": 1,
        "1_request_on": datetime.fromisoformat("2015-11-09"),
        "1_request_event": event,
    }


def test_lines_say_day_knowledge_moment_filters_and_consent(kenya: Implementation) -> None:
    (line,) = csv.DictReader(io.StringIO(file("csv", **ASKED).content.decode()))
    assert line["made_at"] <= timezone.now().isoformat()
    said = {name: line[name] for name in ("as_of", "known_at", "filters", "publicity")}
    assert said == {
        "as_of": "2020-01-01", "known_at": "",
        "filters": "phase=request_received; region=africa", "publicity": "document",
    }  # fmt: skip
    assert "can be withdrawn" in line["consent"]
    about = dict(sheets(file("xlsx", **ASKED))["About this file"][1:])
    assert (about["State on"], about["As known on"], about["Filters"]) == (
        datetime.fromisoformat("2020-01-01"), "when the file was made",
        "phase=request_received; region=africa",
    )  # fmt: skip
    assert (about["Sources of the steps"], about["Sources of what documents say"]) == (
        "=cmd|A1", "@sum",
    )  # fmt: skip
    documents = Client().get("/toolkit/observations.csv", ASKED).content.decode()
    (statement,) = csv.DictReader(io.StringIO(documents))
    assert (statement["asked_as_of"], statement["as_of"], statement["date_in_source"]) == (
        "2020-01-01", "2018-10-31", "October 2018",
    )  # fmt: skip


def test_every_source_stands_in_a_cell_of_its_own_however_many_there_are() -> None:
    sources = [f"{number:03d} {'x' * 290}" for number in range(120)]
    for source in sources:
        load_table_row(make.party(), [Step.REQUEST], as_of=DOCUMENT, source=source)
    about = sheets(file("xlsx"))["About this file"]
    assert [row[1] for row in about if row[0] == "Sources of the steps"] == sources


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_holds_what_its_reader_may_see(ending: str, kenya: Implementation) -> None:
    make.move(kenya.steps.get(step=Step.REPORT), "under_way", date(2018, 1, 1))
    private = make.implementation(make.party("VNM"), make.agency("UNODC"))
    readers = {
        "public": Client(),
        "other agency": signed_in(make.agency_officer(make.agency("WCO"))),
        "Viet Nam": signed_in(make.party_viewer(private.party)),
        "UNODC": signed_in(make.agency_officer(make.agency("UNODC"))),
        "Secretariat": signed_in(make.auditor()),
    }
    found = {
        name: [(row[0], row[6]) for row in cells(ending, file(ending, reader))]
        for name, reader in readers.items()
    }
    printed, viet_nam = ("Kenya", "not started"), ("Viet Nam", "not started")
    assert found == {
        "public": [printed],
        "other agency": [printed],
        "Viet Nam": [printed, viet_nam],
        "UNODC": [printed, viet_nam],
        "Secretariat": [("Kenya", "under way"), viet_nam],
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_correction_made_today_is_in_the_file_and_not_in_that_of_before(
    ending: str, kenya: Implementation
) -> None:
    before = timezone.now().isoformat()
    make.correct(kenya.steps.get(step=Step.REQUEST), "under_way", DOCUMENT, "by")
    asked = {"as_of": "2015-11-09"}
    assert cells(ending, file(ending, **asked))[0][1] == "under way"
    assert cells(ending, file(ending, **asked, known_at=before))[0][1] == "done"


def test_a_day_that_is_none_gets_a_sentence(kenya: Implementation) -> None:
    for name in ("observations.csv", *(f"table.{ending}" for ending in ENDINGS)):
        refused = Client().get(f"/toolkit/{name}", {"as_of": "soon", "phase": "9"})
        assert (refused.status_code, refused.content.decode().splitlines()) == (
            400,
            ["State on: Give the date as year-month-day, for example 2015-12-31.",
             "Phase: There is no such phase. Choose one of the list."],
        )  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_asks_as_many_questions_for_ten_rows_as_for_sixty(
    ending: str, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for rows in (10, 60):
        for number in range(Implementation.objects.count(), rows):
            party = make.party(f"{chr(65 + number // 26)}{chr(65 + number % 26)}Z")
            load_table_row(party, list(Step), as_of=DOCUMENT, source="A table")
            observed(party)
        with django_assert_max_num_queries(5) as asked:
            assert len(cells(ending, file(ending))) == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]
