"""The desk's days off and its targets: kept by officers, and due dates follow at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from requests_app.models import Holiday, SupportRequest, Target
from tests import make

pytestmark = pytest.mark.django_db

HOLIDAYS = reverse("admin:requests_app_holiday_changelist")
ADD = reverse("admin:requests_app_holiday_add")
PROPOSE = reverse("admin:requests_app_holiday_propose")
TARGETS = reverse("admin:requests_app_target_changelist")
MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_day_off(**said: str) -> dict[str, str]:
    names = {f"name_{language}": "Day off" for language in ("en", "fr", "es")}
    return {"day": "2026-06-03", "source": "UN list of 2026", **names, **said}


@pytest.fixture
def case() -> SupportRequest:
    """Submitted on a Monday, due on the next."""
    Target.objects.create(state="submitted", urgency="normal", working_days=5)
    with time_machine.travel(MONDAY, tick=False):
        return make.request_in("submitted")


def due(case: SupportRequest) -> "datetime | None":
    case.refresh_from_db()
    return case.due_at


def text_of(browser: Client, address: str, **said: str) -> str:
    answer = browser.get(address, said)
    assert answer.status_code == 200
    return answer.content.decode()


# ── days off ─────────────────────────────────────────────────────────────────────────────────


def test_a_day_off_that_is_added_changed_or_deleted_moves_due_dates(
    officer: Client, case: SupportRequest
) -> None:
    said = officer.post(ADD, a_day_off(), follow=True).content.decode()
    assert "The due date of 1 request has moved." in said
    assert due(case) == MONDAY + 8 * DAY
    row = Holiday.objects.get()
    change = reverse("admin:requests_app_holiday_change", args=[row.pk])
    officer.post(change, a_day_off(day="2026-06-13"))
    assert due(case) == MONDAY + 7 * DAY
    officer.post(change, a_day_off(day="2026-06-04"))
    assert due(case) == MONDAY + 8 * DAY
    delete = reverse("admin:requests_app_holiday_delete", args=[row.pk])
    assert "2026-06-04 Day off" in text_of(officer, delete)
    assert Holiday.objects.exists()
    officer.post(delete, {"post": "yes"})
    assert (Holiday.objects.exists(), due(case)) == (False, MONDAY + 7 * DAY)
    kept = Event.objects.filter(subject_type="requests_app.holiday", subject_id=row.pk)
    assert [(one.kind, one.changes["day"]) for one in kept.order_by("pk")] == [
        ("desk.added", [None, "2026-06-03"]),
        ("desk.changed", ["2026-06-03", "2026-06-13"]),
        ("desk.changed", ["2026-06-13", "2026-06-04"]),
        ("desk.removed", ["2026-06-04", None]),
    ]


def test_the_same_day_twice_or_no_day_at_all_is_said_and_nothing_is_lost(officer: Client) -> None:
    officer.post(ADD, a_day_off())
    said = officer.post(ADD, a_day_off(source="Typed twice")).content.decode()
    assert "Holiday with this Day already exists." in said
    assert 'value="Typed twice"' in said
    said = officer.post(ADD, a_day_off(day="2026-02-30")).content.decode()
    assert "Give the date as year-month-day" in said
    assert Holiday.objects.count() == 1


def test_days_off_are_read_by_year_whatever_year_is_asked_for(auditor: Client) -> None:
    for day in ("2026-06-03", "2027-06-03"):
        Holiday.objects.create(**a_day_off(day=day, name_en=f"Free {day[:4]}"))
    assert "Free 2026" in text_of(auditor, HOLIDAYS)
    one_year = text_of(auditor, HOLIDAYS, year="2027")
    assert ("Free 2026" in one_year, "Free 2027" in one_year) == (False, True)
    for year in ("0", "9999", "99999999999999999999", "²", "-1", "x", ""):
        assert "Free 2026" not in text_of(auditor, HOLIDAYS, year=year)


def test_the_holidays_of_a_year_are_proposed_and_overwrite_nothing(
    browse: Any, case: SupportRequest
) -> None:
    with time_machine.travel(MONDAY):
        officer = browse(make.the_officer())
        Holiday.objects.create(**a_day_off(day="2026-12-25", name_en="UN holiday"))
        said = officer.post(PROPOSE, {"year": "2026"}, follow=True).content.decode()
    assert "8 days off were added for 2026. Check them against the UN list." in said
    found = Holiday.objects.filter(day__year=2026)
    assert {(one.day.isoformat(), one.name_en) for one in found} == {
        ("2026-01-01", "New Year's Day"),
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-05-14", "Ascension Day"),
        ("2026-05-25", "Pentecost Monday"),
        ("2026-08-01", "National Day"),
        ("2026-09-10", "Genevan Fast"),
        ("2026-12-25", "UN holiday"),
        ("2026-12-31", "Restoration Day"),
    }
    fast = Holiday.objects.get(day=date(2026, 9, 10))
    assert (fast.name_fr, fast.name_es) == ("Jeûne genevois", "Ayuno ginebrino")
    assert fast.source == "holidays package: Switzerland, Geneva; check against the UN list"
    with time_machine.travel(MONDAY):
        said = officer.post(PROPOSE, {"year": "2026"}, follow=True).content.decode()
    assert "All days that could be proposed for 2026 are there already." in said
    assert Holiday.objects.count() == 9
    kept = Event.objects.filter(subject_type="requests_app.holiday", kind="desk.added")
    assert {one.changes["day"][1] for one in kept} == {
        one.day.isoformat() for one in found if one.name_en != "UN holiday"
    }


def test_a_proposal_moves_what_is_due(browse: Any, case: SupportRequest) -> None:
    with time_machine.travel(datetime(2026, 9, 9, 8, tzinfo=UTC), tick=False):
        officer = browse(make.the_officer())
        late = make.request_in("submitted")
        officer.post(PROPOSE, {"year": "2026"})
    # Of the next five working days, the Genevan Fast is none.
    assert due(late) == datetime(2026, 9, 17, 8, tzinfo=UTC)
    assert due(case) == MONDAY + 7 * DAY


def test_a_year_that_is_not_offered_is_refused_in_words(officer: Client) -> None:
    for year in ("1066", "99999999999999999999", "next", ""):
        said = officer.post(PROPOSE, {"year": year}, follow=True).content.decode()
        assert "Choose one of the years that are offered." in said
    assert officer.get(PROPOSE).status_code == 405
    assert not Holiday.objects.exists()


def test_a_notice_says_for_which_years_no_days_off_are_known(officer: Client) -> None:
    this_year = timezone.now().year
    assert f"known for {this_year}, {this_year + 1}." in text_of(officer, HOLIDAYS)
    Holiday.objects.create(**a_day_off(day=f"{this_year}-06-03"))
    assert f"known for {this_year + 1}." in text_of(officer, HOLIDAYS)
    Holiday.objects.create(**a_day_off(day=f"{this_year + 1}-06-03"))
    assert "No days off are known" not in text_of(officer, HOLIDAYS)


# ── targets ──────────────────────────────────────────────────────────────────────────────────


def test_targets_are_kept_in_one_table_and_move_due_dates(
    officer: Client, case: SupportRequest
) -> None:
    shown = {"initial-submitted-normal": "5"}
    posted = {"submitted-normal": "6", "referred-critical": "3"}
    said = officer.post(TARGETS, shown | posted, follow=True).content.decode()
    assert "Changed: Submitted, normal; Referred to agencies, critical" in said
    assert "The due date of 1 request has moved." in said
    stored = set(Target.objects.values_list("state", "urgency", "working_days"))
    assert stored == {("submitted", "normal", 6), ("referred", "critical", 3)}
    assert due(case) == MONDAY + 8 * DAY
    shown = {"initial-submitted-normal": "6", "initial-referred-critical": "3"}
    officer.post(TARGETS, shown | {"submitted-normal": "", "referred-critical": "3"})
    assert (Target.objects.get().state, due(case)) == ("referred", None)
    kept = Event.objects.filter(subject_type="requests_app.target").order_by("pk")
    days = [(one.kind, one.changes["working_days"]) for one in kept]
    assert days == [
        ("desk.changed", [5, 6]),
        ("desk.added", [None, 3]),
        ("desk.removed", [6, None]),
    ]
    assert {one.actor_name for one in kept} == {"Officer, CITES"}


def test_what_an_officer_left_alone_keeps_what_another_has_written(officer: Client) -> None:
    Target.objects.create(state="submitted", urgency="normal", working_days=9)
    # The page was opened when five was stored there.
    shown = {"initial-submitted-normal": "5", "submitted-normal": "5"}
    officer.post(TARGETS, shown | {"accepted-high": "4"})
    stored = set(Target.objects.values_list("state", "urgency", "working_days"))
    assert stored == {("submitted", "normal", 9), ("accepted", "high", 4)}


@pytest.mark.parametrize("typed", ["0", "-1", "501", "99999999999999999999", "soon", "1.5"])
def test_a_number_that_cannot_be_is_said_where_it_was_typed(officer: Client, typed: str) -> None:
    answer = officer.post(TARGETS, {"submitted-normal": typed, "accepted-high": "4"})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing was stored. Correct the numbers that are marked." in said
    assert "Give a whole number from 1 to 500, or nothing for no target." in said
    assert f'value="{typed}"' in said
    assert 'id="id_submitted-normal_error"' in said
    assert not Target.objects.exists()


def test_days_off_and_targets_are_read_by_auditors_and_kept_by_officers_alone(
    auditor: Client, lead: Client, focal_point: Client, agency_officer: Client
) -> None:
    row = Holiday.objects.create(**a_day_off())
    target = Target.objects.create(state="submitted", urgency="normal", working_days=5)
    delete = reverse("admin:requests_app_holiday_delete", args=[row.pk])
    writes = [(ADD, a_day_off(day="2026-07-01")), (PROPOSE, {"year": str(timezone.now().year)}),
              (delete, {"post": "yes"}), (TARGETS, {"submitted-normal": "1"})]  # fmt: skip
    assert [auditor.post(*write).status_code for write in writes] == [403] * 4
    for stranger in (focal_point, agency_officer):
        assert [stranger.post(*write).status_code for write in writes] == [302] * 4
        assert [stranger.get(url).status_code for url in (HOLIDAYS, TARGETS)] == [302] * 2
    assert list(Holiday.objects.all()) == [row]
    target.refresh_from_db()
    assert target.working_days == 5
    for page in (HOLIDAYS, TARGETS):
        assert 'type="submit"' not in text_of(auditor, page).partition("<main")[2]
    assert ">5<" in text_of(auditor, TARGETS)
    assert lead.post(ADD, a_day_off(day="2026-07-01")).status_code == 302
    assert lead.post(delete, {"post": "yes"}).status_code == 302
    assert [one.day for one in Holiday.objects.all()] == [date(2026, 7, 1)]
