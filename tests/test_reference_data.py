"""What a new installation knows before anybody works with it, against the documents."""

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from history.models import Event
from history.verify import first_break
from partners.models import Agency, MembershipFigure, Network, Party, PartyAlias, Region
from partners.models.bodies import plain_spelling
from requests_app.models import Reason, Support
from tests import make
from tests.reading_pages import signed_in, table_rows
from toolkit import asof
from toolkit.models import Implementation, Observation
from toolkit.steps import Step, StepState
from toolkit.workflow import observe

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()
DAY_OF_THE_TABLE = date(2015, 11, 9)


@pytest.fixture
def loaded() -> str:
    return load()


def load(*options: str) -> str:
    said = StringIO()
    call_command("load_reference", *options, stdout=said)
    return said.getvalue()


def printed_table() -> dict[str, list[bool]]:
    """The table of SC66 Inf. 9 as typed from the document: Party, steps 1 to 8, follow-up."""
    path = Path(__file__).parent / "data" / "sc66_inf9.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        _heading, *rows = csv.reader(lines, delimiter="\t")
    return {
        Party.objects.called(name).code: [cell == "✓" for cell in cells] for name, *cells in rows
    }


def shown_table(as_of: date) -> dict[str, list[bool]]:
    return {
        row.implementation.party.code: [fact is not None for _step, fact in row.cells]
        for row in asof.table(PUBLIC, as_of)
    }


def test_the_public_reads_the_table_of_november_2015_cell_by_cell(loaded):
    assert len(printed_table()) == 17
    assert shown_table(DAY_OF_THE_TABLE) == printed_table()


def test_six_were_complete_and_eleven_at_other_stages(loaded):
    totals = asof.totals(asof.table(PUBLIC, DAY_OF_THE_TABLE), DAY_OF_THE_TABLE)

    assert (totals.requested, totals.complete, totals.at_other_stages) == (17, 6, 11)


def test_every_cell_names_the_document_and_says_by_that_day(loaded):
    facts = [fact for row in asof.table(PUBLIC, DAY_OF_THE_TABLE) for fact in row.facts.values()]

    assert {(f.source, f.effective_on, f.precision, f.state) for f in facts} == {
        ("CITES SC66 Inf. 9", DAY_OF_THE_TABLE, "by", StepState.DONE)
    }


def test_before_the_document_the_table_is_empty(loaded):
    assert shown_table(date(2010, 1, 1)) == {}
    assert shown_table(date(2015, 11, 8)) == {}


def test_later_observations_stand_beside_the_table_and_do_not_change_it(loaded):
    assert Observation.objects.count() == 77
    assert shown_table(timezone.now().date()) == printed_table()


def test_the_printed_table_outlives_later_observations_and_corrections():
    """Loaded on one day; later a document says more, a step moves on, and a tick is corrected."""
    with time_machine.travel("2026-03-02T10:00Z"):
        load()
    with time_machine.travel("2026-03-09T10:00Z"):
        kenya = Party.objects.get(code="KEN")
        said = {"instrument": "toolkit", "status": "complete", "step": "", "note": ""}
        said |= {"date_in_source": "March 2026", "source": "A page", "source_url": ""}
        assert observe(kenya, effective_on=date(2026, 3, 8), precision="day", **said)
        cycle = kenya.implementations.get()
        make.move(cycle.steps.get(step=Step.INITIAL_MEETING), "done", date(2016, 2, 1))
    with time_machine.travel("2026-03-16T10:00Z"):
        assert shown_table(DAY_OF_THE_TABLE) == printed_table()
        make.correct(cycle.steps.get(step=Step.PREPARATORY_WORK), "not_started", DAY_OF_THE_TABLE)
        corrected = printed_table()
        corrected["KEN"][2] = False
        assert shown_table(DAY_OF_THE_TABLE) == corrected
        for reader in (Client(), signed_in(make.auditor())):
            rows = [
                [row[0], *row[1:10]]
                for known_at in ("", "2026-03-15")
                for row in table_rows(
                    reader.get("/toolkit/", {"as_of": "2015-11-09", "known_at": known_at}),
                    "tracker",
                )
            ]
            names = {party.name: party.code for party in Party.objects.all()}
            seen = [(names[row[0]], [cell == "done" for cell in row[1:]]) for row in rows]
            assert (dict(seen[:17]), dict(seen[17:])) == (corrected, printed_table())


def test_an_observation_counts_from_the_first_day_on_which_it_is_certainly_true(loaded):
    def kept(code: str, written: str) -> list[tuple[date, str, bool, str]]:
        found = Observation.objects.filter(party__code=code, date_in_source=written)
        return list(found.values_list("effective_on", "precision", "is_approximate", "step"))

    assert kept("PER", "2014-09") == [(date(2014, 9, 30), "month", True, "")]
    assert kept("GBR", "2021-08") == [(date(2021, 8, 31), "month", False, "report_draft")]
    assert kept("COL", "2016/2017") == [(date(2017, 12, 31), "year", True, "")]
    assert kept("GUY", "2016-2017") == [(date(2017, 12, 31), "year", True, "")]
    assert kept("BRA", "2019") == [(date(2019, 12, 31), "year", False, "")]
    assert kept("BGD", "5-7 Oct 2015") == [(date(2015, 10, 5), "day", False, Step.FOLLOW_UP)]


def test_nothing_lies_in_the_future_or_lacks_a_source(loaded):
    today = timezone.now().date()

    assert not Observation.objects.filter(effective_on__gt=today).exists()
    assert not MembershipFigure.objects.filter(as_of__gt=today).exists()
    for model in (Observation, MembershipFigure, Network, Agency, Support):
        assert not model.objects.filter(source="").exists(), model
    assert not Event.objects.filter(source="").exists()


