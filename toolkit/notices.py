"""Who hears what about the Toolkit, and in which words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from history.models import Event
from history.precision import in_words
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
    "start": Notice(
        subject=_("Toolkit, %(party)s: step %(number)s has begun"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, has begun in %(party)s (%(when)s)."),
    ),
    "complete": Notice(
        subject=_("Toolkit, %(party)s: step %(number)s is done"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, is done in %(party)s (%(when)s)."),
    ),
    "not_applicable": Notice(
        subject=_("Toolkit, %(party)s: step %(number)s does not apply"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, does not apply in %(party)s."),
    ),
    "correct": Notice(
        subject=_("Toolkit, %(party)s: step %(number)s has been corrected"),
        lead=_("The record of step %(number)s of the Toolkit, “%(step)s”, has been corrected."),
    ),
}
_PUBLISHED = Notice(
    subject=_("Toolkit, %(party)s: made public"),
    lead=_("The Toolkit steps of %(party)s and their dates are now public."),
)


_IMPLEMENTATION_NOTICES = {
    "publish": _PUBLISHED,
    "recommend": Notice(
        subject=_("Action plan, %(party)s: new recommendation"),
        lead=_("The CITES Secretariat has entered a recommendation of your action plan."),
        next=_("Please accept it, or say why you do not."),
    ),
}


def step_moved(event: Event, step: StepStatus, act: Act) -> None:
    def facts() -> dict[str, str]:
        return {
            "party": step.implementation.party.name,
            "number": str(step.number),
            "step": str(step.get_step_display()),
            "when": in_words(step.effective_on, step.precision) if step.effective_on else "",
        }

    notice = _STEP_NOTICES[act.transition.action]
    _tell(event, step.implementation, act, notice, facts)


def implementation_moved(event: Event, implementation: Implementation, act: Act) -> None:
    notice = _IMPLEMENTATION_NOTICES[act.transition.action]
    _tell(event, implementation, act, notice, lambda: {"party": implementation.party.name})


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
        for name in ("note", "reason", "source", "text")
        if act.data.get(name)
    ]
