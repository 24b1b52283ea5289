"""What may happen to a support request. What is not in this table cannot happen."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.access import FOCAL_POINT, LEAD, LEAD_AGENCY, OFFICER, fresh, snapshot
from requests_app import notices
from requests_app.models import ENDED, RequestState, SupportRequest
from requests_app.workflow import inputs
from requests_app.workflow import request_changes as do
from workflow.transitions import Table, Transition

S = RequestState
_NOT_ENDED = frozenset(S) - ENDED
_IN_HAND = frozenset(
    {S.SUBMITTED, S.IN_REVIEW, S.REFERRED, S.AWAITING_FUNDS, S.ACCEPTED, S.UNDER_WAY}
)

TRANSITIONS = (
    Transition(
        action="submit",
        label=_("Submit"),
        done=_("Submitted"),
        sources=frozenset({S.DRAFT, S.RETURNED}),
        target=S.SUBMITTED,
        who=FOCAL_POINT,
        guard=do.answers_complete,
        change=do.submit,
        tells=(notices.FOCAL_POINTS, notices.DESK),
    ),
    Transition(
        action="take_up",
        label=_("Take up"),
        done=_("Taken up by the Secretariat"),
        sources=frozenset({S.SUBMITTED}),
        target=S.IN_REVIEW,
        who=OFFICER,
        inputs=(inputs.ASSIGNEE,),
        change=do.take_up,
        tells=(notices.FOCAL_POINTS,),
    ),
    Transition(
        action="return",
        label=_("Return for correction"),
        done=_("Returned for correction"),
        sources=frozenset({S.SUBMITTED, S.IN_REVIEW}),
        target=S.RETURNED,
        who=OFFICER,
        inputs=(inputs.TO_CORRECT,),
        change=do.return_,
        tells=(notices.FOCAL_POINTS,),
    ),
    Transition(
        action="refer",
        label=_("Refer to agencies"),
        done=_("Referred to agencies"),
        sources=frozenset({S.IN_REVIEW, S.REFERRED}),
        target=S.REFERRED,
        who=OFFICER,
        inputs=(inputs.AGENCIES, inputs.NOTE, inputs.ANSWER_DUE_ON),
        guard=do.not_referred_twice,
        change=do.refer,
        tells=(notices.NEWLY_REFERRED, notices.FOCAL_POINTS),
    ),
    Transition(
        action="advise",
        label=_("Advise on next steps"),
        done=_("Advised on next steps"),
        sources=frozenset({S.IN_REVIEW, S.REFERRED, S.ACCEPTED, S.AWAITING_FUNDS, S.UNDER_WAY}),
        who=OFFICER,
        inputs=(inputs.ADVICE,),
        change=do.keep_words,
        tells=(notices.FOCAL_POINTS,),
    ),
    Transition(
        action="accept",
        label=pgettext_lazy("a request", "Accept"),
        done=pgettext_lazy("a request", "Accepted"),
        sources=frozenset({S.IN_REVIEW, S.REFERRED}),
        target=do.accepted_or_awaiting_funds,
        targets=frozenset({S.ACCEPTED, S.AWAITING_FUNDS}),
        who=LEAD,
        inputs=(inputs.LEAD_AGENCY, inputs.DECISION, inputs.FUNDING_KNOWN),
        guard=do.lead_agency_can_see_it,
        change=do.accept,
        tells=(notices.FOCAL_POINTS, notices.AGENCIES),
    ),
    Transition(
        action="fund",
        label=_("Record funding"),
        done=_("Funding found"),
        sources=frozenset({S.AWAITING_FUNDS}),
        target=S.ACCEPTED,
        who=LEAD,
        inputs=(inputs.SOURCE_OF_FUNDS,),
        change=do.keep_words,
        tells=(notices.FOCAL_POINTS, notices.LEAD_AGENCY),
    ),
    Transition(
        action="decline",
        label=pgettext_lazy("a request", "Decline"),
        done=pgettext_lazy("a request", "Declined"),
        sources=frozenset({S.IN_REVIEW, S.REFERRED}),
        target=S.DECLINED,
        who=LEAD,
        inputs=(inputs.REASON_FROM_CATALOGUE, inputs.EXPLANATION),
        change=do.decline,
        tells=(notices.FOCAL_POINTS, notices.AGENCIES),
        warning=_("The country is told that its request is declined, with your reason."),
    ),
    Transition(
        action="redirect",
        label=_("Redirect to another channel"),
        done=_("Redirected to another channel"),
        sources=frozenset({S.IN_REVIEW, S.REFERRED}),
        target=S.REDIRECTED,
        who=OFFICER,
        inputs=(inputs.CHANNEL, inputs.EXPLANATION),
        change=do.keep_words,
        tells=(notices.FOCAL_POINTS,),
        warning=_("The request ends here and the country is told which channel to use."),
    ),
    Transition(
        action="start",
        label=pgettext_lazy("support", "Start"),
        done=pgettext_lazy("support", "Support has begun"),
        sources=frozenset({S.ACCEPTED}),
        target=S.UNDER_WAY,
        who=OFFICER | LEAD_AGENCY,
        inputs=(inputs.START_ON,),
        change=do.keep_words,
        tells=(notices.FOCAL_POINTS, notices.AGENCIES),
    ),
    Transition(
        action="complete",
        label=pgettext_lazy("support", "Complete"),
        done=pgettext_lazy("support", "Support is completed"),
        sources=frozenset({S.UNDER_WAY}),
        target=S.COMPLETED,
        who=OFFICER,
        inputs=(inputs.OUTCOME,),
        change=do.keep_words,
        tells=(notices.FOCAL_POINTS, notices.AGENCIES),
    ),
    Transition(
        action="withdraw",
        label=_("Withdraw the request"),
        done=_("Withdrawn by the country"),
        sources=_NOT_ENDED,
        target=S.WITHDRAWN,
        who=FOCAL_POINT,
        inputs=(inputs.WHY,),
        change=do.keep_words,
        tells=(notices.DESK, notices.AGENCIES),
        warning=_("Work on the request stops. Only the Secretariat can open it again."),
    ),
    Transition(
        action="reopen",
        label=_("Reopen"),
        done=_("Reopened"),
        sources=frozenset(ENDED),
        target=S.IN_REVIEW,
        when=lambda support_request: support_request.reference is not None,
        who=LEAD,
        inputs=(inputs.WHY,),
        change=do.reopen,
        tells=(notices.FOCAL_POINTS,),
    ),
    # Beside the table of design §5: a request for an incident team may send its letter later,
    # so there has to be a way to send it.
    Transition(
        action="send_letter",
        label=_("Send the signed letter"),
        done=_("Signed letter sent"),
        sources=_IN_HAND,
        when=do.letter_is_missing,
        who=FOCAL_POINT,
        inputs=(inputs.LETTER,),
        change=do.send_letter,
        tells=(notices.DESK,),
    ),
)

REQUESTS = Table(
    name="requests",
    model=SupportRequest,
    transitions=TRANSITIONS,
    snapshot=snapshot,
    fresh=fresh,
    notify=notices.request_moved,
)