def test_there_are_184_states_and_the_european_union_in_six_regions(loaded):
    kinds = Party.objects.values_list("kind").annotate(count=Count("pk"))

    assert dict(kinds.order_by()) == {"state": 184, "reio": 1}
    assert Party.objects.get(kind="reio").code == "EU"
    assert Region.objects.filter(party__isnull=False).distinct().count() == 6
    assert Region.objects.count() == 6


def test_regions_of_parties_are_shown_as_unconfirmed(loaded):
    assert not Party.objects.filter(region_confirmed=True).exists()


def test_a_party_is_found_by_other_spellings_and_codes(loaded):
    meant = {
        "Vietnam": "VNM",
        "viet nam": "VNM",
        "DRC": "COD",
        "Democratic Republic of the Congo": "COD",
        "Congo": "COG",
        "Côte d'Ivoire": "CIV",
        "CÔTE D’IVOIRE": "CIV",
        "cote divoire": "CIV",
        "Tanzania": "TZA",
        "Bolivia": "BOL",
        "Kenia": "KEN",
        "ken": "KEN",
        "KE": "KEN",
        "Union européenne": "EU",
        "Czech Republic": "CZE",
    }

    assert {written: code_of(written) for written in meant} == meant


def test_what_is_no_party_is_not_found(loaded):
    no_party = ["Hong Kong, PRC", "North Korea", "Micronesia", "Atlantis", ""]

    assert [written for written in no_party if code_of(written)] == []


def code_of(written: str) -> str:
    party = Party.objects.called(written)
    return party.code if party else ""


def test_what_was_only_recalled_is_left_out(loaded):
    assert Network.objects.get(acronym="NAWEG").members.count() == 0
    assert not Network.objects.filter(acronym="CaribWEN").exists()
    members = Network.objects.get(acronym="HAWEN").members.values_list("code", flat=True)
    assert set(members) == {"DJI", "ETH", "KEN", "SOM", "SDN", "UGA"}


def test_a_weak_or_undated_figure_says_so(loaded):
    approximate = MembershipFigure.objects.filter(is_approximate=True)

    assert set(approximate.values_list("agency__code", "count")) == {
        ("INTERPOL", 194),
        ("INTERPOL", 196),
        ("WCO", 187),
    }


def test_the_catalogue_is_translated_and_proposes_no_lead_where_it_depends_on_the_subject(loaded):
    for model in (Support, Reason, Agency, Party, Region):
        for language in ("en", "fr", "es"):
            assert not model.objects.filter(**{f"name_{language}": ""}).exists(), model
    without_lead = Support.objects.filter(usual_lead=None).values_list("key", flat=True)
    assert set(without_lead) == {"toolkit_follow_up", "basic_training", "special_training"}
    assert Support.objects.get(opens_toolkit=True).key == "toolkit"
    assert Support.objects.get(letter_may_follow=True).key == "wist"


def test_loading_again_adds_and_changes_nothing(loaded):
    before = everything_there_is()

    said = load()

    assert everything_there_is() == before
    assert all(": 0 added, 0 changed" in line for line in said.splitlines())


def everything_there_is() -> dict[str, list[dict[str, object]]]:
    models = (
        Region, Party, PartyAlias, Agency, MembershipFigure, Network, Network.members.through,
        Support, Support.usual_others.through, Reason, Implementation, Observation, Event,
    )  # fmt: skip
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_what_an_officer_edited_stays_until_overwriting_is_asked_for(loaded):
    Party.objects.filter(code="KEN").update(name_fr="Le Kenya")
    MembershipFigure.objects.filter(agency__code="WCO", count=187).update(as_of=date(2024, 6, 30))
    figures = MembershipFigure.objects.count()

    load()
    assert Party.objects.get(code="KEN").name_fr == "Le Kenya"
    assert MembershipFigure.objects.count() == figures

    load("--overwrite")
    assert Party.objects.get(code="KEN").name_fr == "Kenya"


def test_the_history_that_was_loaded_is_whole(loaded):
    assert first_break() is None


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("BOL", "Bolivia, Bolivie"),
        ("COD", "RDC, RD Congo, DRC, Congo-Kinshasa"),
        ("COG", "Congo, Congo-Brazzaville, République du Congo"),
        ("GBR", "UK, U.K., Great Britain, Royaume-Uni, Reino Unido"),
        ("KOR", "South Korea, Corée du Sud, Corea del Sur"),
        ("MMR", "Burma, Birmanie"),
        ("NLD", "Netherlands, Holland, Pays-Bas, Países Bajos"),
        ("RUS", "Russia, Russie, Rusia"),
        ("SYR", "Syria, Syrie, Siria"),
        ("TZA", "Tanzania, Tanzanie, Tanzanía"),
        ("USA", "US, USA, U.S., États-Unis, Etats Unis, Estados Unidos, EE. UU., EE.UU."),
    ],
)
def test_a_party_is_known_by_the_short_names_that_people_write(loaded, code, spellings):
    found = {written: Party.objects.called(written) for written in spellings.split(", ")}

    assert {written: party and party.code for written, party in found.items()} == dict.fromkeys(
        found, code
    )


def test_a_name_that_may_mean_several_countries_means_none(loaded):
    ambiguous = ("Korea", "Corée", "America", "Saint", "Guyane", "Virgin Islands")

    assert [Party.objects.called(written) for written in ambiguous] == [None] * len(ambiguous)


def test_no_two_lines_of_the_aliases_mean_the_same_spelling():
    path = Path(__file__).parent.parent / "fixtures" / "aliases.json"
    lines = json.loads(path.read_text(encoding="utf-8"))
    spellings = [plain_spelling(line["written"]) for line in lines]

    assert len(spellings) == len(set(spellings))
