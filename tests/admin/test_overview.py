"""The overview of the desk and its first page: who opens them, and that the numbers are true."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Check
from outbox.models import Message
from partners.models import User
from requests_app.models import Referral, SupportRequest
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

OVERVIEW, INDEX = reverse("admin:overview"), reverse("admin:index")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)  # ten in the morning in Geneva
TODAY = MONDAY + timedelta(weeks=3)


class Days:
    """Moves the clock; every day of the story is at the hour of the first."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.to(0)

    def to(self, day: int) -> None:
        self.machine.move_to(MONDAY + timedelta(days=day), tick=False)


@pytest.fixture
def days(time_machine: Any) -> Days:
    return Days(time_machine)


def taken_up(case: SupportRequest) -> SupportRequest:
    perform("take_up", case, by=make.the_officer(), data={"assignee": make.the_officer()})
    return case


@pytest.fixture
def five(days: Days) -> dict[str, SupportRequest]:
    """Five requests and a draft, three weeks after the first of them. No holidays."""
    story: dict[str, SupportRequest] = {
        "decided": make.request_in("submitted"),
        "asked": make.request_in("submitted"),
        "ignored": make.request_in(
            "submitted", of=make.party("VNM"), support_key="forensic_support"
        ),
    }
    make.draft()
    days.to(1)
    taken_up(story["decided"])
    days.to(7)
    decline = {"reason": make.reason(), "explanation": "Please see the note."}
    perform("decline", story["decided"], by=make.the_lead(), data=decline)
    thread = make.conversation(taken_up(story["asked"]))
    story["withdrawn"] = make.request_in("submitted", of=make.party("GAB"))
    days.to(9)
    country = User.objects.get(mandates__party__code="GAB")
    perform("withdraw", story["withdrawn"], by=country, data={"reason": "Solved otherwise."})
    days.to(14)
    writer = User.objects.get(mandates__party__code="KEN")
    perform("reply", thread, by=writer, data={"text": "All of them."})
    story["returned"] = make.request_in("submitted", of=make.party("PER"))
    days.to(15)
    told = {"to_correct": "Name the ports."}
    perform("return", story["returned"], by=make.the_officer(), data=told)
    days.to(21)
    return story


@pytest.fixture
def referred(days: Days) -> None:
    """INTERPOL helps once, has yet to answer once, and one was recalled; WCO is late."""
    case = taken_up(make.request_in("submitted"))
    _refer(case, "INTERPOL", "WCO", due=4)
    days.to(3)
    helper = make.agency_officer()
    perform("accept", case.referrals.get(agency__code="INTERPOL"), by=helper, data={})
    days.to(7)
    for _each in range(2):
        _refer(taken_up(make.request_in("submitted")), "INTERPOL", due=60)
    days.to(8)
    recalled = Referral.objects.latest("pk")
    perform("recall", recalled, by=make.the_officer(), data={"reason": "Sent in error."})
    days.to(21)


def _refer(case: SupportRequest, *codes: str, due: int) -> None:
    data = {
        "agencies": [make.agency(code) for code in codes],
        "note": "Please say whether you can help.",
        "answer_due_on": (MONDAY + timedelta(days=due)).date(),
    }
    perform("refer", case, by=make.the_officer(), data=data)


# ── reading the page ─────────────────────────────────────────────────────────────────────────


def tables(page: str) -> dict[str, dict[str, list[str]]]:
    """The cells of each row by its label, by the caption of the table."""
    found: dict[str, dict[str, list[str]]] = {}
    for table in re.findall(r"<table class=\"desk-table figures\">(.*?)</table>", page, re.S):
        caption = _text(re.search(r"<caption[^>]*>(.*?)</caption>", table, re.S)[1])  # type: ignore[index]
        rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S)
        found[caption] = {
            _text(label): [_text(cell) for cell in re.findall(r"<td>(.*?)</td>", cells, re.S)]
            for label, cells in rows
        }
    return found


def links(page: str) -> list[tuple[str, int]]:
    """Address and number of every figure that leads somewhere: in tables, on the map, in piles."""
    in_tables = re.findall(r'<td><a href="([^"]+)">(\d+)</a>', page)
    on_map = re.findall(r'<a href="([^"]+)" aria-label="[^"]*: (\d+) request', page)
    piles = re.findall(r'<a href="([^"]+)"><span class="desk-piles__count">(\d+)</span>', page)
    return [(unescape(url), int(number)) for url, number in in_tables + on_map + piles]


