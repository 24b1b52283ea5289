"""Who will be told of an action, said before it is done.

The same readers as in requests_app.notices; where they depend on what is chosen in the form,
each choice is shown with its people.
"""

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.acting import Told
from partners.desk import Words
from partners.models import Agency, Mandate, Role
from partners.recipients import people
from requests_app import notices
from requests_app.models import Referral, SupportRequest
from workflow.transitions import Act, Transition

_HEADINGS: dict[str, Words] = {
    notices.FOCAL_POINTS: gettext_lazy("Focal points of the Party"),
    notices.DESK: gettext_lazy("The Secretariat’s desk"),
    notices.AGENCIES: gettext_lazy("Agencies that work on the request"),
    notices.LEAD_AGENCY: gettext_lazy("The lead agency"),
    notices.THIS_AGENCY: gettext_lazy("The agency"),
}

_CHOSEN: dict[str, Words] = {
    notices.ASSIGNEE: gettext_lazy("The officer, if it is not you"),
    notices.MENTIONED: gettext_lazy("Those you mention"),
}


def told_of_request(support_request: SupportRequest, transition: Transition) -> list[Told]:
    """For each audience of the transition its people as they are now."""
    act = Act(transition, None, {"agencies": []}, support_request.state)
    told = []
    for audience in transition.tells:
        found = notices.people_of(audience, support_request, act) if audience in _HEADINGS else []
        if found or audience in _NEEDED:
            told.append(Told(_HEADINGS[audience], found))
    told += [
        Told(words, None) for audience, words in _CHOSEN.items() if audience in transition.tells
    ]
    if notices.NEWLY_REFERRED in transition.tells:
        working = support_request.referrals.live()
        told += _if_chosen(Agency.objects.partners().exclude(pk__in=working.values("agency_id")))
    if transition.action == "accept":
        # Every other lead agency has a referral and is told already.
        told += _if_chosen(Agency.objects.filter(is_coordinator=True))
    return told


# Nobody there to be told: worth a warning before it is done.
_NEEDED = {notices.FOCAL_POINTS, notices.LEAD_AGENCY}


def _if_chosen(agencies: "QuerySet[Agency]") -> list[Told]:
    """Agencies that are told only if the form names them, with their officers: two queries."""
    found = list(agencies)
    mandates = Mandate.objects.in_force().filter(role=Role.OFFICER, agency__in=found)
    officers = list(mandates.select_related("user").order_by("user_id"))
    return [
        Told(
            _("If you choose %(agency)s") % {"agency": agency.name},
            [mandate.user for mandate in officers if mandate.agency_id == agency.pk],
        )
        for agency in found
    ]


def told_of_referral(referral: Referral, transition: Transition) -> list[Told]:
    """What the Secretariat does with a referral its agency hears of."""
    officers = people(roles=[Role.OFFICER], agency_ids=[referral.agency_id])
    heading = format_lazy("{}: {}", _HEADINGS[notices.THIS_AGENCY], referral.agency.name)
    return [Told(heading, officers)]
