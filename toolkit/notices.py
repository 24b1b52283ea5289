"""Who hears what about the Toolkit, and in which words."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import Letter, owe
from partners.access import people, secretariat_desk
from partners.letters import Notice, Passages, letters
from partners.models import Role, User
from toolkit.models import Implementation, StepStatus
from workflow.transitions import Act

FOCAL_POINTS = "focal points"
LEAD_AGENCY = "lead agency"
DESK = "Secretariat desk"

_STEP_NOTICES = {
    "propose": Notice(
        subject=_("Toolkit, %(party)s: a move of step %(number)s waits for confirmation"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(proposed)s."),
        next=_("The Secretariat or the lead agency confirms it; never who proposed it."),
    ),
    "propose_correction": Notice(
        subject=_("Toolkit, %(party)s: a correction of step %(number)s waits for confirmation"),
        lead=_(
            "Step %(number)s of the Toolkit, “%(step)s”, in %(party)s should read: %(proposed)s."
        ),
        next=_("The Secretariat or the lead agency confirms it; never who proposed it."),
    ),
    "confirm": Notice(
        subject=_("Toolkit, %(party)s: step %(number)s is now: %(state)s"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(state)s (%(when)s)."),
    ),
    "refuse": Notice(
        subject=_("Toolkit, %(party)s: the move of step %(number)s is not confirmed"),
        lead=_("What was proposed for step %(number)s of the Toolkit, “%(step)s”, stays open."),
    ),
    "take_back": Notice(
        subject=_("Toolkit, %(party)s: the proposal for step %(number)s is taken back"),
        lead=_("What was proposed for step %(number)s of the Toolkit, “%(step)s”, is taken back."),
    ),
    "plan": Notice(
        subject=_("Toolkit, %(party)s: who and when for step %(number)s"),
        lead=_("For step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(plan)s."),
    ),
    "note": Notice(
        subject=_("Toolkit, %(party)s: a note on step %(number)s"),
        lead=_("There is a new note on step %(number)s of the Toolkit, “%(step)s”."),
    ),
    "attach": Notice(
        subject=_("Toolkit, %(party)s: a document for step %(number)s"),
        lead=_("There is a new document for step %(number)s of the Toolkit, “%(step)s”."),
    ),
}
_PUBLISHED = Notice(
    subject=_("Toolkit, %(party)s: made public"),
    lead=_("The Toolkit steps of %(party)s and their dates are now public."),
)
_IMPLEMENTATION_NOTICES = {
    "publish": _PUBLISHED,
    "record_consent": _PUBLISHED,
    "withdraw_consent": Notice(
        subject=_("Toolkit, %(party)s: no longer public"),
        lead=_("The consent to show the Toolkit steps of %(party)s in public is withdrawn."),
    ),
    "give_lead": Notice(
        subject=_("Toolkit, %(party)s: lead agency"),
        lead=_("%(agency)s now leads the Toolkit implementation in %(party)s."),
    ),
    "recommend": Notice(
        subject=_("Action plan, %(party)s: new recommendation"),
        lead=_("The CITES Secretariat has entered a recommendation of your action plan."),
        next=_("Please accept it, or say why you do not."),
    ),
}


def step_moved(event: Event, step: StepStatus, act: Act) -> None:
    notice = _STEP_NOTICES[act.transition.action]
    _tell(event, step.implementation, act, notice, lambda: _facts_of(step))


def _facts_of(step: StepStatus) -> dict[str, str]:
    waiting = step.waiting
    proposed = f"{waiting.get_state_display()}, {waiting.when_in_words}" if waiting else ""
    planned = [
        step.agency.name if step.agency else "",
        step.national_lead,
        _("expected on %(day)s") % {"day": date_format(step.expected_on, "DATE_FORMAT")}
        if step.expected_on
        else "",
    ]
    return {
        "party": step.implementation.party.name,
        "number": str(step.number),
        "step": str(step.get_step_display()),
        "state": str(step.get_state_display()),
        "when": step.when_in_words or "–",
        "proposed": proposed,
        "plan": "; ".join(str(one) for one in planned if one) or "–",
    }


def implementation_moved(event: Event, implementation: Implementation, act: Act) -> None:
    notice = _IMPLEMENTATION_NOTICES[act.transition.action]

    def facts() -> dict[str, str]:
        lead = implementation.lead_agency
        return {"party": implementation.party.name, "agency": lead.name if lead else "–"}

    _tell(event, implementation, act, notice, facts)


def _tell(
    event: Event, implementation: Implementation, act: Act, notice: Notice, facts: Any
) -> None:
    readers: dict[int, User] = {}
    for audience in act.transition.tells:
        readers |= {person.pk: person for person in people_of(audience, implementation)}
    written: list[Letter] = letters(
        readers.values(),
        notice,
        path=_page_about(act, implementation),
        facts=facts,
        passages=lambda: _passages(act),
    )
    owe(event, written)


def _page_about(act: Act, implementation: Implementation) -> str:
    if act.transition.action == "recommend":
        return reverse("country", args=[implementation.party.code.lower()])
    return implementation.get_absolute_url()


def people_of(audience: str, implementation: Implementation) -> list[User]:
    """The people of one audience, as they are now."""
    if audience == DESK:
        return secretariat_desk()
    if audience == FOCAL_POINTS:
        return people(roles=[Role.FOCAL_POINT], party_id=implementation.party_id)
    lead = implementation.lead_agency_id
    return people(roles=[Role.OFFICER], agency_ids=[lead]) if lead else []


def _passages(act: Act) -> Passages:
    words = {one.name: one for one in act.transition.inputs}
    return [
        (str(words[name].label), str(act.data[name]))
        for name in ("note", "reason", "remark", "despite", "source", "text", "title")
        if words.get(name) and act.data.get(name)
    ]