def _text(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def read(browser: Client, address: str = OVERVIEW, **asked: str) -> str:
    page = browser.get(address, asked)
    assert page.status_code == 200
    return page.content.decode()


def rows_behind(browser: Client, url: str) -> int:
    page = browser.get(url)
    assert page.status_code == 200, url
    return len(page.context["cl"].result_list)


# ── who ──────────────────────────────────────────────────────────────────────────────────────


def test_it_is_the_secretariats_alone(
    officer: Client, lead: Client, auditor: Client, focal_point: Client, agency_officer: Client
) -> None:
    for browser in (officer, lead, auditor):
        assert browser.get(OVERVIEW).status_code == 200
    for browser in (focal_point, agency_officer):
        assert browser.get(OVERVIEW, follow=True).redirect_chain[-1][0] == reverse("home")
    to_sign_in = Client().get(OVERVIEW, follow=True).redirect_chain[-1][0]
    assert to_sign_in.startswith(reverse("account_login"))


# ── the numbers ──────────────────────────────────────────────────────────────────────────────


def test_requests_are_counted_by_month_support_and_party_and_drafts_nowhere(
    five: dict[str, SupportRequest], browse: Any
) -> None:
    found = tables(read(browse(make.the_officer()), first="2026-02-01", last="2026-03-23"))
    assert found["Requests by month and kind of support"] == {
        "February 2026": ["0", "0", "0"],
        "March 2026": ["5", "4", "1"],
        "All": ["5", "4", "1"],
    }
    assert found["Requests by kind of support"] == {
        "Basic training": ["4", "80 %"],
        "Forensic support": ["1", "20 %"],
    }
    assert found["Requests by Party"] == {
        "Kenya": ["2"],
        "Gabon": ["1"],
        "Peru": ["1"],
        "Viet Nam": ["1"],
    }


def test_times_count_in_what_still_waits_and_what_was_withdrawn(
    five: dict[str, SupportRequest], browse: Any
) -> None:
    """Working days until acknowledged: 1, 1 and 5; fifteen so far; withdrawn after two. Until
    decided: 5; so far ten (fifteen less the five of the question), fifteen and one (before it was
    returned); withdrawn after two."""
    page = read(browse(make.the_officer()))
    assert tables(page)["Time to acknowledgement"] == {
        "Up to 1": ["2", "0", "0", "40 %"],
        "More than 1, up to 3": ["0", "0", "1", "40 %"],
        "More than 3, up to 5": ["1", "0", "0", "70 %"],
        "More than 5, up to 10": ["0", "0", "0", "70 %"],
        "More than 10, up to 20": ["0", "1", "0", "not known yet"],
        "More than 20, up to 40": ["0", "0", "0", "not known yet"],
        "More than 40, up to 80": ["0", "0", "0", "not known yet"],
        "More than 80": ["0", "0", "0", "–"],
    }
    assert "Half of the requests are taken up or returned within 5 working days." in page
    decided = tables(page)["Time to decision"]
    assert [row for row in decided.values() if row[:3] != ["0", "0", "0"]] == [
        ["0", "1", "0", "0 %"],
        ["0", "0", "1", "0 %"],
        ["1", "0", "0", "33 %"],
        ["0", "1", "0", "33 %"],
        ["0", "1", "0", "not known yet"],
    ]
    assert "Less than half of the requests have been decided so far." in page


def test_the_load_of_each_officer_and_of_nobody(
    five: dict[str, SupportRequest], browse: Any
) -> None:
    SupportRequest.objects.filter(pk=five["ignored"].pk).update(due_at=TODAY - timedelta(days=1))
    found = tables(read(browse(make.the_officer())))["Open requests by officer, today"]
    assert found == {make.the_officer().name: ["1", "0"], "Nobody yet": ["2", "1"]}


def test_answers_of_agencies_with_those_that_wait(referred: None, browse: Any) -> None:
    found = tables(read(browse(make.the_officer())))["Referrals by agency"]
    assert found == {
        "INTERPOL": ["3", "1", "0", "1", "0", "1", "3 working days"],
        "WCO": ["1", "0", "0", "0", "1", "0", "not known yet"],
    }


@pytest.mark.parametrize("story", ["five", "referred"])
def test_every_figure_leads_to_as_many_rows(
    story: str, request: pytest.FixtureRequest, browse: Any
) -> None:
    request.getfixturevalue(story)
    browser = browse(make.the_officer())
    for address in (OVERVIEW, f"{OVERVIEW}?first=2026-03-03&last=2026-03-16", INDEX):
        figures = links(read(browser, address))
        assert figures
        assert [(url, rows_behind(browser, url)) for url, _number in figures] == figures


def test_what_needs_attention_leads_to_its_rows(
    referred: None, five: dict[str, SupportRequest], days: Days, browse: Any
) -> None:
    me = make.the_officer()
    told = {"text": "Please look.", "mentions": [me]}
    perform("note", five["asked"], by=make.the_lead(), data=told)
    SupportRequest.objects.filter(assignee=me).update(due_at=TODAY + timedelta(days=1))
    make.access_request()
    step = make.implementation(lead_agency=make.agency("INTERPOL")).steps.get(position=2)
    begun = {"state": "under_way", "effective_on": TODAY.date(), "precision": "day", "note": "Now."}
    perform("propose", step, by=make.the_lead(), data=begun)
    browser = browse(me)
    page = read(browser, INDEX)
    words = re.findall(r'desk-piles__count">\d+</span> <span>(.*?)</span>', page)
    assert words == [
        "In your hands: due or overdue",
        "In your hands",
        "Conversations with something new",
        "Notes that mention you",
        "New: to be taken up",
        "Overdue",
        "Answers of agencies, to be weighed",
        "Answers of agencies overdue",
        "Toolkit changes that wait for confirmation",
        "Requests for access",
    ]
    assert [(url, rows_behind(browser, url)) for url, number in links(page) if number] == [
        (url, number) for url, number in links(page) if number
    ]


def test_troubles_are_named_first(officer: Client) -> None:
    Check.objects.create(ran_at=TODAY, events=3, fault="event 2 does not fit")
    make.request_in("submitted")
    Message.objects.update(state="dead")
    page = read(officer, INDEX)
    assert "Messages given up: " in page
    assert "Fault found by the last check of the history: 1" in page
    Check.objects.create(ran_at=TODAY, events=3)
    assert "Fault found" not in read(officer, INDEX)


# ── the page ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-02-30", "2026-03-01", "Give the date as year-month-day"),
        ("2026-03-02", "2026-03-01", "The last day is before the first."),
        ("1999-01-01", "2026-01-01", "Choose at most five years."),
        ("9999-01-01", "9999-12-31", "Choose days before the year 2999."),
        ("", "2026-03-01", "This needs an answer."),
    ],
)
def test_bad_days_get_a_sentence_and_the_usual_period(
    first: str, last: str, said: str, days: Days, browse: Any
) -> None:
    page = read(browse(make.the_officer()), first=first, last=last)
    assert said in page
    assert f'value="{first}"' in page or not first
    assert "from 1 April 2025 to 2 March 2026" in page


