"""The tracker's table: as published, cell by cell; as of any date; what bad dates get."""

import csv
import io
import re
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from history.precision import Precision
from partners.models import Party, Region
from partners.spreadsheets import harmless
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, words
from toolkit.models import Implementation, Observation
from toolkit.steps import Step
from toolkit.workflow import load_table_row, observe

pytestmark = pytest.mark.django_db

# CITES SC66 Inf. 9, Part 3, as printed: how many steps are ticked, and whether the follow-up is.
# In every row the ticks run from step 1 without a gap.
SC66 = """
Angola 2 -
Bahamas 1 -
Bangladesh 8 follow-up
Bosnia and Herzegovina 4 -
Botswana 8 follow-up
Congo 6 -
DRC 2 -
Gabon 8 follow-up
Kenya 3 -
Madagascar 3 -
Mexico 6 -
Mozambique 3 -
Nepal 8 follow-up
Peru 8 follow-up
Togo 4 -
United Republic of Tanzania 2 -
Vietnam 8 -
"""
DOCUMENT = date(2015, 11, 9)


def printed_in_sc66() -> list[list[str]]:
    """The rows of the document with the names that the portal gives those Parties."""
    rows = []
    for line in SC66.strip().splitlines():
        name, done, follow_up = line.rsplit(" ", 2)
        party = Party.objects.called(name)
        assert party is not None
        numbered = ["done"] * int(done) + ["not started"] * (8 - int(done))
        rows.append([party.name, *numbered, "done" if follow_up != "-" else "not started"])
    return rows


@pytest.fixture
def kenya() -> Implementation:
    done = [Step.REQUEST, Step.NOMINATION, Step.PREPARATORY_WORK]
    loaded = load_table_row(make.party(), done, as_of=DOCUMENT, source="CITES SC66 Inf. 9")
    assert loaded is not None
    return loaded


def table(client: Client | None = None, **query: str):
    return (client or Client()).get(reverse("toolkit:table"), query)


def observed(party: Party, **said: str) -> Observation:
    made = observe(
        party,
        effective_on=date(2018, 10, 31),
        precision=Precision.MONTH,
        instrument="toolkit",
        status="complete",
        step="",
        date_in_source="October 2018",
        **{"source": "A page of UNODC", "source_url": "https://example.org/", "note": "", **said},
    )
    assert made is not None
    return made


def test_the_published_table_is_shown_and_downloaded_cell_by_cell():
    call_command("load_reference", verbosity=0)

    shown = table(as_of="2015-11-09")
    rows = table_rows(shown, "tracker")
    sheet = Client().get(reverse("toolkit:table_csv"), {"as_of": "2015-11-09"}).content.decode()
    lines = list(csv.DictReader(io.StringIO(sheet)))
    data = Client().get(reverse("toolkit:table_json"), {"as_of": "2015-11-09"}).json()

    expected = printed_in_sc66()
    assert [row[:10] for row in rows] == expected
    assert [row[10] for row in rows].count("complete") == 6
    names = [f"{number}_{step.value}" for number, step in enumerate(Step, 1)]
    in_csv = [[line["name"], *(line[name].replace("_", " ") for name in names)] for line in lines]
    assert in_csv == expected
    assert {line["1_request_source"] for line in lines} == {"CITES SC66 Inf. 9"}
    assert {line["as_of"] for line in lines} == {"2015-11-09"}
    in_json = [
        [row["name"], *(one["state"].replace("_", " ") for one in row["steps"])]
        for row in data["rows"]
    ]
    assert in_json == expected
    assert data["totals"] | {"by_phase": None} == {
        "requested": 17, "complete": 6, "at_other_stages": 11, "by_phase": None
    }  # fmt: skip
    assert table_rows(shown, "phases") == [
        ["Toolkit request received", "1"],
        ["Toolkit implementation in planning phase", "6"],
        ["Toolkit implementation in process", "4"],
        ["Toolkit implementation complete", "6"],
    ]
    assert "Sources: CITES SC66 Inf. 9." in page(shown)


def test_before_the_first_document_the_table_is_empty_and_says_so(kenya):
    shown = table(as_of="2010-01-01")

    assert (shown.status_code, table_rows(shown, "tracker")) == (200, [])
    assert "No Toolkit implementation had begun by 1 January 2010" in page(shown)


