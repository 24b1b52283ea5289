"""Everything the desk shows of one request, in the order in which an officer decides."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from partners.acting import Button
from partners.desk import id_in
from requests_app.conversations import threads_of
from requests_app.entries import entries
from requests_app.models import Referral, SupportRequest, Thread, ThreadState
from requests_app.reading import differences, remarks_by_label, sections
from requests_app.record import other_requests, record_of
from requests_app.timeline import about_request
from requests_app.whereabouts import whereabouts
from requests_app.workflow.request_changes import frozen_answers
from workflow.executor import allowed_actions

REFERRALS_SHOWN = 12
EVENTS_SHOWN = 25


@dataclass(frozen=True)
class ReferralCard:
    """A referral with its answer and what may be done with it now."""

    referral: Referral
    buttons: list[Button]


def page_of(support_request: SupportRequest, actor: Any, before: str = "") -> dict[str, Any]:
    """The context of the page. `before` is an event id: the history older than that."""
    actions = allowed_actions(support_request, actor)
    referrals = _referrals(support_request, actor)
    threads = threads_of(support_request, actor)
    versions = list(support_request.versions.select_related("submitted_by").order_by("number"))
    submitted = versions[-1] if versions else None
    history = about_request(support_request, actor)
    before_id = id_in(before)
    if before_id is not None:
        history = history.filter(pk__lt=before_id)
    events = list(history[: EVENTS_SHOWN + 1])
    return {
        "support_request": support_request,
        "whereabouts": whereabouts(
            support_request, actor, referrals, actions, questions=_waiting(threads)
        ),
        "threads": threads,
        "buttons": [
            Button(one.label, _address("supportrequest_act", support_request.pk, one.action))
            for one in actions
        ],
        "remarks": [(label, text) for _key, label, text in remarks_by_label(support_request)],
        "submitted": submitted,
        "sections": sections(submitted.answers if submitted else frozen_answers(support_request)),
        "differences": differences(versions[-2:]),
        "others": list(other_requests(support_request, actor)),
        "record": record_of(support_request.party, actor),
        "referrals": [_card(one, actor) for one in referrals[:REFERRALS_SHOWN]],
        "more_referrals": len(referrals) > REFERRALS_SHOWN,
        "attachments": support_request.attachments.visible_to(actor).select_related("added_by"),
        "timeline": entries(events[:EVENTS_SHOWN], actor),
        "older": events[EVENTS_SHOWN - 1].pk if len(events) > EVENTS_SHOWN else None,
    }


def _waiting(threads: list[Thread]) -> list[Thread]:
    return [one for one in threads if one.state == ThreadState.WAITING]


def _referrals(support_request: SupportRequest, actor: Any) -> list[Referral]:
    """Newest first, one more than is shown, each knowing the request without asking again."""
    visible = support_request.referrals.visible_to(actor).select_related("agency")
    found = list(visible.order_by("-pk")[: REFERRALS_SHOWN + 1])
    for referral in found:
        referral.support_request = support_request
    return found


def _card(referral: Referral, actor: Any) -> ReferralCard:
    buttons = [
        Button(one.label, _address("referral_act", referral.pk, one.action))
        for one in allowed_actions(referral, actor)
    ]
    return ReferralCard(referral, buttons)


def _address(name: str, *args: Any) -> str:
    return reverse(f"admin:requests_app_{name}", args=args)
