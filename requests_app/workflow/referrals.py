"""What may happen to a referral. Officers of its agency move it; the Secretariat may recall."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from history.models import Event
from partners.access import OFFICER, REFERRED_AGENCY, fresh, person_behind, snapshot
from partners.models import Scope
from requests_app import attaching, notices, posting, settling
from requests_app.models import Attachment, DeliveryReport, Referral, ReferralState, SupportRequest
from requests_app.workflow import agency_inputs, delivery_days, inputs
from workflow.errors import DoneBefore, InvalidInput
from workflow.kept_queries import Asked, KeptQuery
from workflow.transitions import Act, Data, Table, Transition

S = ReferralState
_LIVE = frozenset({S.SENT, S.ACCEPTED, S.DELIVERING, S.DELIVERED})


def _request_goes_on(referral: Referral) -> bool:
    return not referral.support_request.is_ended


def _is_not_the_leads(referral: Referral, act: Act) -> None:
    """The lead agency keeps its referral: without it, it would lead what it cannot see."""
    support_request = referral.support_request
    if referral.agency_id == support_request.lead_agency_id and not support_request.is_ended:
        sentence = gettext(
            "%(agency)s leads this request: its referral stays while the request goes on."
        )
        raise InvalidInput({"reason": [sentence % {"agency": referral.agency.name}]})


_LOCKED_REQUEST = KeptQuery(
    lambda pk: (
        SupportRequest._base_manager.select_for_update(no_key=True).filter(pk=pk).values_list("pk")
    ),
    is_planned_once=True,
)


def _lock_request(referral: Referral) -> Asked:
    # Everything about one case queues at the row of its request.
    return _LOCKED_REQUEST, {"pk": referral.support_request_id}


def _answer(referral: Referral, act: Act) -> Data:
    said = act.data.get("comment") or act.data.get("reason") or ""
    referral.answer = said
    referral.answered_at = timezone.now()
    return {"answer": said}


def _true_from_its_end(referral: Referral, answers: Data) -> dict[str, Any]:
    """What was delivered is true from the day on which it was done, not that of the report."""
    return {**answers, "effective_on": answers["ended_on"]}


def _started(referral: Referral, act: Act) -> Data:
    referral.started_on = act.data["start_on"]
    return dict(act.data)


def _report(referral: Referral, act: Act) -> Data:
    said = {name: act.data[name] for name in ("began_on", "ended_on", "outcome")}
    DeliveryReport.objects.create(referral=referral, **said)
    return said


def _delivered(referral: Referral, act: Act) -> Data:
    referral.outcome = act.data["outcome"]
    referral.delivered_on = act.data["ended_on"]
    return {"ended_on": referral.delivered_on, "outcome": referral.outcome}


def _send_document(referral: Referral, act: Act) -> Data:
    try:
        kept, is_new = attaching.bring_in(referral, act.data["file"], by=person_behind(act.actor))
    except ValidationError as unfit:
        raise InvalidInput({"file": unfit.messages}) from unfit
    if not is_new and (event := _sending_of(kept)):
        raise DoneBefore(event)
    return {"document": kept.pk, "name": kept.name}


def _sending_of(document: Attachment) -> Event | None:
    """The event of the agency's sending it, perhaps on an earlier referral of the request."""
    own = Referral.objects.filter(
        support_request=document.support_request_id, agency=document.agency_id
    )
    sent = Event.objects.filter(
        subject_type=Referral._meta.label_lower,
        subject_id__in=list(own.values_list("pk", flat=True)),
        kind="referrals.send_document",
        changes__document=document.pk,
    )
    return sent.first()


def _decline(referral: Referral, act: Act) -> Data:
    return {**_answer(referral, act), **_leave_conversations(referral)}


def _recall(referral: Referral, act: Act) -> Data:
    return {**act.data, **_leave_conversations(referral)}


def _remind(referral: Referral, act: Act) -> Data:
    referral.reminded_at = timezone.now()
    return {"answer_due_on": referral.answer_due_on}


def _prolong(referral: Referral, act: Act) -> Data:
    before, referral.answer_due_on = referral.answer_due_on, act.data["answer_due_on"]
    referral.reminded_at = None  # of the new day the agency is reminded again
    return {"answer_due_on": referral.answer_due_on, "was_due_on": before}


def _leave_conversations(referral: Referral) -> Data:
    left = posting.leave(referral.support_request, referral.agency)
    return {"left_conversations": left} if left else {}


