"""Totals over time: what documents say, as they say it, beside what is counted here."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows
from toolkit import asof, totals
from toolkit.models import Implementation, PublishedTotal
from toolkit.steps import NUMBERED, Step
from toolkit.totals_chart import drawn
from toolkit.workflow import observe_total, observing
from workflow.executor import perform

pytestmark = pytest.mark.django_db

# As in the documents; "" where the text has no such number.
SERIES = [
    ("9 November 2015", "17 requests received; 6 complete; 11 at other stages", "17", "6", "11"),
    ("23 November 2015", "6 complete, 11 more under way", "", "6", "11"),
    ("24 May 2016", "implemented or being implemented in 19 countries", "19", "", ""),
    ("21 July 2016", "around 20 countries", "~20", "", ""),
    ("about October 2018", "10 complete, 2 under way, a further 10 in initial stages",
     "", "10", ""),
    ("about 2019", "30 countries in all at different stages, of which 12 complete; Indicator "
     "Framework complete in 5", "30", "12", ""),
    ("about November 2020", "more than 12 complete, 18 more under way; Indicator Framework "
     "complete in 5", "", "~12", "18"),
    ("about 2023", "28 countries have completed an assessment by Toolkit or Indicator Framework",
     "", "28", ""),
]  # fmt: skip
SOURCES = [
    "CITES SC66 Inf. 9", "CITES press release: five years of ICCWC",
    "CITES Secretary-General remarks, CCPCJ 25",
    "CITES Secretary-General remarks, Caribbean workshop", "UNODC wildlife and forest crime",
    "CITES site (staging copy): ICCWC in action",
    "CITES site (staging copy): ICCWC activities around the world",
    "ICCWC implementation support page",
]  # fmt: skip


@pytest.fixture
def loaded() -> None:
    call_command("load_reference", verbosity=0)


def shown(client: Client | None = None, **query: str):
    return (client or Client()).get(reverse("toolkit:totals"), query)


def test_the_series_is_shown_as_the_documents_have_it_each_with_its_source(loaded):
    rows = table_rows(shown(), "totals-table")

    printed = [
        (row[0], *(cell.replace("– not given", "") for cell in row[2:5]))
        for row in rows
    ]  # fmt: skip
    assert printed == [(day, *numbers) for day, _text, *numbers in SERIES]
    for row, (_day, text, *_numbers), source in zip(rows, SERIES, SOURCES, strict=True):
        assert row[1].startswith(text)
        assert source in row[1]
    together = [
        "Counts the Toolkit and the Indicator Framework together." in row[1] for row in rows
    ]
    assert together == [False] * 7 + [True]
    short = table_rows(Client().get(reverse("toolkit:table")), "published-totals")
    assert [(row[0], row[1]) for row in short] == [(day, text) for day, text, *_n in SERIES]


def test_a_total_stays_one_when_the_date_of_its_document_was_mended_since() -> None:
    said = {
        "effective_on": date(2015, 11, 9), "date_in_source": "2015-11-09", "precision": "day",
        "text": "17 requests received; 6 complete; 11 at other stages", "source_url": "",
    }  # fmt: skip
    observe_total(source="CITES SC66 Inf. 9, 2015-11-09", **said)
    observe_total(source="Another document", **said)
    call_command("load_reference", verbosity=0)
    same = PublishedTotal.objects.filter(text=said["text"])
    assert sorted(same.values_list("source", flat=True)) == [
        "Another document", "CITES SC66 Inf. 9, 2015-11-09",
    ]  # fmt: skip


def test_the_table_of_2015_does_not_date_the_document_it_stands_in(loaded: None) -> None:
    named = "CITES SC66 Inf. 9, January 2016 (Toolkit table as of 9 November 2015)"
    assert named in page(shown())
    document = "sc66-doc-16-5-international-consortium-on-combating-wildlife-crime"
    for address in (f"/documents/{document}/", "/partners/wco/"):
        said = page(Client().get(address))
        assert "Inf. 9, 2015-11-09" not in said
        assert named in said


def test_beside_it_stands_what_is_counted_here_for_the_same_day(loaded):
    rows = table_rows(shown(), "totals-table")

    derived = [row[5:8] for row in rows]
    assert derived == [["17", "6", "11"]] * 8
    # UNODC names 5 in August 2015 and 10 in October 2018; CITES later 5 more by the framework.
    assert [row[8] for row in rows] == ["5", "5", "5", "5", "10", "10", "10", "15"]
    assert "the numbers are therefore no one series" in page(shown()).lower()


def test_what_is_counted_here_is_what_the_table_of_that_day_says():
    days = [date(2026, month, 10) for month in (1, 3, 5, 7)]
    _publish_totals(days)
    whole = make.implementation()
    for step in NUMBERED[1:]:
        make.move(whole.steps.get(step=step), "done", date(2026, 4, 1))
    make.publish(whole)
    make.correct(whole.steps.get(step=Step.PRESENTATION), "under_way", date(2026, 6, 1))
    make.implementation(make.party("VNM"))  # not public
    readers = {"public": None, "officer": make.officer()}

    for reader in readers.values():
        counted = [(row.derived.requested, row.derived.complete) for row in _over(reader, days)]
        expected = [asof.totals(asof.table(reader, day), day) for day in days]
        assert counted == [(one.requested, one.complete) for one in expected]
    assert [(row.derived.requested) for row in _over(None, days)] == [0, 1, 1, 1]
    assert [(row.derived.requested) for row in _over(readers["officer"], days)] == [0, 2, 2, 2]


def test_what_was_known_then_is_counted_for_then():
    day = date(2026, 5, 1)
    _publish_totals([day])
    made = make.implementation()
    for step in NUMBERED[1:]:
        make.move(made.steps.get(step=step), "done", date(2026, 4, 1))
    make.publish(made)
    moment = timezone.now()
    make.correct(made.steps.get(step=Step.PRESENTATION), "under_way", date(2026, 4, 2))

    now, then = totals.over_time(None, day), totals.over_time(None, day, moment)

    assert [(row.derived.complete, row.derived.at_other_stages) for row in now] == [(0, 1)]
    assert [(row.derived.complete, row.derived.at_other_stages) for row in then] == [(1, 0)]
    assert totals.over_time(None, day, timezone.now().replace(year=2020)) == []


def test_a_total_that_was_withdrawn_still_stands_in_what_was_known_before():
    _publish_totals([date(2018, 1, 1), date(2019, 1, 1)])
    moment = timezone.now()
    officer = make.the_officer()
    wrong = PublishedTotal.objects.get(effective_on=date(2018, 1, 1))
    perform("withdraw", wrong, by=officer, data={"reason": "Misread."})

    def days_on(**asked: str) -> dict[str, list[str]]:
        of_api = Client().get("/api/v1/toolkit/totals/", asked).json()["results"]
        of_file = Client().get(reverse("toolkit:totals_json"), asked).json()["totals"]
        of_page = table_rows(shown(**asked), "totals-table")
        of_tracker = table_rows(Client().get(reverse("toolkit:table"), asked), "published-totals")
        return {
            "api": sorted(one["date_in_source"] for one in of_api),
            "file": [one["date_in_source"] for one in of_file],
            "page": [row[0] for row in of_page],
            "tracker": [row[0] for row in of_tracker],
        }

    both, one = ["2018-01-01", "2019-01-01"], ["2019-01-01"]
    in_words = ["1 January 2018", "1 January 2019"]
    assert days_on() == {"api": one, "file": one, "page": in_words[1:], "tracker": in_words[1:]}
    assert days_on(known_at=moment.isoformat()) == {
        "api": both, "file": both, "page": in_words, "tracker": in_words
    }  # fmt: skip
    assert days_on(known_at="2020-01-01T00:00:00Z")["file"] == []


def test_a_row_without_a_request_is_in_no_number_on_any_page():
    day = date(2026, 5, 1)
    _publish_totals([day])
    for code in ("KEN", "VNM", "PER"):
        make.publish(make.implementation(make.party(code)))
    emptied, taken_away = (Implementation.objects.get(party__code=one) for one in ("VNM", "PER"))
    make.move(emptied.steps.get(step=Step.NOMINATION), "under_way", date(2026, 2, 2))
    for one in (emptied, taken_away):
        state = "not_applicable" if one == emptied else "not_started"
        make.correct(one.steps.get(step=Step.REQUEST), state, date(2026, 2, 1))

    read = Client().get(reverse("toolkit:table"), {"as_of": day.isoformat()})

    said = read.context["totals"]
    assert (said.requested, said.complete, said.at_other_stages) == (1, 0, 1)
    assert (sum(said.by_phase.values()), said.without_request) == (1, 1)
    sentence = "1 implementation of the table is counted in no figure: no request is recorded of it"
    assert sentence in page(read)
    assert "counted in no figure" not in page(Client().get(reverse("toolkit:table"), {
        "as_of": "2026-01-31"
    }))  # fmt: skip
    data = Client().get(reverse("toolkit:table_json"), {"as_of": day.isoformat()}).json()
    assert data["totals"]["requested"] == 1
    (row,) = totals.over_time(None, day)
    assert (row.derived.requested, row.derived.at_other_stages) == (1, 1)
    for figure in ("requested", "at_other_stages", "request_received"):
        listed = Client().get(reverse("toolkit:figure", args=[figure])).context["rows"]
        assert [row.implementation.party.code for row, _steps in listed] == ["KEN"]


TWICE = {
    "effective_on": date(2018, 1, 1), "precision": "day", "date_in_source": "2018",
    "text": "1 request", "in_all": 1, "source": "A paper",
}  # fmt: skip


def test_of_two_officers_who_enter_a_total_at_once_the_other_is_told_that_it_is_kept(monkeypatch):
    """The other one's is written after the first was looked for and before it is written."""
    officer, real = make.the_officer(), observing._standing

    def late(same):
        monkeypatch.setattr(observing, "_standing", real)
        assert observe_total(by=make.officer(), **TWICE)
        return False

    monkeypatch.setattr(observing, "_standing", late)
    before = Event.objects.count()
    answer = signed_in(officer).post(
        reverse("admin:toolkit_publishedtotal_add"),
        {"instrument": "toolkit", "text": "1 request", "in_all": "1", "written": "2018",
         "source": "A paper"},
    )  # fmt: skip

    assert "This statement is stored already." in page(answer)
    assert (answer.status_code, PublishedTotal.objects.count()) == (200, 1)
    assert Event.objects.count() == before + 1


