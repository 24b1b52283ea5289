"""The support that ICCWC has given, gives and plans."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from record import activities_map
from record.activities_page import SHEETS, ActivityQuestion, numbers, sheet_of
from record.models import Activity, ActivityPlace
from record.paging import page_of
from record.reading import its_page, one_to_read
from requests_app.models import SupportRequest
from toolkit.models import Recommendation

PAGE = 30
_PLACES = Prefetch("places", ActivityPlace.objects.select_related("party__region"))


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    form = ActivityQuestion(request.GET)
    if not form.is_valid():
        return render(request, "record/activities.html", {"form": form}, status=400)
    found = form.narrowed(Activity.objects.visible_to(request.user))
    rows = found.select_related("support").prefetch_related(_PLACES, "agencies")
    page = page_of(rows, "starts_on", request, at_once=PAGE)
    context = {
        "form": form,
        "numbers": numbers(found),
        "map": _map(found, form) if page["is_first_page"] else None,
        "sheets": SHEETS,
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return render(request, "record/activities.html", page | context)


def _map(found: "QuerySet[Activity]", form: ActivityQuestion) -> activities_map.ActivitiesMap:
    party = form.cleaned_data["party"]
    region = form.cleaned_data["region"] or (party.region if party else None)
    return activities_map.drawn(found, sheet_of(region), form.where)


@require_safe
def sheet(request: HttpRequest, sheet: str) -> HttpResponse:
    """One of the maps of Part 4 of SC66 Inf. 9, with the table that says the same."""
    if sheet not in SHEETS:
        raise Http404
    made = activities_map.drawn(Activity.objects.visible_to(request.user), sheet)
    context = {"map": made, "sheets": SHEETS, "here": sheet}
    return render(request, "record/activities_sheet.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Activity.objects.select_related("support").prefetch_related(_PLACES, "agencies")
    found = one_to_read(request, rows, slug)
    origin = _origin(request, found)
    return its_page(
        request,
        "record/activity.html",
        found,
        is_for_few=any(origin.values()),
        sheet=_sheet_of(found),
        **origin,
    )


def _sheet_of(activity: Activity) -> str:
    places = activity.places.all()
    sheets = {sheet_of(place.party.region if place.party else None) for place in places}
    return sheets.pop() if len(sheets) == 1 else "world"


def _origin(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """The request it answers and the recommendation it carries out, each for those alone who read
    that one inside: its country, the Secretariat, an agency that holds a referral."""
    if not request.user.is_authenticated:
        return {}
    asked = SupportRequest.objects.visible_to(request.user)
    advised = Recommendation.objects.inside(request.user).select_related("implementation__party")
    return {
        "came_from": asked.filter(activities=activity).first(),
        "carries_out": advised.filter(activities=activity).first(),
    }
