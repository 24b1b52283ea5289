"""How an action plan got on: the page of a period, and the report of each quarter."""

from datetime import date, datetime, timedelta
from unittest import mock

import pytest
from django.utils import timezone

from outbox.models import Message
from tests import make
from tests.reading_pages import page, signed_in, table_rows
from toolkit.models import Implementation, Recommendation
from toolkit.tasks import look_after_plans
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PAGE = "/country/ken/plan/1/progress/"


class Clock:
    """The tests of a quarter choose their days; everything asks `timezone.now`."""

    def __init__(self) -> None:
        self.at(2026, 5, 4)

    def at(self, year: int, month: int, day: int) -> None:
        self.now = datetime(year, month, day, 9, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def clock():
    made = Clock()

    def now() -> datetime:
        return made.now

    with mock.patch.object(timezone, "now", now):
        yield made


def quarterly() -> list[Message]:
    before = set(Message.objects.values_list("pk", flat=True))
    look_after_plans()
    report = "how it got on"
    found = Message.objects.exclude(pk__in=before).filter(subject__contains=report)
    return list(found.order_by("pk"))


def test_the_first_run_of_a_quarter_reports_on_the_one_before_and_the_page_agrees(clock):
    kenya, interpol = make.focal_point(), make.agency_officer(make.agency("INTERPOL"))
    make.focal_point(make.party("VNM"))
    cycle = make.implementation(lead_agency=make.agency("INTERPOL"))
    late = make.recommendation(cycle, "accepted", due_on=date(2026, 6, 1), text="Revise the law.")
    make.recommendation(cycle, "verified", text="Keep figures.")
    clock.at(2026, 6, 10)
    perform("start", late, by=kenya, data={"note": "A committee sits."})
    clock.at(2026, 7, 3)
    letters = quarterly()
    assert {one.recipient for one in letters} == {f"user:{kenya.pk}", f"user:{interpol.pk}"}
    text = letters[0].text
    for words in ("under way: 1", "verified: 1", "1. Revise the law. (1 June 2026)",
                  "1: Begun (10 June 2026)"):  # fmt: skip
        assert words in text
    link = f"{PAGE}?since=2026-04-01&until=2026-06-30"
    assert link in text.replace("&amp;", "&")
    clock.at(2026, 8, 20)
    perform("report", late, by=kenya, data={"note": "Later."})
    assert quarterly() == []
    for reader in (kenya, interpol):
        read = signed_in(reader).get(link)
        assert table_rows(read, "states") == [["under way", "1"], ["verified", "1"]]
        assert [row[:2] for row in table_rows(read, "overdue")] == [["1", "Revise the law."]]
        moved = [(row[1].split()[0], row[2].split()[0]) for row in table_rows(read, "moves")]
        assert moved[-1] == ("1", "Begun")
        assert "Later." not in page(read)
    clock.at(2026, 10, 1)
    (second, _other) = quarterly()
    assert "since=2026-07-01" in second.text
    assert "Progress reported" in second.text


def test_a_worker_that_was_away_for_half_a_year_reports_once_of_all_of_it(clock):
    make.focal_point()
    cycle = make.implementation()
    make.recommendation(cycle, "accepted")
    clock.at(2026, 7, 1)
    assert len(quarterly()) == 1
    clock.at(2027, 1, 15)
    (letter,) = quarterly()
    assert "since=2026-07-01" in letter.text
    assert "until=2026-12-31" in letter.text.replace("&amp;", "&")


def test_nothing_is_reported_where_nothing_is_open_and_nothing_moved(clock):
    make.focal_point()
    cycle = make.implementation()
    make.recommendation(cycle, "verified")
    clock.at(2026, 7, 1)
    assert len(quarterly()) == 1  # it was verified in that quarter
    clock.at(2026, 10, 1)
    assert quarterly() == []
    assert Implementation.objects.get(pk=cycle.pk).reported_until == date(2026, 9, 30)
    clock.at(2026, 10, 2)
    fresh = make.implementation(make.party("PER"))
    make.recommendation(fresh, "accepted")
    assert quarterly() == []  # entered after the quarter that is reported on


def test_the_page_shows_the_state_of_the_last_day_whatever_came_later(clock):
    kenya = make.focal_point()
    cycle = make.implementation()
    one = make.recommendation(cycle, "accepted", due_on=date(2026, 6, 1), text="Old words.")
    clock.at(2026, 6, 20)
    perform("move_due", one, by=kenya, data={"due_on": date(2026, 12, 1), "reason": "Vote."})
    said = {"part": "data", "text": "New words.", "priority": "high", "reason": "Merged."}
    perform("revise", one, by=make.the_officer(), data=said)
    reader = signed_in(kenya)
    early = reader.get(f"{PAGE}?since=2026-05-01&until=2026-06-10")
    assert table_rows(early, "states") == [["accepted", "1"]]
    assert [row[1] for row in table_rows(early, "overdue")] == ["Old words."]
    late = reader.get(f"{PAGE}?since=2026-06-11&until=2026-06-20")
    assert table_rows(late, "states") == [["proposed", "1"]]
    assert "Nothing was overdue." in page(late)
    assert len(table_rows(late, "moves")) == 2
    before = reader.get(f"{PAGE}?since=2026-01-01&until=2026-01-31")
    assert "No recommendation had been entered by then." in page(before)


def test_a_day_that_does_not_do_is_answered_with_a_sentence_at_its_field():
    make.recommendation(make.implementation())
    reader = signed_in(make.focal_point())
    tomorrow = (timezone.now().date() + timedelta(days=1)).isoformat()
    for query, field in (
        (f"until={tomorrow}", "until"), ("since=yesterday", "since"), ("until=2026-02-30", "until"),
        ("since=2026-06-01&until=2026-05-01", "since"),
        ("until=0001-01-01", "until"), ("until=1975-06-30", "until"),
        ("since=0001-01-01", "since"),
    ):  # fmt: skip
        read = reader.get(f"{PAGE}?{query}")
        assert read.status_code == 400
        assert list(read.context["form"].errors) == [field]
    assert reader.get(PAGE).status_code == 200


def test_a_draft_that_only_the_country_knows_of_is_no_move(clock):
    kenya = make.focal_point()
    one: Recommendation = make.recommendation(make.implementation(), "accepted")
    clock.at(2026, 6, 10)
    perform("ask_support", one, by=kenya, data={"support": make.support("basic_training")})
    clock.at(2026, 7, 1)
    read = signed_in(make.the_officer()).get(f"{PAGE}?since=2026-06-01&until=2026-06-30")
    assert "Nothing moved in this period." in page(read)
