"""What is stored of a request because lists are ordered and found by it: since when it is in its
state, for whom it waits, when it is due. It follows from what happened, and is brought up to date
in the transaction of every action on the request, and of those that change the state of a referral
or a conversation; what else moves a due date is in requests_app.recomputing."""

from datetime import datetime

from django.utils import timezone

from history.models import Event
from requests_app import clock
from requests_app.models import (
    Referral,
    ReferralState,
    RequestState,
    SupportRequest,
    Thread,
    ThreadState,
    WaitsFor,
)
from requests_app.working_time import Calendar, moment_after


def request_settled(support_request: SupportRequest, event: Event) -> None:
    if "state" in event.changes:
        support_request.state_since = event.recorded_at
        support_request.reminded_at = support_request.escalated_at = None
    settle(support_request)


def referral_settled(referral: Referral, event: Event) -> None:
    """For whom a request waits follows from the states of its referrals, not from their words."""
    if "state" in event.changes:
        settle(referral.support_request)


def thread_settled(thread: Thread, event: Event) -> None:
    """The clock follows from the state of a conversation, not from what is written in it."""
    if "state" in event.changes:
        settle(thread.support_request)


def settle(support_request: SupportRequest) -> None:
    """Call with the row of the request locked. Its version and last change stay as they are."""
    support_request.waits_for = waits_for(support_request)
    standards = clock.standards()
    due_at = standards.due_at(support_request, clock.pauses(support_request))
    set_due(support_request, due_at, soon(standards.calendar))
    support_request.save(
        update_fields=["state_since", "waits_for", "due_at", "reminded_at", "escalated_at"]
    )


def soon(calendar: Calendar) -> datetime:
    """What is due until then is nearly due: within one working day."""
    moment = moment_after(timezone.now(), calendar.working_day, calendar)
    assert moment is not None  # noqa: S101 - only a pause without an end has no moment after it
    return moment


def set_due(support_request: SupportRequest, due_at: datetime | None, nearly: datetime) -> None:
    """What people were told is forgotten only where the new due date makes it untrue; the caller
    saves.

    So nobody hears twice that a request is late because a question was answered, or because a
    day off was entered that lies in the past. Without a due date all is kept: there may be one
    again, when the question is answered, and it may be the same.
    """
    if support_request.due_at == due_at:
        return
    support_request.due_at = due_at
    if due_at and due_at > nearly:
        support_request.reminded_at = None
    if due_at and due_at > timezone.now():
        support_request.escalated_at = None


def waits_for(support_request: SupportRequest) -> str:
    """Who has to move next, from the state, the open questions and the referrals."""
    state = support_request.state
    if support_request.is_ended:
        return WaitsFor.NOBODY
    if state in {RequestState.DRAFT, RequestState.RETURNED} or _is_asked(support_request):
        return WaitsFor.COUNTRY
    if state == RequestState.REFERRED:
        waiting = support_request.referrals.filter(state=ReferralState.SENT)
        return WaitsFor.PARTNERS if waiting.exists() else WaitsFor.SECRETARIAT
    if state in {RequestState.ACCEPTED, RequestState.UNDER_WAY}:
        lead = support_request.lead_agency
        return WaitsFor.PARTNERS if lead and not lead.is_coordinator else WaitsFor.SECRETARIAT
    return WaitsFor.SECRETARIAT


def _is_asked(support_request: SupportRequest) -> bool:
    return support_request.threads.filter(state=ThreadState.WAITING).exists()