def test_nonsense_in_a_figures_address_narrows_nothing(officer: Client) -> None:
    make.request_in("submitted")
    queue = reverse("admin:requests_app_supportrequest_changelist")
    for asked in ("submitted=x_y", "acknowledged=done.7-9", "decided=.", "due=never", "mentions=2"):
        assert rows_behind(officer, f"{queue}?queue=all&{asked}") == 1
    assert rows_behind(officer, f"{queue}?queue=all&submitted=0001-01-01_9999-12-31") == 1


def test_the_charts_are_named_and_use_no_inline_style(officer: Client) -> None:
    make.request_in("submitted")
    page = read(officer)
    charts = re.findall(r'<svg viewBox="[^"]+" role="img" aria-labelledby="([^ "]+)', page)
    assert len(charts) == 5
    assert all(f'<title id="{one}">' in page for one in charts)
    assert " style=" not in page
    assert "<style" not in page


def test_queries_do_not_grow_with_the_requests(referred: None, browse: Any) -> None:
    officer = browse(make.the_officer())

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            read(officer, address)
        return len(asked)

    few = cost(OVERVIEW), cost(INDEX)
    for _each in range(6):
        make.request_in("referred")
    assert (cost(OVERVIEW), cost(INDEX)) == few
    assert few[0] <= 25
    assert few[1] <= 20


def test_what_lies_ahead_of_now_takes_no_time(days: Days, browse: Any) -> None:
    """Another server's clock may run ahead of this one's."""
    days.machine.move_to(MONDAY + timedelta(hours=3), tick=False)
    browser = browse(taken_up(make.request_in("submitted")).assignee)
    days.to(0)
    assert tables(read(browser))["Time to acknowledgement"]["Up to 1"][0] == "1"
