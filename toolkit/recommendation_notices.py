"""Who hears what about recommendations of an action plan, and in which words."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import owe
from partners.access import people, secretariat_desk
from partners.letters import Notice, Passages, letters
from partners.models import Role, User
from toolkit.models import Recommendation
from workflow.transitions import Act

COUNTRY = "the country"
DESK = "Secretariat desk"
LEAD_AGENCY = "lead agency"

NOTICES: dict[str, Notice] = {
    "accept": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s accepted"),
        lead=_("%(party)s accepts recommendation %(number)s of its action plan."),
    ),
    "refuse": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s not accepted"),
        lead=_("%(party)s does not accept recommendation %(number)s of its action plan."),
    ),
    "start": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s has begun"),
        lead=_("%(party)s has begun to carry out recommendation %(number)s of its action plan."),
    ),
    "report": Notice(
        subject=_("Action plan, %(party)s: progress with recommendation %(number)s"),
        lead=_("%(party)s reports progress with recommendation %(number)s of its action plan."),
    ),
    "finish": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s reported as done"),
        lead=_("%(party)s reports recommendation %(number)s of its action plan as done."),
        next=_("Please verify it, or send it back with a reason."),
    ),
    "verify": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s verified"),
        lead=_("That recommendation %(number)s of your action plan is carried out was verified."),
    ),
    "send_back": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s is not yet done"),
        lead=_("Recommendation %(number)s of your action plan was sent back: it is not yet done."),
    ),
    "move_due": Notice(
        subject=_("Action plan, %(party)s: new date for recommendation %(number)s"),
        lead=_("The date of recommendation %(number)s of the action plan of %(party)s is changed."),
    ),
}


def recommendation_moved(event: Event, recommendation: Recommendation, act: Act) -> None:
    implementation = recommendation.implementation
    readers: dict[int, User] = {}
    for audience in act.transition.tells:
        readers |= {person.pk: person for person in people_of(audience, recommendation)}
    written = letters(
        readers.values(),
        NOTICES[act.transition.action],
        path=page_of(recommendation),
        facts=lambda: {
            "party": implementation.party.name,
            "number": str(recommendation.number),
        },
        passages=lambda: _passages(recommendation, act),
    )
    owe(event, written)


def page_of(recommendation: Recommendation) -> str:
    """One page for everybody who may see it."""
    code = recommendation.implementation.party.code.lower()
    return reverse("country_recommendation", args=[code, recommendation.pk])


def people_of(audience: str, recommendation: Recommendation) -> list[User]:
    """The people of one audience, as they are now."""
    if audience == DESK:
        return secretariat_desk()
    if audience == LEAD_AGENCY:
        lead = recommendation.lead_agency_id
        return people(roles=[Role.OFFICER], agency_ids=[lead]) if lead else []
    party = recommendation.party_id
    told = people(roles=[Role.FOCAL_POINT], party_id=party)
    others = people(roles=[Role.CONTRIBUTOR, Role.VIEWER], party_id=party)
    reporter = recommendation.reported_by_id
    return told + [
        person
        for person in others
        if (person.wants_moves or person.pk == reporter) and person not in told
    ]


def _passages(recommendation: Recommendation, act: Act) -> Passages:
    passages = [(str(_("Recommendation")), recommendation.text)]
    for one in act.transition.inputs:
        said = act.data.get(one.name)
        if said:
            words = date_format(said, "DATE_FORMAT") if isinstance(said, date) else str(said)
            passages.append((str(one.label), words))
    return passages
