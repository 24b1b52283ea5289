"""Who at the desk is told that a request is nearly due, or overdue: once, and nobody outside."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from history.models import Event
from outbox.models import Message
from requests_app import tasks
from requests_app.models import Holiday, SupportRequest, Target
from requests_app.timeline import about_request
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)  # ten o'clock in Geneva
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def case() -> SupportRequest:
    """In review since Monday at ten, in the hands of an officer, due on the next Monday at ten."""
    Target.objects.create(state="in_review", urgency="normal", working_days=5)
    with time_machine.travel(MONDAY, tick=False):
        make.the_lead()
        made = make.request_in("in_review")
    Message.objects.all().delete()
    return made


def at(moment: datetime) -> list[tuple[str, str]]:
    """What the hourly task sends at that moment: to whom, and what about."""
    Message.objects.all().delete()
    with time_machine.travel(moment, tick=False):
        tasks.remind()
    about = Message.objects.values_list("address", "subject")
    return sorted((address, subject.partition(": ")[2]) for address, subject in about)


def answer(
    case: SupportRequest, *, asked: datetime, answered: datetime, meanwhile: datetime
) -> None:
    """A question to the country and its answer; nobody is told anything in between."""
    with time_machine.travel(asked, tick=False):
        thread = make.conversation(case)
    assert at(meanwhile) == []
    with time_machine.travel(answered, tick=False):
        country = make.someone("focal_point", case.party, "Focal point")
        perform("reply", thread, by=country, data={"text": "All ports."})


FRIDAY = MONDAY + 4 * DAY
NEXT_MONDAY = MONDAY + 7 * DAY
SOON = "due on 8 June 2026"
LATE = "overdue since 8 June 2026"


def test_its_officer_one_working_day_before_and_the_leads_when_it_is_overdue(
    case: SupportRequest,
) -> None:
    lead, officer = make.the_lead(), make.the_officer()
    with time_machine.travel(MONDAY, tick=False):
        make.officer()
        make.auditor()
    assert at(FRIDAY - HOUR) == []
    assert at(FRIDAY) == [(officer.email, SOON)]
    assert at(FRIDAY + HOUR) == []
    assert at(NEXT_MONDAY) == []
    assert at(NEXT_MONDAY + HOUR) == [(lead.email, LATE)]
    assert at(NEXT_MONDAY + 2 * HOUR) == []
    assert at(NEXT_MONDAY + 40 * DAY) == []


def test_a_worker_off_for_a_week_moves_no_date_and_sends_each_message_once(
    case: SupportRequest,
) -> None:
    lead, officer = make.the_lead(), make.the_officer()
    before = case.due_at
    assert at(NEXT_MONDAY + 8 * DAY) == sorted([(officer.email, SOON), (lead.email, LATE)])
    assert at(NEXT_MONDAY + 8 * DAY + HOUR) == []
    case.refresh_from_db()
    assert case.due_at == before == NEXT_MONDAY


def test_the_whole_desk_when_nobody_has_it_or_its_officer_has_left(case: SupportRequest) -> None:
    gone = make.the_officer()
    with time_machine.travel(MONDAY, tick=False):
        desk = sorted([make.the_lead().email, make.officer().email])
    gone.mandates.update(until_on=date(2026, 6, 1))
    assert at(FRIDAY) == [(address, SOON) for address in desk]


def test_nobody_while_the_clock_stands_still_and_then_of_the_later_date(
    case: SupportRequest,
) -> None:
    lead, officer = make.the_lead(), make.the_officer()
    answer(case, asked=FRIDAY - HOUR, answered=FRIDAY + 14 * DAY, meanwhile=NEXT_MONDAY + 4 * DAY)
    assert at(FRIDAY + 14 * DAY) == []
    assert at(FRIDAY + 14 * DAY + HOUR) == [(officer.email, "due on 22 June 2026")]
    assert at(NEXT_MONDAY + 15 * DAY) == [(lead.email, "overdue since 22 June 2026")]


def test_who_was_told_is_not_told_again_because_a_question_was_answered(
    case: SupportRequest,
) -> None:
    lead, officer = make.the_lead(), make.the_officer()
    assert at(FRIDAY) == [(officer.email, SOON)]
    saturday = FRIDAY + DAY
    answer(case, asked=saturday, answered=saturday + DAY, meanwhile=saturday + HOUR)
    assert at(saturday + DAY) == []
    assert at(NEXT_MONDAY + HOUR) == [(lead.email, LATE)]
    for days in (1, 3, 7):
        asked = NEXT_MONDAY + days * DAY
        answer(case, asked=asked, answered=asked + DAY, meanwhile=asked + HOUR)
        case.refresh_from_db()
        assert case.due_at == NEXT_MONDAY
        assert at(asked + DAY) == []
    assert at(NEXT_MONDAY + 40 * DAY) == []


def test_nobody_is_told_again_of_a_date_that_moves_within_the_past(case: SupportRequest) -> None:
    with time_machine.travel(MONDAY, tick=False):
        make.request_in("in_review")
    told = [(make.the_officer().email, SOON), (make.the_lead().email, LATE)]
    assert at(NEXT_MONDAY + 8 * DAY) == sorted(told * 2)
    day_off = Holiday.objects.create(day=date(2026, 6, 3), name_en="Day off")
    assert at(NEXT_MONDAY + 8 * DAY + HOUR) == []
    assert SupportRequest.objects.filter(due_at=NEXT_MONDAY + DAY).count() == 2
    day_off.delete()
    Target.objects.update(working_days=3)
    assert at(NEXT_MONDAY + 8 * DAY + 2 * HOUR) == []
    assert SupportRequest.objects.filter(due_at=MONDAY + 3 * DAY).count() == 2


def test_of_a_date_put_off_into_the_future_people_are_told_when_it_comes(
    case: SupportRequest,
) -> None:
    lead, officer = make.the_lead(), make.the_officer()
    assert at(NEXT_MONDAY + HOUR) == sorted([(officer.email, SOON), (lead.email, LATE)])
    Target.objects.update(working_days=10)
    assert at(NEXT_MONDAY + 2 * HOUR) == []
    assert at(FRIDAY + 7 * DAY) == [(officer.email, "due on 15 June 2026")]
    assert at(NEXT_MONDAY + 8 * DAY) == [(lead.email, "overdue since 15 June 2026")]


def test_a_new_state_has_its_own_date_and_one_without_a_target_none(case: SupportRequest) -> None:
    Target.objects.create(state="referred", urgency="normal", working_days=1)
    officer = make.the_officer()
    assert at(FRIDAY) == [(officer.email, SOON)]
    referred = {
        "agencies": [make.agency()],
        "note": "Please say.",
        "answer_due_on": date(2026, 8, 1),
    }
    with time_machine.travel(FRIDAY, tick=False):
        perform("refer", case, by=officer, data=referred)
    assert at(FRIDAY + HOUR) == [(officer.email, SOON)]
    Target.objects.all().delete()
    assert at(NEXT_MONDAY + 9 * DAY) == []


def test_a_day_off_that_is_entered_later_is_heeded_before_anybody_is_told(
    case: SupportRequest,
) -> None:
    Holiday.objects.create(day=FRIDAY.date(), name_en="Day off")
    assert at(FRIDAY) == []
    assert at(NEXT_MONDAY) == [(make.the_officer().email, "due on 9 June 2026")]


def test_neither_country_nor_agency_learns_of_it(case: SupportRequest) -> None:
    officer = make.the_officer()
    referred = {
        "agencies": [make.agency()],
        "note": "Please say.",
        "answer_due_on": date(2026, 8, 1),
    }
    with time_machine.travel(MONDAY, tick=False):
        perform("refer", case, by=officer, data=referred)
        Target.objects.create(state="referred", urgency="normal", working_days=5)
    outsiders = [
        make.focal_point(case.party),
        make.party_viewer(case.party),
        make.agency_officer(),
        make.api_key()[0],
    ]
    seen = [list(about_request(case, one).values_list("pk")) for one in outsiders]
    before = SupportRequest.objects.values("version", "updated_at").get()
    at(NEXT_MONDAY + HOUR)
    kinds = ["requests.nearly_due", "requests.overdue"]
    assert sorted(Event.objects.filter(kind__in=kinds).values_list("kind", flat=True)) == kinds
    assert [list(about_request(case, one).values_list("pk")) for one in outsiders] == seen
    assert about_request(case, make.auditor()).filter(kind__in=kinds).count() == 2
    assert SupportRequest.objects.values("version", "updated_at").get() == before


def test_the_digest_says_how_many_are_past_their_target(case: SupportRequest) -> None:
    with time_machine.travel(NEXT_MONDAY + DAY, tick=False):
        tasks.digest()
    text = Message.objects.get(address=make.the_lead().email).text
    assert "Requests past the target of time\n1" in text
