"""The tracker as of any date, through the API."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from history.models import Event
from partners.models import Party, Region
from tests import make
from tests.api.conftest import Caller, signed_in, with_key
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
    planned = {"responsible_agency": None, "expected_on": None}
    nothing = {
        "state": "not_started", "effective_on": None, "precision": None, "source": "",
        "event": None, **planned,
    }  # fmt: skip
    request = {
        "state": "done",
        "effective_on": "2015-11-09",
        "precision": "by",
        "source": "CITES SC66 Inf. 9",
        "event": Event.objects.get(kind="toolkit.table_loaded").pk,
        **planned,
    }
    assert table()["results"] == [
        {
            "id": gabon.pk,
            "party": {
                "code": "GAB", "name": "Gabon", "region": {"key": "africa", "name": "Africa"},
            },
            "cycle": 1,
            "phase": "request_received",
            "lead_agency": None,
            "is_public": True,
            "publicity": "document",
            "steps": {step.value: request if step == Step.REQUEST else nothing for step in Step},
        }
    ]  # fmt: skip


def test_who_leads_and_what_is_planned_is_for_those_inside(gabon: Implementation) -> None:
    perform("give_lead", gabon, by=make.officer(), data={"lead_agency": make.agency("UNODC")})
    plan = {"agency": make.agency("WCO"), "national_lead": "", "expected_on": date(2030, 5, 1)}
    perform("plan", gabon.steps.get(step=Step.MISSION), by=make.officer(), data=plan)

    def read(caller: Caller) -> list[Any]:
        (row,) = caller.get("toolkit/implementations/").json()["results"]
        mission = row["steps"]["in_country_mission"]
        return [row["lead_agency"], mission["responsible_agency"], mission["expected_on"]]

    def read_by_all() -> dict[str, list[Any]]:
        return {name: read(caller) for name, caller in readers.items()}

    readers = {
        "public": Caller(),
        "other agency": with_key(make.api_key(make.agency("INTERPOL"))[1]),
        "other Party": signed_in(make.focal_point(make.party("PER"))),
        "country": signed_in(make.party_viewer(make.party("GAB"))),
        "lead agency": with_key(make.api_key(make.agency("UNODC"))[1]),
        "Secretariat": signed_in(make.auditor()),
    }
    inside = dict.fromkeys(
        ("country", "lead agency", "Secretariat"), ["UNODC", "WCO", "2030-05-01"]
    )
    outside = ("public", "other agency", "other Party")
    assert read_by_all() == {**dict.fromkeys(outside, [None, None, None]), **inside}
    make.publish(gabon)
    assert read_by_all() == {**dict.fromkeys(outside, ["UNODC", None, None]), **inside}


def test_the_api_names_what_changed_between_two_days(gabon: Implementation) -> None:
    private = make.implementation(make.party("VNM"))
    make.publish(gabon)
    event = make.move(gabon.steps.get(step=Step.NOMINATION), "done", date(2016, 5, 31), "month")
    address = "toolkit/changes/?from=2016-05-30&to=2016-05-31"
    answer = Caller().get(address).json()
    fact = {
        "state": "done", "effective_on": "2016-05-31", "precision": "month", "source": "",
        "event": event.pk, "recorded_at": event.recorded_at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip
    assert answer == {
        "from": "2016-05-30",
        "to": "2016-05-31",
        "known_at": None,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": gabon.pk,
                "party": {"code": "GAB", "name": "Gabon"},
                "cycle": 1,
                "began": False,
                "phase_before": "request_received",
                "phase_after": "planning_phase",
                "steps": [{"step": Step.NOMINATION, "before": None, "after": fact}],
            }
        ],
    }
    assert Caller().get("toolkit/changes/?from=2016-05-31&to=2026-11-01").json()["results"] == []
    secretariat = signed_in(make.auditor()).get("toolkit/changes/?from=2015-01-01").json()
    began = [(one["id"], one["began"]) for one in secretariat["results"]]
    assert began == [(gabon.pk, True), (private.pk, True)]
    before = event.recorded_at - timedelta(microseconds=1)
    known = Caller().get(f"{address}&known_at={before.isoformat().replace('+00:00', 'Z')}").json()
    assert known["results"] == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("from=2016-01-02&to=2016-01-01", "from"), ("to=2199-01-01", "to"), ("from=x", "from"),
        ("known_at=2199-01-01", "known_at"), ("party=KEN", "party"), ("from=", "from"),
    ],
)  # fmt: skip
def test_an_impossible_comparison_is_refused_by_name(
    gabon: Implementation, query: str, name: str
) -> None:
    answer = Caller().get(f"toolkit/changes/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


@pytest.mark.parametrize(
    "address", ["toolkit/implementations/", "toolkit/changes/?from=2015-01-01"]
)
def test_lists_of_the_tracker_ask_as_many_questions_for_ten_rows_as_for_sixty(
    address: str, django_assert_max_num_queries: Any
) -> None:
    caller, counts = with_key(make.api_key(make.agency("UNODC"))[1]), []
    caller.get(address)  # the first use of a key writes down that it is used
    for rows in (10, 60):
        for number in range(Implementation.objects.count(), rows):
            code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}Z"
            load_table_row(make.party(code), list(Step), as_of=date(2015, 11, 9), source="A table")
        joined = "&" if "?" in address else "?"
        with django_assert_max_num_queries(5) as asked:
            answer = caller.get(f"{address}{joined}page_size=100")
        assert len(answer.json()["results"]) == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_table_can_be_printed_again_as_it_was_before_a_correction(gabon: Implementation) -> None:
    before = timezone.now().isoformat()
    step = gabon.steps.get(step=Step.REQUEST)
    make.correct(step, "not_applicable", date(2015, 11, 9))
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


@pytest.fixture
def three_cycles(gabon: Implementation) -> None:
    """Beside Gabon one that all may see, which stands elsewhere for who reads in French, and one
    for those inside."""
    germany = make.party("DEU")
    Party.objects.filter(pk=germany.pk).update(name_en="Germany", name_fr="Allemagne")
    assert load_table_row(germany, [Step.REQUEST, Step.MISSION], as_of=date(2016, 1, 1), source="A")
    make.implementation(make.party("KEN"), lead_agency=make.agency())
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), "Elsewhere")
    elsewhere = Region.objects.create(key="elsewhere", **names)
    Party.objects.filter(code="GAB").update(region=elsewhere)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("query", "sizes"),
    [
        ("", [3, 2, 2]),
        ("region=elsewhere", [1, 1, 1]),
        ("party=GAB", [1, 1, 1]),
        ("as_of=2015-12-31", [1, 1, 1]),
        ("known_at=2015-12-31", [0, 0, 0]),
        ("phase=request_received", [2, 1, 1]),
    ],
)
def test_the_pages_together_are_the_table_that_a_file_has(
    three_cycles: None, query: str, sizes: list[int], language: str
) -> None:
    keys = [make.api_key(make.agency())[1], make.api_key(make.agency("WCO"))[1]]
    said, found = {"accept-language": language}, []
    for caller in [*map(with_key, keys), Caller()]:
        answer = caller.get(f"toolkit/implementations/?format=csv&{query}", headers=said)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        whole = [row["id"] for row in csv.DictReader(text.decode("utf-8-sig").splitlines())]
        address, pages = f"toolkit/implementations/?page_size=1&{query}", []
        while address:
            page = caller.get(address.partition("/api/v1/")[2] or address, headers=said).json()
            pages += [str(row["id"]) for row in page["results"]]
            address = page["next"] or ""
        assert pages == whole
        found.append(len(whole))
    assert found == sizes
