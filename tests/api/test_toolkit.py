"""The tracker as of any date, through the API."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from partners.models import Party
from tests import make
from tests.api.conftest import Caller
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PRINTED = Path(__file__).parent.parent / "data" / "sc66_inf9.tsv"


def table(query: str = "", name: str = "toolkit/implementations/") -> Any:
    answer = Caller().get(f"{name}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_table_of_sc66_inf_9_is_printed_cell_by_cell() -> None:
    call_command("load_reference", verbosity=0)
    answer = table("as_of=2015-11-09")
    assert (answer["as_of"], answer["next"], answer["previous"]) == ("2015-11-09", None, None)
    cells = {
        row["party"]["code"]: [
            "✓" if one["state"] == "done" else "-" for one in row["steps"].values()
        ]
        for row in answer["results"]
    }
    with PRINTED.open(encoding="utf-8") as lines:
        rows = csv.reader(lines, delimiter="\t")
        next(rows)
        printed = {Party.objects.called(row[0]).code: row[1:] for row in rows}
    assert len(printed) == 17
    assert cells == printed
    assert [row["phase"] for row in answer["results"]].count("complete") == 6
    assert all(list(row["steps"]) == list(Step) for row in answer["results"])
    sources = {
        one["source"] for row in answer["results"] for one in row["steps"].values() if one["source"]
    }
    assert sources == {"CITES SC66 Inf. 9"}
    assert table("as_of=2010-01-01")["results"] == []
    assert table("as_of=2015-11-08")["results"] == []


@pytest.fixture
def gabon() -> Implementation:
    made = load_table_row(
        make.party("GAB"), [Step.REQUEST], as_of=date(2015, 11, 9), source="CITES SC66 Inf. 9"
    )
    assert made is not None
    return made


def test_a_row_says_everything_about_its_steps(gabon: Implementation) -> None:
    nothing = {"state": "not_started", "effective_on": None, "precision": None, "source": ""}
    request = {
        "state": "done",
        "effective_on": "2015-11-09",
        "precision": "by",
        "source": "CITES SC66 Inf. 9",
    }
    assert table()["results"] == [
        {
            "id": gabon.pk,
            "party": {
                "code": "GAB", "name": "Gabon", "region": {"key": "africa", "name": "Africa"},
            },
            "cycle": 1,
            "phase": "request_received",
            "is_public": True,
            "steps": {step.value: request if step == Step.REQUEST else nothing for step in Step},
        }
    ]  # fmt: skip


def test_a_table_can_be_printed_again_as_it_was_before_a_correction(gabon: Implementation) -> None:
    before = timezone.now().isoformat()
    step = gabon.steps.get(step=Step.REQUEST)
    correction = {
        "state": "not_applicable", "effective_on": date(2015, 11, 9), "precision": "day",
        "reason": "Read wrongly.",
    }  # fmt: skip
    perform("correct", step, by=make.officer(), data=correction)
    phases = [
        [row["phase"] for row in table(query)["results"]]
        for query in ("as_of=2015-11-09", f"as_of=2015-11-09&known_at={before}")
    ]
    assert phases == [[None], ["request_received"]]


def test_the_table_is_filtered_by_party_phase_and_region(gabon: Implementation) -> None:
    load_table_row(
        make.party("PER"), list(Step), as_of=date(2015, 11, 9), source="CITES SC66 Inf. 9"
    )
    expected = {
        "party=PER": ["PER"],
        "phase=complete": ["PER"],
        "phase=complete&phase=request_received": ["GAB", "PER"],
        "phase=planning_phase": [],
        "region=africa": ["GAB", "PER"],
        "page_size=1": ["GAB"],
    }
    found = {query: [row["party"]["code"] for row in table(query)["results"]] for query in expected}
    assert found == expected
    second = Caller().get(table("page_size=1")["next"]).json()
    assert [row["party"]["code"] for row in second["results"]] == ["PER"]
    first = Caller().get(second["previous"]).json()
    assert [row["party"]["code"] for row in first["results"]] == ["GAB"]
    assert (first["previous"], second["next"]) == (None, None)


@pytest.mark.parametrize(
    "query",
    [
        "as_of=2199-01-01", "as_of=0000-01-01", "as_of=0001-01-01", "as_of=9999-12-31",
        "as_of=09/11/2015", "as_of=", "as_of=2015-02-30", "known_at=2199-01-01",
        "known_at=0001-01-01T00:00:00%2B14:00", "known_at=then", "phase=9", "party=99",
        "region=9", "step=99", "cursor=x", "cursor=WyJyb3dzIiwgZmFsc2UsICIiLCA5OTk5XQ",
    ],
)  # fmt: skip
def test_an_impossible_question_is_refused_by_name(gabon: Implementation, query: str) -> None:
    answer = Caller().get(f"toolkit/implementations/?{query}")
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [query.partition("=")[0]]


def test_documents_are_listed_with_date_and_source_and_by_the_day_they_speak_of() -> None:
    call_command("load_reference", verbosity=0)
    everything = table("page_size=100", "toolkit/observations/")["results"]
    assert len(everything) == 77
    assert all(one["source"] and one["date_in_source"] for one in everything)
    assert [one["effective_on"] for one in everything] == sorted(
        (one["effective_on"] for one in everything), reverse=True
    )
    day = sorted(one["effective_on"] for one in everything)[30]
    by_then = table(f"as_of={day}&page_size=100", "toolkit/observations/")["results"]
    assert [one["id"] for one in by_then] == [
        one["id"] for one in everything if one["effective_on"] <= day
    ]


def test_names_come_in_the_language_asked_for() -> None:
    party = make.party("PER")
    party.name_fr = "Pérou"
    party.save()
    french = Caller().get("parties/PER/", headers={"accept-language": "fr-CA,fr;q=0.9"}).json()
    assert (french["name"], french["region"]["name"]) == ("Pérou", "Afrique")
