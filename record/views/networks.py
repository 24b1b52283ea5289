"""Wildlife Enforcement Networks: who belongs to them, how they see themselves, their meetings."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partners.models import Network, NetworkMembership
from record.models import Document, GlobalMeeting, NetworkAssessment, NetworkContact
from record.reading import its_page, kept_nowhere, one_to_read

GUIDELINES = "iccwc-guidelines-for-wildlife-enforcement-networks"  # in the library
_MEMBERSHIPS = Prefetch(
    "memberships", NetworkMembership.objects.select_related("party").order_by("party__name_en")
)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    networks = Network.objects.visible_to(request.user)
    context = {
        "networks": networks.prefetch_related(_MEMBERSHIPS),
        "assessments": NetworkAssessment.objects.visible_to(request.user)
        .filter(network__in=networks)
        .select_related("network"),
        "guidelines": _guidelines(request),
        "meetings": GlobalMeeting.objects.visible_to(request.user),
        "heads": NetworkAssessment.Head,
    }
    return render(request, "record/networks.html", context)


def _guidelines(request: HttpRequest) -> Any:
    return Document.objects.visible_to(request.user).filter(slug=GUIDELINES).first()


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """Focal points and findings for those entitled; for others the page has no trace of them."""
    visible = Network.objects.visible_to(request.user)
    network = get_object_or_404(visible.prefetch_related(_MEMBERSHIPS), slug=slug)
    found = list(NetworkAssessment.objects.inside(request.user).filter(network=network))
    contacts = list(NetworkContact.objects.visible_to(request.user).filter(network=network))
    context = {
        "network": network,
        "contacts": contacts,
        "assessments": found
        or NetworkAssessment.objects.visible_to(request.user).filter(network=network),
        "reads_findings": bool(found),
        "guidelines": _guidelines(request),
        "heads": NetworkAssessment.Head,
    }
    answer = render(request, "record/network.html", context)
    return kept_nowhere(answer) if contacts or found else answer


@require_safe
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_to_read(request, GlobalMeeting.objects.all(), slug)
    return its_page(request, "record/meeting.html", found)
