"""The first lines of a request's page: where it is, who has it, what to do, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import standing
from requests_app.models import (
    Attachment,
    Referral,
    ReferralState,
    RequestState,
    SupportRequest,
    Thread,
)
from requests_app.models.states import ENDED
from requests_app.notices import is_told_of_moves
from workflow.transitions import Transition

S = RequestState

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
class Task:
    """One thing for the reader to do, and the address where it is done."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Whereabouts:
    """`to_do` holds the tasks, the most pressing first; `by_when` is a sentence."""

    place: str
    holder: str
    tasks: tuple[Task, ...]
    by_when: str
    due: date | None = None

    @property
    def to_do(self) -> str:
        return self.tasks[0].words


def whereabouts(
    support_request: SupportRequest,
    actor: Any,
    referrals: Sequence[Referral],
    actions: Sequence[Transition],
    *,
    questions: Sequence[Thread] = (),
    refused: Sequence[Attachment] = (),
) -> Whereabouts:
    """For one reader: `referrals` and `actions` are those that the reader may see and do,
    `questions` the conversations in which the clock stands still, `refused` the files that a
    virus scanner refused."""
    unanswered = [one for one in referrals if one.state == ReferralState.SENT]
    waiting = [] if support_request.is_ended else unanswered
    asked = [] if support_request.is_ended else list(questions)
    # While the clock stands still, no day is the day that was set.
    due = None if asked else min((one.answer_due_on for one in waiting), default=None)
    return Whereabouts(
        place=_place(support_request, waiting, asked),
        holder=_holder(support_request, waiting, asked),
        tasks=tuple(_tasks(support_request, actor, actions, waiting, asked, refused)),
        by_when=_by_when(due, asked),
        due=due,
    )


def _place(
    support_request: SupportRequest, waiting: Sequence[Referral], asked: Sequence[Thread]
) -> str:
    if asked:
        return _("With the country, which has been asked a question. The clock stands still.")
    if support_request.state == S.WITHDRAWN and support_request.reference is None:
        return _("Ended: the draft was discarded. It was never sent.")
    if support_request.state == S.SUBMITTED and support_request.assignee_id:
        return _("At the CITES Secretariat. An officer will look at it.")
    if support_request.state == S.REFERRED and not waiting:
        return _("At the CITES Secretariat, which decides what comes next.")
    return str(PLACE[RequestState(support_request.state)])


def _by_when(due: date | None, asked: Sequence[Thread]) -> str:
    if asked:
        return _("No date is set. The clock stands still until the country answers.")
    if due:
        day = date_format(due, "DATE_FORMAT")
        return _("The answers of agencies are due on %(day)s.") % {"day": day}
    return _("No date is set.")


def _holder(
    support_request: SupportRequest, waiting: Sequence[Referral], asked: Sequence[Thread]
) -> str:
    """Who has to move next, as requests_app.settling stores it. An agency, which does not learn
    who else was asked, reads it from its own referral."""
    state = support_request.state
    if asked or state in {S.DRAFT, S.RETURNED}:
        return support_request.party.name
    if state in ENDED:
        return _("Nobody: it has ended.")
    if state == S.REFERRED and waiting:
        return ", ".join(one.agency.name for one in waiting)
    if state in {S.ACCEPTED, S.UNDER_WAY} and support_request.lead_agency:
        return _("%(agency)s, as lead agency") % {"agency": support_request.lead_agency.name}
    if support_request.assignee:
        return _("%(officer)s, for the CITES Secretariat") % {
            "officer": support_request.assignee.name
        }
    return _("CITES Secretariat")


def _tasks(
    support_request: SupportRequest,
    actor: Any,
    actions: Sequence[Transition],
    waiting: Sequence[Referral],
    asked: Sequence[Thread],
    refused: Sequence[Attachment],
) -> list[Task]:
    possible = {one.action for one in actions}
    if support_request.party_id in standing(actor).all_parties:
        return _for_the_party(support_request, actor, possible, asked, refused)
    for referral in waiting:
        if referral.agency_id in standing(actor).all_agencies:
            words = _("Accept or decline the referral to your agency.")
            return [Task(words, referral.get_absolute_url())]
    steps = [str(one.label) for one in actions if not one.is_internal]
    if standing(actor).sees_all and steps:
        return [Task(", ".join(steps))]
    return [Task(_nothing())]


def _nothing() -> str:
    return _("Nothing for now.")


def _for_the_party(
    support_request: SupportRequest,
    actor: Any,
    possible: set[str],
    asked: Sequence[Thread],
    refused: Sequence[Attachment],
) -> list[Task]:
    tasks = [
        Task(
            _("Answer the question “%(subject)s”.") % {"subject": thread.subject},
            thread.get_absolute_url(),
        )
        for thread in asked
    ]
    if support_request.can_be_edited:
        tasks.append(_writing(support_request, possible))
    if "send_letter" in possible:
        tasks.append(Task(_("Send the signed letter."), _action(support_request, "send_letter")))
    tasks += [
        Task(
            _("Send the file “%(name)s” again: the virus scanner refused it.")
            % {"name": attachment.name}
        )
        for attachment in refused
        if not support_request.is_ended
    ]
    if support_request.is_ended:
        return [*tasks, *_after_the_end(support_request)]
    if tasks:
        return tasks
    if is_told_of_moves(actor, support_request):
        return [Task(f"{_nothing()} {told_by_mail()}")]
    return [Task(_nothing())]


def told_by_mail() -> str:
    """What those are told who are told: see requests_app.notices. Answers of agencies are not."""
    return _("You are told by e-mail when the Secretariat takes a step or asks a question.")


def _after_the_end(support_request: SupportRequest) -> list[Task]:
    """What is left to do for the country: it can be reopened, unless nobody ever saw it."""
    if support_request.reference is None:
        return [Task(_("Nothing: it was never sent."))]
    tasks = []
    if support_request.state == S.REDIRECTED:
        tasks.append(Task(_("Use the channel that is named above."), "#ending"))
    words = _("If the situation changes, write to the CITES Secretariat: it can reopen a request.")
    return [*tasks, Task(words, reverse("contact"))]


def _writing(support_request: SupportRequest, possible: set[str]) -> Task:
    edit = reverse("requests:edit", args=[support_request.handle])
    if support_request.state == S.DRAFT:
        if "submit" in possible:
            return Task(_("Complete it and submit it."), edit)
        return Task(_("Complete it; a focal point of your country submits it."), edit)
    if "submit" in possible:
        return Task(_("Correct it and submit it again."), edit)
    return Task(_("Correct it; a focal point of your country submits it again."), edit)


def _action(support_request: SupportRequest, action: str) -> str:
    return reverse("requests:action", args=[support_request.handle, action])
