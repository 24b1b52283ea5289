"""Reminders and the daily digest. What is due is asked, never "due exactly today": a worker
that was off for a week catches up, and nobody is reminded twice of the same thing."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, record
from outbox.models import Message, State, first_today
from outbox.post import owe
from partners.letters import Notice, Passages, letters
from partners.models import AccessRequest, AccessState, Role
from partners.recipients import parties_without_focal_point, people, secretariat_desk
from requests_app import clock, lateness
from requests_app.models import Referral, ReferralState, RequestState, SupportRequest

REMINDED = "referrals.reminded"
AHEAD = timedelta(days=5)

_REMINDER = Notice(
    subject=_("%(reference)s: answer due on %(due)s"),
    lead=_(
        "The CITES Secretariat still waits for your agency's answer to the request of %(party)s."
    ),
    next=_("Please accept or decline the referral, through the API or in the portal."),
)
_DIGEST = Notice(
    subject=_("What waits at the Secretariat’s desk"),
    lead=_("The state of the desk this morning:"),
)


def remind_agencies() -> int:
    """Remind each agency once of a referral whose answer is due within five days or overdue, but
    not while the clock stands still."""
    soon = timezone.now().date() + AHEAD
    due = Referral.objects.while_clock_runs().filter(
        state=ReferralState.SENT, reminded_at=None, answer_due_on__lte=soon
    )
    return sum(_remind(referral_id) for referral_id in due.values_list("pk", flat=True))


@transaction.atomic
def _remind(referral_id: int) -> bool:
    request_id = Referral.objects.values_list("support_request_id", flat=True).get(pk=referral_id)
    SupportRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral_id)
    support_request = referral.support_request
    if referral.state != ReferralState.SENT or referral.reminded_at or support_request.is_ended:
        return False
    if clock.stands_still(support_request):
        return False
    referral.reminded_at = timezone.now()
    referral.save(update_fields=["reminded_at"])
    event = record(referral, REMINDED, by=SYSTEM, changes={"answer_due_on": referral.answer_due_on})
    written = letters(
        people(roles=[Role.OFFICER], agency_ids=[referral.agency_id]),
        _REMINDER,
        path=referral.get_absolute_url(),
        facts=lambda: {
            "reference": support_request.handle,
            "party": support_request.party.name,
            "due": date_format(referral.answer_due_on, "DATE_FORMAT"),
        },
        passages=list,
    )
    owe(event, written)
    return True


@transaction.atomic
def send_digest() -> int:
    """Tell each lead and officer who wants it what waits, once a day; nothing when nothing does."""
    if not first_today("digest") or not any(count for _label, count in _waiting()):
        return 0
    readers = [person for person in secretariat_desk() if person.wants_digest]
    written = letters(
        readers,
        _DIGEST,
        path=reverse("admin:index"),
        facts=dict,
        passages=_digest_passages,
        can_be_switched_off=True,
    )
    owe(None, written)
    return len(written)


def _waiting() -> list[tuple[str, int]]:
    overdue = Referral.objects.overdue()
    return [
        (
            translate_now("New requests, not yet taken up"),
            SupportRequest.objects.filter(state=RequestState.SUBMITTED).count(),
        ),
        (translate_now("Requests past the target of time"), lateness.overdue_count()),
        (translate_now("Referrals with an overdue answer"), overdue.count()),
        (
            translate_now("Messages that could not be delivered"),
            Message.objects.filter(state=State.DEAD).count(),
        ),
        (
            translate_now("Requests for access that wait for a decision"),
            AccessRequest.objects.filter(state=AccessState.CONFIRMED).count(),
        ),
        (translate_now("Parties without a focal point"), parties_without_focal_point().count()),
    ]


def _digest_passages() -> Passages:
    return [(label, str(count)) for label, count in _waiting() if count]
