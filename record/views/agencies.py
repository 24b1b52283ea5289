"""One page for each agency, and their network of offices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partners.models import Agency, Office
from partners.spreadsheets import in_lines
from record import network_map
from record.activities_page import numbers
from record.models import Activity

NEWEST = 10  # activities on the page of an agency; the link leads to all of them


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    visible = Agency.objects.visible_to(request.user).prefetch_related("figures", "offices__party")
    agency = get_object_or_404(visible, code__iexact=code)
    activities = Activity.objects.visible_to(request.user).filter(agencies=agency)
    counted = numbers(activities)
    context = {"agency": agency, "activities": activities[:NEWEST], "numbers": counted}
    return render(request, "record/agency.html", context)


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """Offices and hubs, and the figures that say how far each agency reaches."""
    agencies = list(Agency.objects.visible_to(request.user).prefetch_related("figures"))
    offices = _offices(request)
    context = {
        "agencies": agencies,
        "offices": offices,
        "world": network_map.drawn(agencies, offices),
    }
    return render(request, "record/network_of_offices.html", context)


@require_safe
def network_csv(request: HttpRequest) -> HttpResponse:
    head = ["agency", "kind", "place", "party", "latitude", "longitude", "source"]
    lines = [
        [
            one.agency.code, one.kind, one.place, one.party.code if one.party else "",
            one.latitude, one.longitude, one.source,
        ]
        for one in _offices(request)
    ]  # fmt: skip
    response = HttpResponse(in_lines([head, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="offices.csv"'
    return response


def _offices(request: HttpRequest) -> list[Office]:
    visible = Agency.objects.visible_to(request.user)
    rows = Office.objects.filter(agency__in=visible).select_related("agency", "party")
    return list(rows.order_by("agency__name_en", "kind", "place"))
