"""Who hears what about recommendations of an action plan, and in which words."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import owe
from partners.letters import Notice, Passages, letters
from partners.models import Role, User
from partners.recipients import people, secretariat_desk
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
    "reconsider": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s is taken up again"),
        lead=_(
            "Recommendation %(number)s of the action plan of %(party)s was not accepted, and is "
            "proposed again."
        ),
    ),
    "revise": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s is revised"),
        lead=_(
            "The CITES Secretariat has revised recommendation %(number)s of the action plan of "
            "%(party)s. Its state: %(state)s."
        ),
    ),
    "supersede": Notice(
        subject=_("Action plan, %(party)s: recommendation %(number)s is superseded"),
        lead=_(
            "Another recommendation takes the place of recommendation %(number)s of the action "
            "plan of %(party)s."
        ),
    ),
    "note": Notice(
        subject=_("Action plan, %(party)s: a note on recommendation %(number)s"),
        lead=_("There is a new note on recommendation %(number)s of the action plan of %(party)s."),
    ),
}


def recommendation_moved(event: Event, recommendation: Recommendation, act: Act) -> None:
    if not act.transition.tells:
        return
    implementation = recommendation.implementation
    readers: dict[int, User] = {}
    for audience in act.transition.tells:
        readers |= {person.pk: person for person in people_of(audience, recommendation)}
    written = letters(
        readers.values(),
        NOTICES[act.transition.action],
        path=recommendation.get_absolute_url(),
        facts=lambda: {
            "party": implementation.party.name,
            "number": str(recommendation.number),
            "state": str(recommendation.get_state_display()),
        },
        passages=lambda: _passages(event, recommendation, act),
    )
    owe(event, written)


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


# Quoted as they were typed. What was revised stands in the history, old beside new.
_QUOTED = ("note", "outcome", "evidence", "reason")


def _passages(event: Event, recommendation: Recommendation, act: Act) -> Passages:
    passages = [(str(_("Recommendation")), recommendation.text)]
    labels = {one.name: str(one.label) for one in act.transition.inputs}
    if act.data.get("due_on"):
        passages.append((labels["due_on"], date_format(act.data["due_on"], "DATE_FORMAT")))
    if act.data.get("by"):
        successor = act.data["by"]
        passages.append((str(_("Superseded by")), f"{successor.number}. {successor.text}"))
    passages += [(labels[name], act.data[name]) for name in _QUOTED if act.data.get(name)]
    if "document" in event.changes:
        passages.append((str(_("Document")), event.changes["document"]["title"]))
    return passages
