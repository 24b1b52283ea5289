"""Who will be told of an action, said before it is done.

The same readers as in requests_app.notices; where they depend on what is chosen in the form,
each choice is shown with its people.
"""

from collections.abc import Collection

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import people
from partners.desk import Told, Words
from partners.models import Agency, Mandate, Role, User
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


def told_of_request(support_request: SupportRequest, transition: Transition) -> list[Told]:
    """For each audience of the transition its people as they are now."""
    act = Act(transition, None, {"agencies": []}, support_request.state)
    told = []
    for audience in transition.tells:
        found = notices.people_of(audience, support_request, act) if audience in _HEADINGS else []
        if found or audience in _NEEDED:
            told.append(Told(_HEADINGS[audience], found))
    if notices.NEWLY_REFERRED in transition.tells or transition.action == "accept":
        told += _if_chosen(support_request, transition)
    return told


# Nobody there to be told: worth a warning before it is done.
_NEEDED = {notices.FOCAL_POINTS, notices.LEAD_AGENCY}


def _if_chosen(support_request: SupportRequest, transition: Transition) -> list[Told]:
    """Agencies that are told only if the form names them, with their officers."""
    working = support_request.referrals.exclude(state__in=["recalled", "declined"])
    officers = officers_by_agency(excluding=working.values_list("agency_id", flat=True))
    return [
        Told(_("If you choose %(agency)s") % {"agency": agency.name}, found)
        for agency, found in officers.items()
    ]


def officers_by_agency(excluding: Collection[int]) -> dict[Agency, list[User]]:
    """Every partner agency with its officers, in two queries."""
    mandates = Mandate.objects.in_force().filter(role=Role.OFFICER).select_related("user")
    by_agency: dict[int | None, list[User]] = {}
    for mandate in mandates.filter(agency__is_coordinator=False):
        by_agency.setdefault(mandate.agency_id, []).append(mandate.user)
    agencies = Agency.objects.partners().exclude(pk__in=excluding)
    return {agency: by_agency.get(agency.pk, []) for agency in agencies}


def told_of_referral(referral: Referral, transition: Transition) -> list[Told]:
    """The Secretariat moves a referral by recalling it alone: its agency hears of that."""
    officers = people(roles=[Role.OFFICER], agency_ids=[referral.agency_id])
    heading = format_lazy("{}: {}", _HEADINGS[notices.THIS_AGENCY], referral.agency.name)
    return [Told(heading, officers)]
