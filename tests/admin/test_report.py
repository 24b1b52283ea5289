"""The report for the Standing Committee: the same whenever it is asked for, in three formats."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document as WordFile
from pypdf import PdfReader

from iccwc_portal.report.asking import Asked
from iccwc_portal.report.document import Table
from iccwc_portal.report.parts import report
from partners.models import Party, Region
from requests_app.models import RequestState, Support
from tests import make
from tests.admin.test_history_desk import sent_as_shown
from toolkit.workflow import load_table_row
from workflow.executor import perform

pytestmark = pytest.mark.django_db

FORM = reverse("admin:report")
PRINTED = Path(__file__).parent.parent / "data" / "sc66_inf9.tsv"
SEED_DAY = date(2015, 11, 9)


def file(browser: Client, kind: str, **asked: Any) -> bytes:
    answer = browser.get(reverse(f"admin:report_{kind}"), asked)
    assert answer.status_code == 200, answer.get("Location")
    assert "no-store" in answer["Cache-Control"]
    return bytes(answer.content)


def every_format(browser: Client, **asked: Any) -> list[bytes]:
    return [file(browser, kind, **asked) for kind in ("html", "pdf", "docx")]


def asked_for(as_of: date, **said: Any) -> Asked:
    usual = {
        "since": as_of - timedelta(days=365),
        "known_at": None,
        "language": "en",
        "rows": "public",
    }
    return Asked(as_of=as_of, **usual | said)


def tables(as_of: date, **said: Any) -> dict[str, Table]:
    made = report(make.the_officer(), asked_for(as_of, **said))
    return {block.key: block for block in made.blocks if isinstance(block, Table)}


# ── the published table ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def reference() -> None:
    call_command("load_reference", stdout=io.StringIO())


def test_the_table_of_9_november_2015_is_the_one_that_was_printed(
    reference: None, officer: Client
) -> None:
    with PRINTED.open(newline="") as lines:
        printed = list(csv.reader(lines, delimiter="\t"))[1:]
    shown = tables(SEED_DAY)["steps"]
    spelled = {row[0]: Party.objects.called(row[0]).name for row in printed}
    assert [[spelled[row[0]], *row[1:]] for row in printed] == [
        [row[0], *(mark or "-" for mark in row[1:-1])] for row in shown.rows
    ]
    phases = tables(SEED_DAY)["phases"]
    assert [row[1] for row in phases.rows] == ["1", "6", "4", "6"]
    assert phases.foot == ["Requested", "17"]
    text = file(officer, "html", as_of="2015-11-09").decode()
    assert "requested: 17; complete: 6; at other stages: 11" in text
    assert "SC66 Inf. 9" in text


def test_its_map_and_its_table_stand_in_every_format(reference: None, officer: Client) -> None:
    html, pdf, docx = every_format(officer, as_of="2015-11-09", language="en")
    assert "Viet Nam: Toolkit implementation complete" in html.decode()
    read = PdfReader(io.BytesIO(pdf))
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    word = WordFile(io.BytesIO(docx))
    steps = next(table for table in word.tables if len(table.columns) == 11)
    assert [cell.text for cell in steps.rows[2].cells][:3] == ["Bahamas", "✓", ""]
    assert "Bahamas" in words
    assert "do not imply the expression of any opinion" in words
    assert len(word.inline_shapes) == 3  # offices, Toolkit, activities


# ── always the same ──────────────────────────────────────────────────────────────────────────


def test_later_events_change_nothing_of_a_past_day(officer: Client, lead: Client) -> None:
    with time_machine.travel("2026-03-02T10:00Z"):
        cycle = make.implementation(make.party("PER"))
        make.publish(cycle)
        going, ended = make.request_in(RequestState.UNDER_WAY), make.request_in("completed")
        make.referral(state="delivering")
    asked = {"as_of": "2026-03-31", "language": "en"}
    before = every_format(officer, **asked)
    assert b"Kenya" in before[0]
    assert b"Peru" in before[0]

    with time_machine.travel("2026-04-05T10:00Z"):
        perform("complete", going, by=make.the_officer(), data={"outcome": "Done."})
        perform("reopen", ended, by=make.the_lead(), data={"reason": "More to do."})
        make.request_in(RequestState.SUBMITTED, support_key="wist")
        make.move(cycle.steps.get(position=2), "done", date(2026, 4, 1))
        make.implementation(make.party("VNM"))

    assert every_format(officer, **asked) == before
    assert every_format(officer, as_of="2026-04-06", language="en") != before


def test_a_new_name_or_region_changes_nothing_of_a_past_day(officer: Client) -> None:
    asia = Region.objects.create(key="asia", name_en="Asia", name_fr="Asie", name_es="Asia")
    with time_machine.travel("2026-03-02T10:00Z"):
        make.request_in(RequestState.SUBMITTED)
        cycle = make.implementation()
        make.publish(cycle)
    before = every_format(officer, as_of="2026-03-31", language="en")
    kenya, support = make.party(), Support.objects.get(key="basic_training")
    changed = [
        sent_as_shown(officer, kenya, name_en="Republic of Kenya", region=asia.pk),
        sent_as_shown(officer, support, name_en="Courses"),
        sent_as_shown(officer, Region.objects.get(key="africa"), name_en="Africa and islands"),
    ]
    assert [answer.status_code for answer in changed] == [302, 302, 302]
    assert every_format(officer, as_of="2026-03-31", language="en") == before
    now = file(officer, "html", language="en").decode()
    for words in ("Republic of Kenya", "Courses", "Asia"):
        assert words in now


def test_a_correction_shows_unless_one_asks_what_was_known_before(officer: Client) -> None:
    load_table_row(make.party(), ["request", "presentation"], as_of=SEED_DAY, source="A table")
    before = every_format(officer, as_of="2016-01-01", language="en")
    known = timezone.now().isoformat()
    step = make.party().implementations.get().steps.get(step="presentation")
    make.correct(step, "not_started", SEED_DAY, "by")
    assert file(officer, "html", as_of="2016-01-01", language="en") != before[0]
    rows = tables(date(2016, 1, 1), known_at=datetime.fromisoformat(known))["steps"].rows
    assert rows[0][8] == "✓"
    assert tables(date(2016, 1, 1))["steps"].rows[0][8] == ""


# ── requests and activities ──────────────────────────────────────────────────────────────────


def test_requests_are_counted_by_kind_and_region_as_they_stood() -> None:
    asia = Region.objects.create(key="asia", name_en="Asia", name_fr="Asie", name_es="Asia")
    viet_nam = make.party("VNM")
    Party.objects.filter(pk=viet_nam.pk).update(region=asia)
    with time_machine.travel("2026-03-02T10:00Z"):
        make.draft()
        make.request_in(RequestState.SUBMITTED)
        make.request_in(RequestState.DECLINED, support_key="wist")
        make.request_in(RequestState.RETURNED, of=make.party("VNM"))
        case = make.request_in(RequestState.ACCEPTED)
    with time_machine.travel("2026-03-09T10:00Z"):
        perform("start", case, by=make.the_officer(), data={"start_on": date(2026, 4, 1)})
    shown = tables(date(2026, 3, 8))
    assert shown["by-support"].head == [
        "Kind of support", "Submitted", "Under examination", "Accepted", "Under way", "Completed",
        "Not taken forward",
    ]  # fmt: skip
    assert shown["by-support"].rows == [
        ["Basic training", "3", "2", "1", "0", "0", "0"],
        ["Wist", "1", "0", "0", "0", "0", "1"],
    ]
    assert shown["by-support"].foot == ["All", "4", "2", "1", "0", "0", "1"]
    assert shown["by-region"].rows == [
        ["Africa", "3", "1", "1", "0", "0", "1"],
        ["Asia", "1", "1", "0", "0", "0", "0"],
    ]
    later = tables(date(2026, 3, 9))
    assert later["by-support"].foot == ["All", "4", "2", "0", "1", "0", "1"]
    assert "by-support" not in tables(date(2026, 3, 1))


def test_activities_of_the_period_are_listed_without_a_word_of_the_case(officer: Client) -> None:
    with time_machine.travel("2026-03-02T10:00Z"):
        make.request_in(RequestState.COMPLETED, situation="SECRET-WORDS")
    with time_machine.travel("2026-05-02T10:00Z"):
        make.request_in(RequestState.UNDER_WAY, of=make.party("PER"))
        make.referral(make.agency("WCO"), state="delivered")
        cycle = make.implementation(make.party("VNM"))
        make.publish(cycle)
    shown = tables(date(2026, 5, 31), since=date(2026, 4, 1))
    assert shown["activities-counted"].rows == [
        ["Support began", "1"],
        ["Support was completed", "0"],
        ["An agency delivered its part", "1"],
        ["Toolkit steps were done", "0"],
    ]
    assert shown["activities"].rows == [
        ["2 May 2026", "Support began", "Peru", "Basic training", "INTERPOL"],
        ["2 May 2026", "An agency delivered its part", "Kenya", "Basic training", "WCO"],
    ]
    whole = tables(date(2026, 5, 31), since=date(2026, 1, 1))
    assert [row[1] for row in whole["activities-counted"].rows] == ["2", "1", "1", "1"]
    assert whole["toolkit-steps"].rows == [["15 January 2026", "Viet Nam", "1. Request"]]
    text = file(officer, "html", as_of="2026-05-31", since="2026-01-01").decode()
    hidden = [
        "SECRET-WORDS",
        "Forty trained",
        "Course held",
        "Focal point,",
        "Officer,",
        "ICCWC-2026",
    ]
    assert [words for words in hidden if words in text] == []


def test_steps_whose_day_is_not_known_are_not_counted_in_a_period(officer: Client) -> None:
    done = ["request", "presentation"]
    load_table_row(make.party("VNM"), done, as_of=SEED_DAY, source="A table")
    cycle = make.implementation()
    known = [(1, date(2015, 3, 1), "month"), (2, date(2015, 4, 30), "day")]
    known += [(3, date(2014, 11, 30), "month"), (4, date(2014, 12, 31), "year")]
    for position, day, precision in known:
        # The request itself was dated later than the steps: a correction may rewrite the order.
        step = cycle.steps.get(position=position)
        if step.state == "not_started":
            make.move(step, "under_way", date(2026, 1, 20))
        make.correct(step, "done", day, precision)

    asked: dict[str, Any] = {"since": date(2014, 11, 9), "as_of": SEED_DAY, "rows": "all"}
    shown = tables(**asked)
    assert shown["activities-counted"].rows[-1] == ["Toolkit steps were done", "2"]
    assert [row[0] for row in shown["toolkit-steps"].rows] == ["March 2015", "30 April 2015"]
    words = "4 steps were done by 9 November 2015; their day is not known, so they are not counted"
    html, pdf, docx = every_format(officer, language="en", **asked)
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    word = " ".join(one.text for one in WordFile(io.BytesIO(docx)).paragraphs)
    assert [words in " ".join(said.split()) for said in (html.decode(), read, word)] == [True] * 3

    whole_years = tables(**asked | {"since": date(2014, 1, 1)})
    assert [row[0] for row in whole_years["toolkit-steps"].rows] == [
        "November 2014", "2014", "March 2015", "30 April 2015",
    ]  # fmt: skip
    later = file(officer, "html", **asked | {"since": "2015-11-10", "as_of": "2016-11-09"}).decode()
    assert "not counted here" not in later


def test_what_a_country_has_not_made_public_is_left_out_unless_asked_for(officer: Client) -> None:
    with time_machine.travel("2026-03-02T10:00Z"):
        cycle = make.implementation()
    with time_machine.travel("2026-03-09T10:00Z"):
        make.publish(cycle)
    assert "steps" not in tables(date(2026, 3, 8))
    assert tables(date(2026, 3, 8), rows="all")["steps"].rows[0][0] == "Kenya*"
    assert tables(date(2026, 3, 9))["steps"].rows[0][0] == "Kenya"
    text = file(officer, "html", as_of="2026-03-08", rows="all").decode()
    assert "not for publication without its consent" in text


def test_of_a_printed_row_only_what_is_printed_is_public_until_its_country_consents(
    officer: Client,
) -> None:
    with time_machine.travel("2026-03-02T10:00Z"):
        load_table_row(make.party("GAB"), ["request"], as_of=SEED_DAY, source="A table")
        load_table_row(make.party("PER"), ["request"], as_of=SEED_DAY, source="A table")
        gabon = make.party("GAB").implementations.get()
        make.move(gabon.steps.get(position=2), "done", date(2026, 2, 1))
    with time_machine.travel("2026-03-09T10:00Z"):
        make.publish(gabon)

    def ticks(day: date, **said: Any) -> list[list[str]]:
        return [row[:3] for row in tables(day, **said)["steps"].rows]

    peru = ["Peru", "✓", ""]
    assert ticks(date(2026, 3, 8)) == [["Gabon", "✓", ""], peru]
    assert ticks(date(2026, 3, 8), rows="all") == [["Gabon*", "✓", "✓"], peru]
    assert ticks(date(2026, 3, 9)) == [["Gabon", "✓", "✓"], peru]
    steps_done = {"since": date(2026, 1, 1)}
    assert "toolkit-steps" not in tables(date(2026, 3, 8), **steps_done)
    assert tables(date(2026, 3, 9), **steps_done)["toolkit-steps"].rows[0][1] == "Gabon"

    with time_machine.travel("2026-03-16T10:00Z"):
        focal_point = make.focal_point(make.party("GAB"))
        perform("withdraw_consent", gabon, by=focal_point, data={"reason": "Not agreed."})
    assert ticks(date(2026, 3, 9)) == [["Gabon", "✓", ""], peru]
    assert ticks(date(2026, 3, 17), rows="all") == [["Gabon*", "✓", "✓"], peru]

    with time_machine.travel("2026-03-23T10:00Z"):
        letter = {"source": "Letter of 20 March 2026", "effective_on": date(2026, 3, 20)}
        letter |= {"with_plan": False, "with_documents": False}
        perform("record_consent", gabon, by=make.the_officer(), data=letter)
    shown = {day: ticks(date(2026, 3, day))[0][2] for day in (8, 9, 17, 19, 20)}
    assert shown == {8: "", 9: "✓", 17: "", 19: "", 20: "✓"}


# ── formats ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_format_has_a_title_a_language_and_a_structure(
    officer: Client, language: str
) -> None:
    load_table_row(make.party(), ["request"], as_of=SEED_DAY, source="A table")
    make.request_in(RequestState.COMPLETED)
    html, pdf, docx = every_format(officer, language=language)
    assert f'<html lang="{language}">' in html.decode()
    assert re.search(r"style=|<style|<script", html.decode()) is None
    read = PdfReader(io.BytesIO(pdf))
    root: Any = read.trailer["/Root"]
    assert read.metadata is not None
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)
    assert "ICCWC" in str(read.metadata.title)
    word = WordFile(io.BytesIO(docx))
    assert "ICCWC" in word.core_properties.title
    assert word.core_properties.language == language
    headings = [one.style.name for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert [one for one in headings if one != "Heading 3"] == ["Heading 1", *["Heading 2"] * 4]
    assert headings[:4] == ["Heading 1", *["Heading 2"] * 3]
    body = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    assert body.count("<w:tblHeader") == len(word.tables) == body.count("<w:tblCaption")


def test_a_demonstration_says_in_every_format_that_it_is_one(
    officer: Client, settings: Any
) -> None:
    make.request_in(RequestState.SUBMITTED)
    settings.DEMO = True
    html, pdf, docx = every_format(officer, language="en")
    words = "requests for support and activities are invented"
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    word = " ".join(one.text for one in WordFile(io.BytesIO(docx)).paragraphs)
    assert [words in " ".join(said.split()) for said in (html.decode(), read, word)] == [True] * 3


# ── the form ─────────────────────────────────────────────────────────────────────────────────


def test_the_form_leads_to_the_document(auditor: Client) -> None:
    assert auditor.get(FORM).status_code == 200
    page = auditor.get(FORM, {"as_of": "2026-03-31", "language": "es", "known_at": "2026-05-01"})
    addresses = [url for _words, url in page.context["links"]]
    assert [url.partition("?")[0] for url in addresses] == [
        reverse(f"admin:report_{kind}") for kind in ("html", "pdf", "docx")
    ]
    assert "since=2025-03-31" in addresses[0]
    assert all(auditor.get(url).status_code == 200 for url in addresses)
    assert "1 de mayo de 2026" in auditor.get(addresses[0]).content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"since": "2026-02-01", "as_of": "2026-01-01"}, "since"),
        ({"known_at": "soon"}, "known_at"),
        ({"language": "de"}, "language"),
        ({"rows": "some"}, "rows"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_at_its_field(
    officer: Client, said: dict[str, str], field: str
) -> None:
    page = officer.get(FORM, said)
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    answer = officer.get(reverse("admin:report_pdf"), said)
    assert answer.status_code == 302
    assert answer["Location"].startswith(FORM)


@pytest.mark.parametrize("who", ["focal_point", "agency_officer"])
def test_the_report_is_for_the_secretariat(who: str, request: Any) -> None:
    browser = request.getfixturevalue(who)
    names = ("report", "report_html", "report_pdf", "report_docx")
    assert {browser.get(reverse(f"admin:{name}")).status_code for name in names} == {302}


def test_it_costs_the_same_for_many_requests_as_for_few(officer: Client) -> None:
    make.request_in(RequestState.COMPLETED)
    load_table_row(make.party(), ["request"], as_of=SEED_DAY, source="A table")
    file(officer, "html")
    with CaptureQueriesContext(connection) as few:
        file(officer, "html")
    for code in ("VNM", "PER", "BGD"):
        make.request_in(RequestState.COMPLETED, of=make.party(code))
        load_table_row(make.party(code), ["request"], as_of=SEED_DAY, source="A table")
    with CaptureQueriesContext(connection) as many:
        file(officer, "html")
    assert len(many) == len(few) <= 32


def test_a_moment_is_kept_to_the_second() -> None:
    moment = datetime(2026, 3, 2, 10, 30, 15, tzinfo=UTC)
    assert asked_for(SEED_DAY, known_at=moment).known_until == moment