TRANSITIONS = (
    Transition(
        action="accept",
        label=pgettext_lazy("a referral", "Accept"),
        done=pgettext_lazy("a referral", "Accepted by the agency"),
        sources=frozenset({S.SENT}),
        target=S.ACCEPTED,
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(agency_inputs.AGENCY_COMMENT,),
        change=_answer,
        tells=(notices.DESK,),
    ),
    Transition(
        action="decline",
        label=pgettext_lazy("a referral", "Decline"),
        done=pgettext_lazy("a referral", "Declined by the agency"),
        sources=frozenset({S.SENT, S.ACCEPTED}),
        target=S.DECLINED,
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(agency_inputs.AGENCY_REASON,),
        guard=_is_not_the_leads,
        change=_decline,
        tells=(notices.DESK,),
    ),
    Transition(
        action="start",
        label=pgettext_lazy("a referral", "Start delivery"),
        done=pgettext_lazy("a referral", "Delivery has begun"),
        sources=frozenset({S.ACCEPTED}),
        target=S.DELIVERING,
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(inputs.START_ON,),
        guard=delivery_days.starts_once_sent,
        change=_started,
        tells=(notices.DESK,),
    ),
    Transition(
        action="report",
        label=pgettext_lazy("a referral", "Report progress"),
        done=pgettext_lazy("a referral", "Progress reported by the agency"),
        sources=frozenset({S.DELIVERING}),
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(agency_inputs.DELIVERED_FROM, agency_inputs.DELIVERED_TO, agency_inputs.DELIVERED),
        prepare=_true_from_its_end,
        guard=delivery_days.reported_in_its_time,
        change=_report,
        tells=(notices.DESK,),
    ),
    Transition(
        action="deliver",
        label=pgettext_lazy("a referral", "Report delivery"),
        done=pgettext_lazy("a referral", "Delivered"),
        sources=frozenset({S.DELIVERING}),
        target=S.DELIVERED,
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(agency_inputs.DELIVERED_ON, agency_inputs.DELIVERED),
        prepare=_true_from_its_end,
        guard=delivery_days.delivered_in_its_time,
        change=_delivered,
        tells=(notices.DESK,),
    ),
    # Beside the referral: what an agency asks and brings in leaves it as it is.
    Transition(
        action="ask",
        label=pgettext_lazy("a referral", "Ask a question"),
        done=pgettext_lazy("a referral", "Question of the agency"),
        sources=_LIVE,
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(inputs.SUBJECT, agency_inputs.AGENCY_QUESTION),
        change=posting.ask_about,
        tells=(notices.DESK, notices.FOCAL_POINTS),
        alters=False,
    ),
    Transition(
        action="send_document",
        label=pgettext_lazy("a referral", "Send a document"),
        done=pgettext_lazy("a referral", "Document sent by the agency"),
        sources=_LIVE,
        when=_request_goes_on,
        who=REFERRED_AGENCY,
        inputs=(agency_inputs.AGENCY_DOCUMENT,),
        change=_send_document,
        tells=(notices.DESK,),
        alters=False,
    ),
    Transition(
        action="remind",
        label=_("Remind the agency"),
        done=_("Reminded by the Secretariat"),
        sources=frozenset({S.SENT}),
        when=_request_goes_on,
        who=OFFICER,
        change=_remind,
        tells=(notices.THIS_AGENCY,),
    ),
    Transition(
        action="prolong",
        label=_("Set another day for the answer"),
        done=_("Another day set for the answer"),
        sources=frozenset({S.SENT}),
        when=_request_goes_on,
        who=OFFICER,
        inputs=(inputs.NEW_DUE_ON,),
        change=_prolong,
        tells=(notices.THIS_AGENCY,),
    ),
    Transition(
        action="recall",
        label=pgettext_lazy("a referral", "Recall"),
        done=pgettext_lazy("a referral", "Recalled by the Secretariat"),
        sources=frozenset({S.SENT, S.ACCEPTED}),
        target=S.RECALLED,
        who=OFFICER,
        inputs=(inputs.WHY,),
        guard=_is_not_the_leads,
        change=_recall,
        tells=(notices.THIS_AGENCY,),
        warning=pgettext_lazy("a referral", "The agency no longer sees the request."),
    ),
)

REFERRALS = Table(
    name="referrals",
    model=Referral,
    transitions=TRANSITIONS,
    scope=Scope.REFERRALS_WRITE,
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_request,
    beside=(
        "agency",
        *(f"support_request__{name}" for name in ("party", "support", "lead_agency")),
    ),
    settle=settling.referral_settled,
    notify=notices.referral_moved,
)
