"""What the desk is told of its own targets: whoever has a request, that it is nearly due; the
leads, that it is overdue. Once each in a state, whenever somebody looks, and never while the clock
stands still: then nothing is due. Of a due date that has moved they hear again only when it made
untrue what they were told: see requests_app.settling.set_due.

The events are the Secretariat's own business: see requests_app.timeline.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, record
from outbox.post import owe
from partners.letters import Notice, letters
from partners.models import User
from partners.recipients import secretariat_desk, secretariat_leads
from requests_app import clock
from requests_app.models import SupportRequest
from requests_app.notices import desk_page
from requests_app.settling import soon

NEARLY_DUE = "requests.nearly_due"
OVERDUE = "requests.overdue"
KINDS = frozenset({NEARLY_DUE, OVERDUE})

_NEARLY_DUE = Notice(
    subject=_("%(reference)s: due on %(due)s"),
    lead=_(
        "The request of %(party)s for “%(support)s” is %(state)s. By the Secretariat’s target it "
        "should go on by %(due)s."
    ),
    next=_("While a question to the country is open the clock stands still."),
)
_OVERDUE = Notice(
    subject=_("%(reference)s: overdue since %(due)s"),
    lead=_(
        "The request of %(party)s for “%(support)s” is %(state)s. By the Secretariat’s target it "
        "should have gone on by %(due)s."
    ),
    next=_("You hear of this once, as a lead of the Secretariat. Officer: %(officer)s."),
)


def remind_officers() -> int:
    """Of requests that are due within one working day, or overdue; how many."""
    nearly = soon(clock.calendar())
    due = SupportRequest.objects.filter(reminded_at=None, due_at__lte=nearly).order_by("pk")
    return sum(_remind(pk, nearly) for pk in list(due.values_list("pk", flat=True)))


def tell_leads() -> int:
    """Of requests that are overdue; how many."""
    now = timezone.now()
    late = SupportRequest.objects.filter(escalated_at=None, due_at__lt=now).order_by("pk")
    return sum(_escalate(pk, now) for pk in list(late.values_list("pk", flat=True)))


def overdue_count() -> int:
    return SupportRequest.objects.filter(due_at__lt=timezone.now()).count()


@transaction.atomic
def _remind(request_id: int, nearly: datetime) -> bool:
    found = _locked(request_id)
    if found.reminded_at or not found.due_at or found.due_at > nearly:
        return False  # somebody was quicker, or it has moved on
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    _tell(found, NEARLY_DUE, _in_whose_hands(found), _NEARLY_DUE)
    return True


@transaction.atomic
def _escalate(request_id: int, now: datetime) -> bool:
    found = _locked(request_id)
    if found.escalated_at or not found.due_at or found.due_at >= now:
        return False
    found.escalated_at = timezone.now()
    found.save(update_fields=["escalated_at"])
    _tell(found, OVERDUE, secretariat_leads(), _OVERDUE)
    return True


def _locked(request_id: int) -> SupportRequest:
    return SupportRequest.objects.select_for_update(no_key=True).get(pk=request_id)


def _in_whose_hands(support_request: SupportRequest) -> list[User]:
    """Its officer; the whole desk when nobody has it, or the officer is at the desk no longer."""
    desk = secretariat_desk()
    return [one for one in desk if one.pk == support_request.assignee_id] or desk


def _tell(support_request: SupportRequest, kind: str, people: list[User], notice: Notice) -> None:
    event = record(support_request, kind, by=SYSTEM, changes={"due_at": support_request.due_at})
    path = desk_page(support_request)
    owe(event, letters(people, notice, path=path, facts=_facts(support_request), passages=list))


def _facts(support_request: SupportRequest) -> Callable[[], dict[str, str]]:
    def in_readers_language() -> dict[str, str]:
        due_at = support_request.due_at
        assert due_at is not None  # noqa: S101 - nobody is told of what is not due
        assignee = support_request.assignee
        return {
            "reference": support_request.handle,
            "party": support_request.party.name,
            "support": support_request.support.name,
            "state": support_request.get_state_display(),
            "officer": assignee.name if assignee else "–",
            "due": date_format(due_at.astimezone(ZoneInfo(settings.DESK_TIME_ZONE)), "DATE_FORMAT"),
        }

    return in_readers_language
