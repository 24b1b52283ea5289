"""Who hears what about a Toolkit cycle, and in which words. Of its steps: step_notices."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import Letter, owe
from partners.letters import Notice, Passages, letters
from partners.models import Role, User
from partners.recipients import people, secretariat_desk
from toolkit.models import Implementation, Readers
from workflow.transitions import Act

FOCAL_POINTS = "focal points"
LEAD_AGENCY = "lead agency"
DESK = "Secretariat desk"

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
    "open_document": Notice(
        subject=_("Toolkit, %(party)s: who may read a document"),
        lead=_("“%(document)s” may now be read by: %(readers)s."),
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
    "enter_plan": Notice(
        subject=_("Action plan, %(party)s: recommendations %(numbers)s"),
        lead=_(
            "The CITES Secretariat has entered recommendations %(numbers)s of your action plan."
        ),
        next=_("Please accept each of them, or say why you do not."),
    ),
}


_OPENED = Notice(
    subject=_("Toolkit, %(party)s: cycle %(number)s is opened"),
    lead=_(
        "The CITES Secretariat has opened cycle %(number)s of the Toolkit in %(party)s. The "
        "request is dated %(day)s."
    ),
    next=_("You can report each change of its steps in the portal."),
)


def cycle_opened(event: Event, implementation: Implementation) -> None:
    """Tell the country and the lead agency of a cycle that the Secretariat opened."""
    _at_the_desk, others = readers_of((FOCAL_POINTS, LEAD_AGENCY), implementation)

    def facts() -> dict[str, str]:
        return {
            "party": implementation.party.name,
            "number": str(implementation.cycle),
            "day": date_format(event.effective_on, "DATE_FORMAT"),
        }

    path = implementation.get_absolute_url()
    owe(event, letters(others, _OPENED, path=path, facts=facts, passages=list))


def implementation_moved(event: Event, implementation: Implementation, act: Act) -> None:
    notice = _IMPLEMENTATION_NOTICES[act.transition.action]

    def facts() -> dict[str, str]:
        lead = implementation.lead_agency
        return {
            "party": implementation.party.name,
            "agency": lead.name if lead else "–",
            **_document_in(event),
            "numbers": "–".join(str(one) for one in event.changes.get("recommendations", ())),
        }

    _tell(event, implementation, act, notice, facts)


def _document_in(event: Event) -> dict[str, str]:
    said = event.changes.get("document") or {"title": "", "readers": ""}
    readers = dict(Readers.choices).get(said["readers"], "")
    return {"document": said["title"], "readers": str(readers)}


def _tell(
    event: Event, implementation: Implementation, act: Act, notice: Notice, facts: Any
) -> None:
    written: list[Letter] = []
    at_the_desk, others = readers_of(act.transition.tells, implementation)
    for people_there, path in (
        (at_the_desk, desk_page(implementation)),
        (others, _page_about(act, implementation)),
    ):
        written += letters(
            people_there, notice, path=path, facts=facts, passages=lambda: passages_of(act)
        )
    owe(event, written)


def desk_page(implementation: Implementation) -> str:
    """The page on which the Secretariat works, which nobody else can open."""
    return reverse("admin:toolkit_implementation_change", args=[implementation.pk])


def readers_of(
    audiences: Iterable[str], implementation: Implementation
) -> tuple[list[User], list[User]]:
    """The people of the audiences, each once: those of the Secretariat's desk, and the others."""
    found = {audience: people_of(audience, implementation) for audience in audiences}
    at_the_desk = {person.pk: person for person in found.pop(DESK, [])}
    others = {person.pk: person for people_there in found.values() for person in people_there}
    return list(at_the_desk.values()), [
        person for pk, person in others.items() if pk not in at_the_desk
    ]


def _page_about(act: Act, implementation: Implementation) -> str:
    code = implementation.party.code.lower()
    if act.transition.action == "recommend":
        return reverse("country", args=[code])
    if act.transition.action == "enter_plan":
        return reverse("country_plan", args=[code, implementation.cycle])
    return implementation.get_absolute_url()


def people_of(audience: str, implementation: Implementation) -> list[User]:
    """The people of one audience, as they are now."""
    if audience == DESK:
        return secretariat_desk()
    if audience == FOCAL_POINTS:
        return people(roles=[Role.FOCAL_POINT], party_id=implementation.party_id)
    lead = implementation.lead_agency_id
    return people(roles=[Role.OFFICER], agency_ids=[lead]) if lead else []


def passages_of(act: Act) -> Passages:
    """What was written beside the action, to be quoted."""
    words = {one.name: one for one in act.transition.inputs}
    return [
        (str(words[name].label), str(act.data[name]))
        for name in ("note", "reason", "remark", "despite", "source", "text", "title")
        if words.get(name) and act.data.get(name)
    ]