def _publish_totals(days: list[date]) -> None:
    for day in days:
        observe_total(
            effective_on=day, precision="day", date_in_source=str(day), text="1 request",
            in_all=1, source="A paper",
        )  # fmt: skip


def _over(reader, days: list[date]) -> list[totals.Row]:
    return totals.over_time(reader, max(days))


def test_the_drawing_has_each_number_of_the_table_and_joins_none(loaded):
    rows = totals.over_time(None, date(2026, 1, 1))
    chart = drawn(rows)

    assert chart is not None
    in_drawing = [{(mark.shape, mark.number) for mark in band.marks} for band in chart.bands]
    expected = [
        {
            (shape, number)
            for shape, number in (
                ("all", row.total.in_all),
                ("either" if row.counts_both else "complete", row.total.complete),
                ("requested-here", row.derived.requested),
                ("complete-here", row.derived.complete),
                ("said-complete", row.said_complete),
            )
            if number is not None
        }
        for row in rows
    ]
    assert in_drawing == expected
    svg = shown().content.decode().split('<figure class="totals__chart">')[1].split("</svg>")[0]
    assert "polyline" not in svg
    assert all(str(number) in svg for _shape, number in set().union(*expected))


def test_the_totals_are_files_too(loaded):
    data = Client().get(reverse("toolkit:totals_json"), {"as_of": "2016-12-31"}).json()
    sheet = Client().get(reverse("toolkit:totals_csv"), {"as_of": "2016-12-31"})
    lines = list(csv.DictReader(io.StringIO(sheet.content.decode())))

    assert (data["as_of"], data["known_at"]) == ("2016-12-31", None)
    assert "no one series" in data["note"]
    assert [(one["text"], one["in_all"], one["complete"]) for one in data["totals"]] == [
        ("17 requests received; 6 complete; 11 at other stages", 17, 6),
        ("6 complete, 11 more under way", None, 6),
        ("implemented or being implemented in 19 countries", 19, None),
        ("around 20 countries", 20, None),
    ]
    assert [one["text"] for one in data["totals"]] == [line["text"] for line in lines]
    assert {line["tracker_requested"] for line in lines} == {"17"}
    assert 'filename="toolkit-totals-2016-12-31.csv"' in sheet.headers["Content-Disposition"]


