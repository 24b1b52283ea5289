"""The support that ICCWC has given, gives and plans."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from record.activities_page import ActivityQuestion, by_region
from record.models import Activity, ActivityPlace
from record.reading import one_to_read

_PLACES = Prefetch("places", ActivityPlace.objects.select_related("party__region"))


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    form = ActivityQuestion(request.GET)
    if not form.is_valid():
        return render(request, "record/activities.html", {"form": form}, status=400)
    visible = Activity.objects.visible_to(request.user).select_related("support")
    rows = list(form.narrowed(visible).prefetch_related(_PLACES, "agencies"))
    context = {"form": form, "groups": by_region(rows), "total": len(rows), "kinds": Activity.Kind}
    return render(request, "record/activities.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Activity.objects.select_related("support").prefetch_related(_PLACES, "agencies")
    return render(request, "record/activity.html", {"record": one_to_read(request, rows, slug)})
