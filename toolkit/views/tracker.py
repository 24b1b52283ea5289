"""The tracker: the public table as of any day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toolkit import asof, disagreement
from toolkit import map as tracker_map
from toolkit.forms import TableForm
from toolkit.landmarks import FIRST_DAY, landmarks
from toolkit.steps import Phase, Step
from toolkit.totals import published
from toolkit.views import files
from toolkit.views.unchanged import unless_unchanged


@require_safe
@unless_unchanged()
def table(request: HttpRequest) -> HttpResponse:
    form = TableForm(request.GET)
    if not form.is_valid():
        return render(request, "toolkit/table.html", {"form": form}, status=400)
    printed = files.printed(request, form)
    totals = asof.totals(printed.rows, printed.as_of)
    # They count all countries: beside a part of them they would say nothing.
    said = [] if printed.filters else list(published(request.user, printed.as_of, printed.known_at))
    latest = printed.latest_entry
    context = {
        "form": form,
        "printed": printed,
        "steps": list(Step),
        "totals": totals,
        "phases": [(phase, totals.by_phase[phase]) for phase in Phase],
        "tracker_map": tracker_map.of(
            printed.rows, printed.as_of, printed.known_at, form.query_of_dates
        ),
        "published_totals": said,
        "latest_entry": latest,
        "speaks_of_more": latest and any(total.effective_on > latest for total in said),
        "nothing_known": printed.is_before_all_records,
        "disagreeing": disagreement.parties(printed.observations, printed.rows),
        "landmarks": landmarks(),
        "first_day": FIRST_DAY,
        "today": timezone.localdate(),
    }
    return render(request, "toolkit/table.html", context)
