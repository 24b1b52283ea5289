"""The first lines of a request's page: where it is, who has it, what to do, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import standing
from requests_app.models import Referral, ReferralState, RequestState, SupportRequest
from requests_app.models.states import ENDED
from workflow.transitions import Transition

S = RequestState
_OPEN = {ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DELIVERING}

PLACE = {
    S.DRAFT: gettext_lazy("Not sent yet. Only your own country can read it."),
    S.SUBMITTED: gettext_lazy("At the CITES Secretariat, waiting for an officer to take it up."),
    S.IN_REVIEW: gettext_lazy("At the CITES Secretariat, being looked at."),
    S.RETURNED: gettext_lazy("Back with the country, for correction."),
    S.REFERRED: gettext_lazy("With partner agencies, for their answers."),
    S.AWAITING_FUNDS: gettext_lazy("Accepted. It waits for funds."),
    S.ACCEPTED: gettext_lazy("Accepted. The support is being prepared."),
    S.UNDER_WAY: gettext_lazy("The support is under way."),
    S.COMPLETED: gettext_lazy("Ended: the support is completed."),
    S.DECLINED: gettext_lazy("Ended: the request was declined."),
    S.REDIRECTED: gettext_lazy("Ended: another channel serves it better."),
    S.WITHDRAWN: gettext_lazy("Ended: the country withdrew it."),
}


@dataclass(frozen=True)
class Whereabouts:
    place: str
    holder: str
    to_do: str
    due: date | None = None


def whereabouts(
    support_request: SupportRequest,
    actor: Any,
    referrals: Sequence[Referral],
    actions: Sequence[Transition],
) -> Whereabouts:
    """For one reader; `referrals` and `actions` are those that the reader may see and do."""
    waiting = [one for one in referrals if one.state == ReferralState.SENT]
    return Whereabouts(
        place=str(PLACE[RequestState(support_request.state)]),
        holder=_holder(support_request, referrals),
        to_do=_to_do(support_request, actor, actions, waiting),
        due=min((one.answer_due_on for one in waiting), default=None),
    )


def _holder(support_request: SupportRequest, referrals: Sequence[Referral]) -> str:
    state = support_request.state
    if state in {S.DRAFT, S.RETURNED}:
        return support_request.party.name
    if state in ENDED:
        return _("Nobody: it has ended.")
    if state == S.REFERRED:
        names = ", ".join(one.agency.name for one in referrals if one.state in _OPEN)
        return names or _("CITES Secretariat")
    if support_request.lead_agency:
        return _("%(agency)s, as lead agency") % {"agency": support_request.lead_agency.name}
    if support_request.assignee:
        return _("%(officer)s, for the CITES Secretariat") % {
            "officer": support_request.assignee.name
        }
    return _("CITES Secretariat")


def _to_do(
    support_request: SupportRequest,
    actor: Any,
    actions: Sequence[Transition],
    waiting: Sequence[Referral],
) -> str:
    possible = {one.action for one in actions}
    if support_request.party_id in standing(actor).all_parties:
        return _for_the_party(support_request, possible)
    if any(one.agency_id in standing(actor).all_agencies for one in waiting):
        return _("Accept or decline the referral to your agency.")
    if standing(actor).sees_all and actions:
        return ", ".join(str(one.label) for one in actions)
    return _("Nothing for now.")


def _for_the_party(support_request: SupportRequest, possible: set[str]) -> str:
    if support_request.state == S.DRAFT:
        if "submit" in possible:
            return _("Complete it and submit it.")
        return _("Complete it; a focal point of your country submits it.")
    if support_request.state == S.RETURNED:
        if "submit" in possible:
            return _("Correct it and submit it again.")
        return _("Correct it; a focal point of your country submits it again.")
    if "send_letter" in possible:
        return _("Send the signed letter.")
    if support_request.state == S.REDIRECTED:
        return _("Use the channel that is named below.")
    return _("Nothing for now. You are told of every move by e-mail.")