ISO = "Give the date as year-month-day, for example 2015-12-31."
FUTURE = "The tracker knows nothing of the future: choose a past day."
MOMENT = "Give a date like 2015-12-31, or a moment like 2015-12-31T18:00Z."


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("as_of", "0000-01-01", ISO),
        ("as_of", "31/12/2015", ISO),
        ("as_of", "2015-02-30", ISO),
        ("as_of", "yesterday", ISO),
        ("as_of", "9999-12-31", FUTURE),
        ("known_at", "0000-01-01", MOMENT),
        ("known_at", "31/12/2015", MOMENT),
        ("known_at", "2015-02-30T10:00", MOMENT),
        ("known_at", "0001-01-01T00:00+12:00", "This moment lies outside the calendar."),
        ("known_at", "9999-12-31", "Nothing can be known yet at a moment in the future."),
    ],
)
def test_a_date_that_is_none_gets_a_sentence_at_its_field(field, value, sentence, kenya):
    shown = table(**{field: value})

    assert shown.status_code == 400
    assert errors_at(shown) == {field: [sentence]}
    kept = "text" if sentence in {ISO, MOMENT} or "T" in value else "date"
    assert f'<input type="{kept}" name="{field}" value="{value}"' in shown.content.decode()
    assert table_rows(shown, "tracker") == []
    for download in ("csv", "json", "xlsx", "geojson"):
        refused = Client().get(f"/toolkit/table.{download}", {field: value})
        assert (refused.status_code, sentence in refused.content.decode()) == (400, True)


def test_the_earliest_day_of_the_calendar_and_an_empty_date_are_answered(kenya):
    assert table(as_of="0001-01-01").status_code == 200
    shown = table(as_of="", known_at="")
    assert [row[0] for row in table_rows(shown, "tracker")] == ["Kenya"]
    assert shown.context["printed"].as_of == timezone.now().date()


def test_a_table_can_be_printed_again_as_it_was_known(kenya):
    before = timezone.now()
    step = kenya.steps.get(step=Step.PREPARATORY_WORK)
    make.correct(step, "not_started", DOCUMENT, "by")

    now = table_rows(table(as_of="2015-11-09"), "tracker")
    then = table_rows(table(as_of="2015-11-09", known_at=before.isoformat()), "tracker")
    today = table_rows(table(as_of="2015-11-09", known_at=before.date().isoformat()), "tracker")

    assert [now[0][3], then[0][3], today[0][3]] == ["not started", "done", "not started"]


def test_observations_stand_apart_and_change_no_tick(kenya):
    without = table_rows(table(), "tracker")
    observed(kenya.party)
    observed(make.party("VNM"), note="A Party without an implementation")

    shown = table()

    assert table_rows(shown, "tracker") == without
    assert table_rows(shown, "observations") == [
        ["Kenya", "October 2018", "Toolkit", "complete", "A page of UNODC"],
        ["Viet Nam", "October 2018", "Toolkit", "complete A Party without an implementation",
         "A page of UNODC"],
    ]  # fmt: skip
    assert table_rows(table(as_of="2018-10-30"), "observations") == []


def test_what_is_derived_is_called_derived(kenya):
    for address in (reverse("toolkit:table"), kenya.get_absolute_url()):
        assert "inferred from the legend of the map" in page(Client().get(address))
    assert "The CITES region is derived" in page(Client().get(kenya.get_absolute_url()))
    data = Client().get(reverse("toolkit:table_json")).json()
    assert set(data["derived"]) == {"phase", "cites_region"}


