"""The tracker's table as files, each by its address."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from toolkit import asof, downloads
from toolkit.forms import TableForm
from toolkit.views.unchanged import unless_unchanged

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Ending → how the table is written, and as what it is sent.
_TABLE: dict[str, tuple[Callable[[downloads.Printed], Any], str]] = {
    "csv": (downloads.as_csv, _CSV),
    "json": (downloads.as_json, ""),
    "xlsx": (downloads.as_xlsx, _XLSX),
    "geojson": (downloads.as_geojson, "application/geo+json"),
}


@require_safe
@unless_unchanged(has_forms=False)
def table(request: HttpRequest, ending: str) -> HttpResponse:
    form = TableForm(request.GET)
    if not form.is_valid():
        return refused(form)
    made = printed(request, form)
    write, content_type = _TABLE[ending]
    return sent(write(made), content_type, f"toolkit-{made.as_of.isoformat()}.{ending}")


@require_safe
@unless_unchanged(has_forms=False)
def observations(request: HttpRequest) -> HttpResponse:
    form = TableForm(request.GET)
    if not form.is_valid():
        return refused(form)
    made = printed(request, form)
    name = f"toolkit-documents-{made.as_of.isoformat()}.csv"
    return sent(downloads.observations_as_csv(made), _CSV, name)


def printed(request: HttpRequest, form: TableForm) -> downloads.Printed:
    """The table that a valid form asks for, as the reader may see it."""
    as_of, known_at, phase, region = (
        form.cleaned_data[name] for name in ("as_of", "known_at", "phase", "region")
    )
    rows = asof.table(request.user, as_of, known_at)
    said = asof.observations(request.user, as_of, known_at)
    return downloads.Printed(
        as_of,
        known_at,
        asof.narrowed(rows, phase, region),
        [one for one in said if not region or one.party.region.key == region],
        {name: value for name, value in (("phase", phase), ("region", region)) if value},
    )


def sent(content: Any, content_type: str, name: str) -> HttpResponse:
    """A file to keep; without a type the content is JSON, which programs read where it stands."""
    if not content_type:
        return JsonResponse(content)
    response: HttpResponse
    if isinstance(content, dict):
        response = JsonResponse(content, content_type=content_type)
    else:
        response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def refused(form: forms.Form) -> HttpResponse:
    """A download has no field to show a sentence at: it is the answer."""
    sentences = [
        f"{form[name].label}: {' '.join(one['message'] for one in said)}"
        for name, said in form.errors.get_json_data().items()
    ]
    return HttpResponse("\n".join(sentences), status=400, content_type="text/plain; charset=utf-8")
