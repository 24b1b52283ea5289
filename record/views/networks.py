"""Wildlife Enforcement Networks: who belongs to them, how they see themselves, their meetings."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partners.access import standing
from partners.models import Network, NetworkMembership
from record.models import GlobalMeeting, NetworkAssessment, NetworkContact
from record.reading import one_to_read

_MEMBERSHIPS = Prefetch(
    "memberships", NetworkMembership.objects.select_related("party").order_by("party__name_en")
)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    networks = Network.objects.visible_to(request.user).prefetch_related(_MEMBERSHIPS)
    context = {
        "networks": networks,
        "meetings": GlobalMeeting.objects.visible_to(request.user),
        "heads": NetworkAssessment.Head,
    }
    return render(request, "record/networks.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Network.objects.visible_to(request.user)
    network = get_object_or_404(visible.prefetch_related(_MEMBERSHIPS, "assessments"), slug=slug)
    contacts = NetworkContact.objects.visible_to(request.user).filter(network=network)
    context = {
        "network": network,
        "contacts": contacts,
        "reads_findings": _reads_findings(request, network),
        "heads": NetworkAssessment.Head,
    }
    return render(request, "record/network.html", context)


def _reads_findings(request: HttpRequest, network: Network) -> bool:
    """What a network says of its own weaknesses is for its members and the Secretariat."""
    me = standing(request.user)
    members = {one.party_id for one in network.memberships.all()}
    return me.sees_all or bool(members & me.all_parties)


@require_safe
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_to_read(request, GlobalMeeting.objects.all(), slug)
    return render(request, "record/meeting.html", {"record": found})