def test_a_total_that_begins_like_a_formula_is_text_to_a_spreadsheet():
    _publish_totals([date(2020, 1, 1)])
    PublishedTotal.objects.update(text="=1+1")

    sheet = Client().get(reverse("toolkit:totals_csv")).content.decode()

    assert ",'=1+1," in sheet


def test_no_total_by_that_day_and_no_such_day_get_a_sentence(loaded):
    assert "No document on this tracker gives a total by that day." in page(
        shown(as_of="2014-01-01")
    )
    wrong = shown(as_of="2015-02-30")
    assert (wrong.status_code, list(errors_at(wrong))) == (400, ["as_of"])
    for name in ("toolkit:totals_csv", "toolkit:totals_json"):
        assert Client().get(reverse(name), {"known_at": "yesterday"}).status_code == 400
    empty = Client().get(reverse("toolkit:totals_csv"), {"as_of": "2014-01-01"})
    assert empty.content.decode().startswith("as_of,known_at")


def test_totals_cost_as_many_questions_for_one_day_as_for_twenty(django_assert_max_num_queries):
    client, counts = signed_in(make.officer()), []
    for number in (1, 20):
        _publish_totals([date(2000 + number, month, 1) for month in range(1, number % 12 + 2)])
        make.implementation(make.party("KEN"))
        with django_assert_max_num_queries(7) as asked:
            assert shown(client).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_loading_again_changes_nothing(loaded):
    before = list(PublishedTotal.objects.values())
    call_command("load_reference", verbosity=0)
    assert list(PublishedTotal.objects.values()) == before
