"""Take up, or assign to me, in one click: from the list or from the page of a request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from partners.desk import id_in
from requests_app.models import RequestState, SupportRequest
from requests_app.workflow import REQUESTS
from workflow.errors import InvalidInput, NotAllowedNow, Refused, StaleVersion
from workflow.executor import perform


def action_to_take(support_request: SupportRequest) -> str:
    """Who takes a new request takes it up; any other changes hands."""
    return "take_up" if support_request.state == RequestState.SUBMITTED else "assign"


def take_in_words(support_request: SupportRequest) -> tuple[str, str]:
    """What the button does besides, and its name: who takes up a request writes to the country."""
    if action_to_take(support_request) == "take_up":
        return _("The country is told by e-mail."), _("Assign to me and take up")
    return "", _("Assign to me")


def may_take(actor: Any, support_request: SupportRequest) -> bool:
    """Asked of one row of the table, so that a list asks the database nothing."""
    transition = REQUESTS.by_action[action_to_take(support_request)]
    return transition.who(actor, support_request) and transition.is_open(support_request)


def take(request: HttpRequest, support_request: SupportRequest) -> None:
    """Do it, and say what came of it: of two officers the later one is told who has it."""
    action = action_to_take(support_request)
    version = id_in(request.POST.get("version", ""))
    names = {"reference": support_request.reference}
    try:
        perform(
            action,
            support_request,
            by=request.user,
            data={"assignee": request.user},
            version=-1 if version is None else version,
        )
    except Refused as refusal:
        support_request.refresh_from_db()
        messages.warning(request, f"{names['reference']}: {_why(refusal, support_request)}")
        return
    messages.success(request, _("%(reference)s is in your hands now.") % names)


def _why(refusal: Refused, support_request: SupportRequest) -> str:
    officer = support_request.assignee
    overtaken = isinstance(refusal, StaleVersion | NotAllowedNow | InvalidInput)
    if officer and overtaken:
        return _("%(officer)s has it in hand already.") % {"officer": officer.name}
    return refusal.in_one