@pytest.mark.parametrize("reader", ["public", "officer"])
def test_the_table_of_any_day_asks_as_many_questions_for_ten_rows_as_for_sixty(
    reader, django_assert_max_num_queries
):
    client = Client() if reader == "public" else signed_in(make.officer())
    # Who is signed in costs session, person and mandates besides.
    most = {"public": 6, "officer": 9}[reader]
    counts = []
    for rows in (10, 60):
        for number in range(Implementation.objects.count(), rows):
            party = make.party(f"{chr(65 + number // 26)}{chr(65 + number % 26)}Z")
            load_table_row(party, list(Step)[: number % 9 + 1], as_of=DOCUMENT, source="A table")
            observed(party)
        with django_assert_max_num_queries(most) as asked:
            shown = table(client, as_of="2020-01-01")
        assert len(table_rows(shown, "tracker")) == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_table_of_one_region_or_phase_counts_only_that(kenya):
    asia = Region.objects.create(key="asia", name_en="Asia", name_fr="Asie", name_es="Asia")
    viet_nam = make.party("VNM")
    Party.objects.filter(pk=viet_nam.pk).update(region=asia)
    load_table_row(viet_nam, list(Step), as_of=DOCUMENT, source="CITES SC66 Inf. 9")
    observed(viet_nam)

    def rows_of(**query):
        shown = table(**query)
        assert shown.status_code == 200
        figures = re.findall(r'class="figures__number"><a [^>]*>(\d+)<', shown.content.decode())
        names = [row[0] for row in table_rows(shown, "tracker")]
        return names, figures, len(table_rows(shown, "observations"))

    assert rows_of() == (["Kenya", "Viet Nam"], ["2", "1", "1"], 1)
    assert rows_of(region="asia") == (["Viet Nam"], ["1", "1", "0"], 1)
    assert rows_of(region="africa") == (["Kenya"], ["1", "0", "1"], 0)
    assert rows_of(phase="complete") == (["Viet Nam"], ["1", "1", "0"], 1)
    assert rows_of(phase="complete", region="africa") == ([], ["0", "0", "0"], 0)
    nothing = page(table(phase="complete", region="africa"))
    assert "No Toolkit implementation of that region and phase is recorded" in nothing
    for name, word in (("region", "mars"), ("phase", "9")):
        refused = table(**{name: word})
        assert (refused.status_code, errors_at(refused)) == (
            400, {name: [f"There is no such {name}. Choose one of the list."]},
        )  # fmt: skip


def test_every_cell_leads_to_its_event_and_every_figure_to_its_trace(kenya):
    html = table(as_of="2020-01-01").content.decode()
    event = Event.objects.get(kind="toolkit.table_loaded")
    cells = re.findall(r'class="tracker__cell" href="([^"]+)" title="([^"]+)"', html)
    assert (
        cells == [(f"/toolkit/ken/#event-{event.pk}", "by 9 November 2015, CITES SC66 Inf. 9")] * 3
    )
    figures = re.findall(r'href="(/toolkit/figures/[^"]+)"', html)
    assert [address.split("/")[3] for address in figures] == [
        "requested", "complete", "at_other_stages", "request_received", "planning_phase",
        "in_process", "complete",
    ]  # fmt: skip
    assert {address.partition("?")[2] for address in figures} == {"as_of=2020-01-01"}


def test_the_page_of_a_party_has_every_event_that_the_table_leads_to(kenya):
    make.correct(kenya.steps.get(step=Step.PREPARATORY_WORK), "done", date(2014, 3, 1))
    make.publish(kenya)
    make.move(kenya.steps.get(step=Step.INITIAL_MEETING), "done", date(2016, 5, 1))
    for client in (Client(), signed_in(make.officer())):
        links = set(
            re.findall(r'href="(/toolkit/ken/)#(event-\d+)"', table(client).content.decode())
        )
        assert len(links) == 3
        for address, anchor in links:
            assert f'id="{anchor}"' in client.get(address).content.decode()


def test_other_days_are_a_row_of_links_that_keep_the_filters(kenya):
    with time_machine.travel("2026-06-15T10:00Z"):
        html = table(as_of="2020-12-31", region="africa").content.decode()
    nav = html.partition('class="landmarks"')[2].partition("</nav>")[0]
    days = re.findall(r"as_of=([0-9-]+)", nav)
    ends = [f"{year}-12-31" for year in range(2012, 2026)]
    assert days == sorted([*ends, "2015-11-09"])
    assert nav.count("region=africa") == len(days)
    assert 'as_of=2020-12-31&amp;region=africa" aria-current="true"' in nav
    assert "9 November 2015 (CITES SC66 Inf. 9)" in words(nav)


def test_a_spreadsheet_is_never_handed_a_formula():
    risky = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", ""]
    assert harmless(risky) == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "plain", ""]
    load_table_row(make.party(), [Step.REQUEST], as_of=DOCUMENT, source="=HYPERLINK(1)")
    sheet = Client().get(reverse("toolkit:table_csv")).content.decode()
    assert ",'=HYPERLINK(1)," in sheet
