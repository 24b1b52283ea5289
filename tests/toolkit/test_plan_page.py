"""The page of an action plan: who finds it, how it is narrowed, what leaves the portal as a file;
and the same recommendations in the API."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partners.models import Agency
from tests import make
from tests.reading_pages import page, signed_in, table_rows
from toolkit.models import Recommendation
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PAGES = ("country_plan", "country_plan_csv", "country_plan_xlsx", "country_plan_template",
         "country_plan_progress")  # fmt: skip
API = "/api/v1/toolkit/recommendations/"


def address(name: str = "country_plan", code: str = "ken", cycle: int = 1) -> str:
    return reverse(name, args=[code, cycle])


def overdue(cycle, **said: object) -> Recommendation:
    yesterday = timezone.now().date() - timedelta(days=1)
    return make.recommendation(cycle, "accepted", due_on=yesterday, **said)


def test_only_those_who_read_the_cycle_inside_find_the_pages_of_its_plan():
    kenya, interpol = make.party("KEN"), make.agency("INTERPOL")
    cycle = make.implementation(kenya, interpol)
    make.recommendation(cycle, "accepted", text="SECRET TEXT")
    make.publish(cycle, with_plan=True)
    people = {
        "focal point": make.focal_point(kenya),
        "viewer": make.party_viewer(kenya),
        "lead agency": make.agency_officer(interpol),
        "officer": make.the_officer(),
        "auditor": make.auditor(),
        "other country": make.focal_point(make.party("VNM")),
        "other agency": make.agency_officer(make.agency("WCO")),
        "stranger": make.person(),
    }
    inside = {"focal point", "viewer", "lead agency", "officer", "auditor"}
    for name in PAGES:
        answers = {who: signed_in(one).get(address(name)) for who, one in people.items()}
        assert {who for who, one in answers.items() if one.status_code == 200} == inside
        assert {one.status_code for who, one in answers.items() if who not in inside} == {404}
        assert Client().get(address(name)).status_code == 302
        assert signed_in(people["officer"]).get(address(name, cycle=2)).status_code == 404
        assert signed_in(people["officer"]).get(address(name, "zzz")).status_code == 404
        assert signed_in(people["officer"]).get(address(name, cycle=10**30)).status_code == 404


def test_the_plan_stands_by_part_with_its_counts_in_words():
    cycle = make.implementation()
    make.recommendation(cycle, "verified", part="data", text="Keep figures.", priority="low")
    overdue(cycle, part="legislation", text="Revise the law.", horizon="immediate",
            responsible="Justice", supporting=[make.agency("UNODC")])  # fmt: skip
    make.recommendation(cycle, part="legislation", text="Name a court.", priority="high")
    read = signed_in(make.focal_point()).get(address())
    yesterday = timezone.now().date() - timedelta(days=1)
    day = f"{yesterday.day} {yesterday:%B %Y}"
    assert table_rows(read, "plan") == [
        ["Legislation"],
        ["2", "Revise the law.", "Accepted Overdue", "medium", "immediate", day, "Justice",
         "UNODC"],
        ["3", "Name a court.", "Proposed", "high", "–", "–", "–", "–"],
    ]  # fmt: skip
    said = page(read)
    for words in (
        "Data and analysis", "Keep figures.", "1 proposed, 1 accepted, 1 verified",
        "1 high, 1 medium, 1 low", "1 immediate", "1 overdue",
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3]),
        ("state=accepted", [2]),
        ("part=data", [1]),
        ("priority=high", [3]),
        ("horizon=immediate", [2]),
        ("overdue=on", [2]),
        ("overdue=on&part=data", []),
    ],
)
def test_the_plan_and_its_files_are_narrowed_alike(query, found):
    cycle = make.implementation()
    make.recommendation(cycle, "verified", part="data")
    overdue(cycle, horizon="immediate")
    make.recommendation(cycle, priority="high")
    reader = signed_in(make.focal_point())
    read = reader.get(f"{address()}?{query}")
    shown = [line.recommendation.number for _part, lines in read.context["parts"] for line in lines]
    assert sorted(shown) == found
    assert read.context["counts"].total == 3
    text = reader.get(f"{address('country_plan_csv')}?{query}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["No."]) for row in rows] == found
    for row in rows:
        assert row["Party code"] == "KEN"
        assert (row["Filters"] == "none") == (query == "")
    book = load_workbook(io.BytesIO(reader.get(f"{address('country_plan_xlsx')}?{query}").content))
    assert [row[0] for row in book.worksheets[0].values][1:] == found


@pytest.mark.parametrize("query", ["state=lost", "part=lost", "priority=9", "horizon=soon"])
def test_a_filter_that_there_is_not_is_answered_with_a_sentence(query):
    make.recommendation(make.implementation())
    reader = signed_in(make.focal_point())
    read = reader.get(f"{address()}?{query}")
    assert read.status_code == 400
    assert list(read.context["form"].errors) == [query.partition("=")[0]]
    assert reader.get(f"{address('country_plan_csv')}?{query}").status_code == 400


def test_no_cell_of_a_file_is_a_formula():
    cycle = make.implementation()
    make.recommendation(cycle, text="=1+1", responsible="@Justice")
    reader = signed_in(make.focal_point())
    text = reader.get(address("country_plan_csv")).content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["Recommendation"], row["Responsible national body"]) == ("'=1+1", "'@Justice")
    book = load_workbook(io.BytesIO(reader.get(address("country_plan_xlsx")).content))
    cell = book.worksheets[0].cell(row=2, column=3)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def with_key(agency: Agency) -> Client:
    _key, token = make.api_key(agency)
    return Client(headers={"Authorization": f"Api-Key {token}"})


def test_sixty_recommendations_cost_no_more_queries_than_ten():
    interpol = make.agency("INTERPOL")
    cycle = make.implementation(lead_agency=interpol)
    first = make.recommendation(cycle, "accepted", supporting=[interpol])
    doors = {
        **{name: (signed_in(make.focal_point()), address(name), 12) for name in PAGES},
        "desk": (
            signed_in(make.the_officer()),
            reverse("admin:toolkit_implementation_change", args=[cycle.pk]),
            18,
        ),
        "api": (with_key(interpol), API, 5),
        "one of the api": (with_key(interpol), f"{API}{first.pk}/", 8),
    }
    counts: dict[str, list[int]] = {name: [] for name in doors}
    for rows in (10, 60):
        while cycle.recommendations.count() < rows:
            make.recommendation(cycle, "accepted", supporting=[interpol])
        for name, (client, url, most) in doors.items():
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            assert len(asked) <= most, name
            counts[name].append(len(asked))
    assert {name: pair[0] == pair[1] for name, pair in counts.items()} == dict.fromkeys(doors, True)


# ── what the public reads ────────────────────────────────────────────────────────────────────


def test_the_public_reads_accepted_recommendations_while_the_consent_covers_the_plan():
    cycle = make.implementation()
    for state in ("proposed", "accepted", "under_way", "not_accepted", "superseded"):
        make.recommendation(cycle, state, text=f"In state {state}.")
    words = {one.text for one in Recommendation.objects.all()}

    def shown(client: Client) -> set[str]:
        said = page(client.get(cycle.get_absolute_url()))
        return {one for one in words if one in said}

    nobody = Client()
    assert shown(nobody) == set()
    make.publish(cycle)
    assert shown(nobody) == set()
    make.publish(cycle, with_plan=True)
    assert shown(nobody) == {
        "In state accepted.", "In state under_way.", "In state superseded.",
    }  # fmt: skip
    assert shown(signed_in(make.focal_point(make.party("VNM")))) == shown(nobody)
    country = make.focal_point()
    assert shown(signed_in(country)) == words
    perform("withdraw_consent", cycle, by=country, data={"reason": "Elections."})
    assert shown(nobody) == set()


def read_api(token: str = "", query: str = "") -> list[dict[str, object]]:
    headers = {"Authorization": f"Api-Key {token}"} if token else {}
    answer = Client().get(f"{API}?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.json()["results"]


def test_the_api_gives_everybody_what_is_public_and_the_lead_agency_all_of_it():
    interpol, wco = make.agency("INTERPOL"), make.agency("WCO")
    cycle = make.implementation(make.party("KEN"), interpol)
    said = {"responsible": "SECRET BODY", "due_on": make.in_a_month(), "supporting": [wco]}
    accepted = make.recommendation(cycle, "under_way", text="Accepted.", **said)
    make.recommendation(cycle, "proposed", text="Proposed.")
    hidden = make.implementation(make.party("VNM"), wco)
    make.recommendation(hidden, "under_way", text="HIDDEN")
    make.publish(cycle, with_plan=True)
    _key, token = make.api_key(interpol)
    _key, other = make.api_key(wco)
    _key, narrow = make.api_key(interpol, ["requests:read"])

    inside = read_api(token)
    assert [one["text"] for one in inside] == ["Accepted.", "Proposed."]
    accepted.refresh_from_db()
    assert inside[0] == {
        "id": accepted.pk,
        "party": {"code": "KEN", "name": "Kenya"},
        "cycle": 1,
        "number": 1,
        "part": "legislation",
        "text": "Accepted.",
        "state": "under_way",
        "priority": "medium",
        "horizon": "",
        "is_public": True,
        "superseded_by": None,
        "due_on": make.in_a_month().isoformat(),
        "responsible": "SECRET BODY",
        "supporting": ["WCO"],
        "updated_at": accepted.updated_at.isoformat().replace("+00:00", "Z"),
    }
    public = {**inside[0], "due_on": None, "responsible": None, "supporting": None}
    for reader in ("", narrow):
        assert read_api(reader) == [public]
    assert [one["text"] for one in read_api(other)] == ["Accepted.", "HIDDEN"]
    assert Client().get(f"{API}{accepted.pk}/").json() == public
    assert Client().get(f"{API}{accepted.pk + 1}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("party=KEN", [1, 2]),
        ("party=VNM", []),
        ("state=accepted", [1]),
        ("part=data", [2]),
        ("priority=high&priority=low", [2]),
        ("horizon=long", [1]),
        (f"updated_since={date.today() + timedelta(days=2)}", []),  # noqa: DTZ011 - any later day
    ],
)
def test_the_api_is_filtered(query, found):
    make.party("VNM")
    cycle = make.implementation()
    make.recommendation(cycle, "accepted", horizon="long")
    make.recommendation(cycle, "under_way", part="data", priority="high")
    make.publish(cycle, with_plan=True)
    assert [one["number"] for one in read_api(query=query)] == found


def test_the_api_answers_an_unknown_word_with_what_it_knows():
    answer = Client().get(f"{API}?state=lost")
    assert answer.status_code == 400
    assert "not_accepted" in answer.content.decode()
