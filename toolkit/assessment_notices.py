"""Who hears what about assessments, and in which words. No mail holds an answer or a contact."""

from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import owe
from partners.letters import Notice, letters
from partners.models import Role, User
from partners.recipients import people, secretariat_desk
from toolkit import assessing
from toolkit.models import Assessment
from workflow.transitions import Act

DESK = "Secretariat desk"
LEAD_AGENCY = "lead agency"

NOTICES: dict[str, Notice] = {
    "submit": Notice(
        subject=_("Assessment, %(party)s: submitted"),
        lead=_("%(party)s has submitted an assessment: %(instrument)s, %(when)s."),
        next=_("It is confidential: the country, the Secretariat and the lead agency read it."),
    ),
    "disclose": Notice(
        subject=_("Assessment, %(party)s: its date is public"),
        lead=_("%(party)s has made public that it carried out: %(instrument)s, %(when)s."),
        next=_("The answers stay confidential."),
    ),
    "undisclose": Notice(
        subject=_("Assessment, %(party)s: its date is confidential again"),
        lead=_(
            "%(party)s no longer shows in public that it carried out: %(instrument)s, %(when)s."
        ),
    ),
}


def assessment_moved(event: Event, assessment: Assessment, act: Act) -> None:
    readers: dict[int, User] = {}
    for audience in act.transition.tells:
        readers |= {person.pk: person for person in people_of(audience, assessment)}
    if not readers:
        return
    written = letters(
        readers.values(),
        NOTICES[act.transition.action],
        path=assessing.page_of(assessment),
        facts=lambda: {
            "party": assessment.party.name,
            "instrument": str(assessment.get_instrument_display()),
            "when": assessment.when_in_words,
        },
        passages=list,
    )
    owe(event, written)


def people_of(audience: str, assessment: Assessment) -> list[User]:
    """The people of one audience, as they are now."""
    if audience == DESK:
        return secretariat_desk()
    lead = assessment.lead_agency_id
    return people(roles=[Role.OFFICER], agency_ids=[lead]) if lead else []
