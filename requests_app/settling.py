"""What is stored of a request because lists are ordered and found by it: since when it is in its
state, for whom it waits, when it is due. It follows from what happened, and is brought up to date
in the transaction of every action on the request, its referrals and its conversations; what else
moves a due date is in requests_app.recomputing."""

from datetime import datetime

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


def request_settled(support_request: SupportRequest, event: Event) -> None:
    if "state" in event.changes:
        support_request.state_since = event.recorded_at
        support_request.reminded_at = support_request.escalated_at = None
    settle(support_request)


def referral_settled(referral: Referral, event: Event) -> None:
    settle(referral.support_request)


def thread_settled(thread: Thread, event: Event) -> None:
    settle(thread.support_request)


def settle(support_request: SupportRequest) -> None:
    """Call with the row of the request locked. Its version and last change stay as they are."""
    support_request.waits_for = waits_for(support_request)
    standards = clock.standards()
    set_due(support_request, standards.due_at(support_request, clock.pauses(support_request)))
    support_request.save(
        update_fields=["state_since", "waits_for", "due_at", "reminded_at", "escalated_at"]
    )


def set_due(support_request: SupportRequest, due_at: datetime | None) -> None:
    """Of another moment people are told again; the caller saves."""
    if support_request.due_at != due_at:
        support_request.due_at = due_at
        support_request.reminded_at = support_request.escalated_at = None


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
