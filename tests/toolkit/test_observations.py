"""What documents say of a Party: shown with source and precision, beside the steps; where sources
disagree both are shown."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from history.precision import Precision, certain_day
from history.verify import first_break
from partners.models import Party
from tests import make
from tests.reading_pages import page, table_rows
from toolkit import asof
from toolkit.disagreement import by_party, differences
from toolkit.models import Observation
from toolkit.steps import Step
from toolkit.workflow import load_table_row, observe, observe_many, observe_total
from workflow.errors import NotPermitted

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()
TODAY = date(2026, 11, 22)
SC66 = date(2015, 11, 9)


def says(status: str, when: str, source: str, code: str = "KEN", **said: Any) -> Observation:
    """What a document says, dated as it is written: 2018, 2018-10 or 2018-10-05."""
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(when)]
    begins = date.fromisoformat((when + "-01-01")[:10])
    made = observe(
        make.party(code),
        **{
            "instrument": "toolkit", "status": status, "step": "", "date_in_source": when,
            "effective_on": certain_day(begins, precision, TODAY), "precision": precision,
            "source": source, **said,
        },
    )  # fmt: skip
    assert made
    return made


def printed(*done: str, code: str = "KEN") -> None:
    assert load_table_row(make.party(code), done, as_of=SC66, source="CITES SC66 Inf. 9")


def disagreeing(code: str = "KEN", as_of: date = TODAY) -> list[str]:
    """In short: which statements stand against each other on a day."""
    party = Party.objects.get(code=code)
    said = [one for one in asof.observations(PUBLIC, as_of) if one.party_id == party.pk]
    rows = [row for row in asof.table(PUBLIC, as_of) if row.implementation.party_id == party.pk]
    found = differences(said, rows)
    lines = [
        f"{more.words} {more.when} ({more.source}) / {less.words} {less.when} ({less.source})"
        for more, less in found.pairs
    ]
    if found.further and found.steps:
        further, steps = found.further, found.steps
        lines.append(f"{further.words} {further.when} ({further.source}) > {steps.words}")
    return lines


FOUR = (Step.REQUEST, Step.NOMINATION, Step.PREPARATORY_WORK, Step.INITIAL_MEETING)
EIGHT = tuple(step for step in Step if step != Step.FOLLOW_UP)


# ── what is progress, and what is not ────────────────────────────────────────────────────────


def test_saying_more_later_is_progress() -> None:
    says("request_received", "2014-09", "UNODC 2014")
    says("in_process", "2015-08", "UNODC 2015")
    printed(*EIGHT)
    says("complete", "2018-10", "UNODC 2018")
    assert disagreeing() == []


def test_a_request_in_august_and_step_four_in_november_is_progress() -> None:
    says("request_received", "2015-08", "UNODC 2015")
    printed(*FOUR)
    assert disagreeing() == []


def test_saying_less_later_is_a_disagreement_of_two_sources() -> None:
    says("complete", "2018-10", "UNODC 2018")
    says("in_process", "2020", "CITES 2020")
    assert disagreeing() == ["complete October 2018 (UNODC 2018) / in process 2020 (CITES 2020)"]
    assert disagreeing(as_of=date(2019, 12, 31)) == []  # the second document was not there yet


def test_one_source_does_not_disagree_with_itself_nor_one_instrument_with_another() -> None:
    says("complete", "2018", "UNODC")
    says("in_process", "2020", "UNODC")
    says("in_process", "2020", "CITES", instrument="indicator_framework")
    says("complete", "2016", "CITES", code="PER", instrument="toolkit+indicator_framework")
    says("in_process", "2019", "UNODC", code="PER", instrument="indicator_framework")
    assert disagreeing() == []
    assert disagreeing("PER") == ["complete 2016 (CITES) / in process 2019 (UNODC)"]


def test_a_date_known_only_by_its_month_or_year_is_given_the_benefit_of_the_doubt() -> None:
    says("complete", "2018-10", "UNODC")
    says("in_process", "2018-10-05", "CITES")  # complete later that month, perhaps
    says("in_process", "2018", "WCO")  # before October, perhaps
    assert disagreeing() == []
    says("in_process", "2018-10-31", "WB")
    assert disagreeing() == ["complete October 2018 (UNODC) / in process 31 October 2018 (WB)"]


def test_two_sources_of_the_same_month_that_say_different_things_disagree() -> None:
    says("complete", "2018-10", "UNODC")
    says("request_received", "2018-10", "CITES")
    assert disagreeing() == [
        "complete October 2018 (UNODC) / request received October 2018 (CITES)"
    ]


def test_a_pin_on_the_map_a_published_report_and_follow_up_name_no_stage() -> None:
    """Angola: on the map in 2015, in process in 2018; see the cautions of the dossier."""
    says("activity_shown_on_iccwc_map", "2015", "Map")
    says("published", "2015", "Government")
    says("follow_up_event", "2015", "CITES")
    says("in_process", "2018-10", "UNODC")
    assert disagreeing() == []


def test_a_step_that_was_reached_says_how_far_the_work_was_at_least() -> None:
    says("complete", "2017", "UNODC")
    says("step_event", "2018", "UNODC again", step="initial_meeting")
    assert disagreeing() == []
    says("in_process", "2019", "CITES")
    says("step_event", "2015-09-25", "News", code="PER", step="presentation")
    says("request_received", "2016", "CITES", code="PER")
    assert disagreeing() == ["complete 2017 (UNODC) / in process 2019 (CITES)"]
    assert disagreeing("PER") == [
        "Presentation 25 September 2015 (News) / request received 2016 (CITES)"
    ]


def test_a_document_that_goes_further_than_the_steps_recorded_here_is_named() -> None:
    printed(*FOUR)
    says("complete", "2018-10", "UNODC")
    assert disagreeing() == ["complete October 2018 (UNODC) > Toolkit implementation in process"]
    assert disagreeing(as_of=SC66) == []


def test_what_was_done_by_a_day_may_have_been_done_long_before() -> None:
    says("complete", "2014-09", "UNODC")
    printed(*EIGHT)
    assert disagreeing() == []


def test_a_document_that_says_less_than_the_steps_did_before_it_is_named() -> None:
    printed(*EIGHT)
    says("in_process", "2015-08", "UNODC 2015")
    says("in_process", "2016-05", "UNODC 2016")
    assert disagreeing() == [
        "Toolkit implementation complete by 9 November 2015 (CITES SC66 Inf. 9) / in process May "
        "2016 (UNODC 2016)"
    ]


def test_a_new_cycle_begins_anew() -> None:
    says("complete", "2014", "UNODC")
    printed(Step.REQUEST)
    make.publish(make.implementation(make.party("KEN")))  # its request is of today
    says("request_received", f"{timezone.localdate():%Y-%m-%d}", "CITES")
    assert [line for line in disagreeing(as_of=timezone.localdate()) if "/" in line] == []


# ── the data of the documents ────────────────────────────────────────────────────────────────


def test_of_the_documents_collected_five_go_further_than_the_table_and_none_contradicts() -> None:
    call_command("load_reference", verbosity=0)
    today = timezone.localdate()
    said, rows = asof.observations(PUBLIC, today), asof.table(PUBLIC, today)
    with CaptureQueriesContext(connection) as queries:
        found = by_party(said, rows)
    assert len(queries) == 0
    codes = dict(Party.objects.values_list("pk", "code"))
    assert {codes[pk]: bool(one.pairs) for pk, one in found.items()} == {
        "AGO": False, "MDG": False, "MEX": False, "MOZ": False, "TZA": False,
    }  # fmt: skip
    assert by_party(asof.observations(PUBLIC, SC66), asof.table(PUBLIC, SC66)) == {}


# ── shown ────────────────────────────────────────────────────────────────────────────────────


def test_the_partys_page_shows_both_sides_with_their_sources(client: Client) -> None:
    says("complete", "2018-10", "UNODC highlights", is_approximate=True,
         source_url="https://www.unodc.org/page")  # fmt: skip
    says("in_process", "2020", "A CITES page")
    says("complete", "2016", "Of another Party", code="PER")
    answer = client.get("/toolkit/ken/")
    text = page(answer)
    assert "Sources disagree. Both are shown." in text
    assert (
        "“complete”, October 2018 (approximate) – UNODC highlights . But later, or for the same "
        "time: “in process”, 2020 – A CITES page ."
    ) in text
    assert 'href="https://www.unodc.org/page"' in answer.content.decode()
    assert table_rows(answer, "observations") == [
        ["2020", "Toolkit", "in process", "A CITES page"],
        ["October 2018 (approximate)", "Toolkit", "complete", "UNODC highlights"],
    ]
    assert "Sources disagree" not in page(client.get("/toolkit/per/"))


def test_a_date_in_the_sources_own_words_stands_beside_it(client: Client) -> None:
    says("follow_up_event", "2015-10-05", "CITES news", step="follow_up",
         date_in_source="5-7 Oct 2015", note="32 officers")  # fmt: skip
    assert table_rows(client.get("/toolkit/ken/"), "observations") == [
        ["5 October 2015 in the source: 5-7 Oct 2015", "Toolkit",
         "Implementation of action plan recommendations: follow-up to recommendations 32 officers",
         "CITES news"],
    ]  # fmt: skip


def test_observations_never_change_the_steps(client: Client) -> None:
    printed(*FOUR)
    before = [(row.phase, row.facts) for row in asof.table(PUBLIC, TODAY)]
    says("complete", "2018-10", "UNODC")
    assert [(row.phase, row.facts) for row in asof.table(PUBLIC, TODAY)] == before


# ── entering ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["auditor", "focal_point", "agency_officer", "api_key"])
def test_nobody_but_an_officer_enters_by_any_door(who: str) -> None:
    made = getattr(make, who)()
    actor = made[0] if isinstance(made, tuple) else made
    about = {"instrument": "toolkit", "status": "complete", "step": "", "date_in_source": "2018"}
    said = {"effective_on": date(2018, 12, 31), "precision": "year", "source": "A document"}
    party = make.party("PER")
    with pytest.raises(NotPermitted):
        observe(party, by=actor, **about, **said)
    with pytest.raises(NotPermitted):
        observe_many([{"party": party, **about, **said}], by=actor, file_name="a.csv")
    with pytest.raises(NotPermitted):
        observe_total(by=actor, text="10 complete", date_in_source="2018", **said)
    assert not Observation.objects.exists()


def test_one_and_many_continue_the_same_chain() -> None:
    officer, party = make.the_officer(), make.party("KEN")
    says("complete", "2016", "A")
    rows = [
        {"party": party, "instrument": "toolkit", "status": "complete", "step": "",
         "date_in_source": year, "effective_on": date(int(year), 12, 31), "precision": "year",
         "source": "B"}
        for year in ("2017", "2018")
    ]  # fmt: skip
    assert observe_many(rows, by=officer, file_name="b.csv") == 2
    assert observe_many([], by=officer, file_name="c.csv") == 0
    says("complete", "2019", "C")
    found = Observation.objects.order_by("pk").values_list("event__sequence", "source")
    assert list(found) == [(1, "A"), (2, "B"), (3, "B"), (4, "C")]
    assert first_break() is None


# ── the API ──────────────────────────────────────────────────────────────────────────────────


def test_the_api_lists_totals_by_instrument_day_and_knowledge(client: Client) -> None:
    said = {"precision": "day", "source": "A document", "source_url": ""}
    observe_total(text="6 complete", complete=6, effective_on=SC66, date_in_source="2015-11-09",
                  **said)  # fmt: skip
    early = timezone.now().isoformat()
    observe_total(
        text="28 countries", in_all=28, effective_on=date(2023, 12, 31), date_in_source="2023",
        instrument="toolkit+indicator_framework", **said,
    )  # fmt: skip

    def listed(**asked: str) -> list[str]:
        answer = client.get("/api/v1/toolkit/totals/", asked)
        return [one["text"] for one in answer.json()["results"]]

    assert listed() == ["28 countries", "6 complete"]
    assert listed(as_of="2016-01-01") == ["6 complete"]
    assert listed(known_at=early) == ["6 complete"]
    assert listed(instrument="toolkit") == ["6 complete"]
    for wrong in (
        {"party": "KEN"},
        {"instrument": "x"},
        {"as_of": "soon"},
        {"as_of": "2999-01-01"},
    ):
        assert client.get("/api/v1/toolkit/totals/", wrong).status_code == 400, wrong
    assert client.post("/api/v1/toolkit/totals/", {}).status_code in {401, 403, 405}
    first = client.get("/api/v1/toolkit/totals/").json()["results"][0]
    recorded = first.pop("recorded_at")
    assert recorded
    assert {**first, "id": None} == {
        "id": None, "instrument": "toolkit+indicator_framework", "text": "28 countries",
        "in_all": 28, "complete": None, "under_way": None, "is_rough": False,
        "effective_on": "2023-12-31", "precision": "day", "is_approximate": False,
        "date_in_source": "2023", "source": "A document", "source_url": "",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["observations", "totals"])
def test_lists_of_the_api_cost_the_same_for_many_as_for_few(client: Client, name: str) -> None:
    def more(numbers: range) -> None:
        for number in numbers:
            says("complete", "2018", f"Document {number}")
            observe_total(text=f"{number} complete", effective_on=SC66, precision="day",
                          date_in_source="2015-11-09", source="A document")  # fmt: skip

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/api/v1/toolkit/{name}/", {"page_size": "100"})
        assert len(answer.json()["results"]) in {10, 60}
        return len(queries)

    more(range(10))
    few = cost()
    more(range(10, 60))
    assert cost() == few <= 5


def test_the_tracker_names_the_parties_for_which_sources_disagree(client: Client) -> None:
    printed(*FOUR)
    says("complete", "2018-10", "UNODC")
    says("complete", "2018-10", "UNODC", code="PER")
    text = page(client.get("/toolkit/"))
    assert "the page of the Party shows both: Kenya ." in text
    assert "the page of the Party shows both" not in page(client.get("/toolkit/?as_of=2016-01-01"))
