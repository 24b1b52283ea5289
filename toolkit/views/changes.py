"""What changed between two days: page, CSV, JSON."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from history.precision import Precision
from toolkit import downloads
from toolkit.changes import between
from toolkit.forms import ChangesForm
from toolkit.landmarks import landmarks
from toolkit.views.files import refused, sent
from toolkit.views.unchanged import unless_unchanged


@require_safe
@unless_unchanged()
def page(request: HttpRequest) -> HttpResponse:
    form = ChangesForm(request.GET)
    if not form.is_valid():
        return render(request, "toolkit/changes.html", {"form": form}, status=400)
    compared = _compared(request, form)
    context = {
        "form": form,
        "compared": compared,
        "began": [one for one in compared.changed if one.began],
        "moved": [one for one in compared.changed if one.phase_moved],
        "only_by": sum(
            step.after.precision == Precision.BY for one in compared.changed for step in one.steps
        ),
        "days": [landmark.day for landmark in landmarks()],
    }
    return render(request, "toolkit/changes.html", context)


@require_safe
@unless_unchanged(has_forms=False)
def file(request: HttpRequest, ending: str) -> HttpResponse:
    form = ChangesForm(request.GET)
    if not form.is_valid():
        return refused(form)
    compared = _compared(request, form)
    name = f"toolkit-changes-{compared.first.isoformat()}-{compared.last.isoformat()}.csv"
    if ending == "csv":
        return sent(downloads.changes_as_csv(compared), "text/csv; charset=utf-8", name)
    return sent(downloads.changes_as_json(compared), "", name)


def _compared(request: HttpRequest, form: ChangesForm) -> downloads.Compared:
    first, last, known_at = (form.cleaned_data[name] for name in ("from", "to", "known_at"))
    changed = between(request.user, first, last, known_at)
    return downloads.Compared(first, last, known_at, changed)
