"""Totals over time: a page, and files for other programs."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.spreadsheets import in_lines
from toolkit.forms import AsOfForm
from toolkit.totals import Row, over_time
from toolkit.totals_chart import drawn
from toolkit.views.files import refused
from toolkit.views.unchanged import unless_unchanged

_NOTE = (
    "Documents count differently, some the Toolkit alone, some with the Indicator Framework: their "
    "totals are no one series. The tracker counts steps recorded here with their source."
)


@require_safe
@unless_unchanged()
def page(request: HttpRequest) -> HttpResponse:
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return render(request, "toolkit/totals.html", {"form": form}, status=400)
    rows = _rows(request, form)
    context = {"form": form, "totals_rows": rows, "totals_chart": drawn(rows)}
    return render(request, "toolkit/totals.html", context)


@require_safe
@unless_unchanged(has_forms=False)
def file(request: HttpRequest, ending: str) -> HttpResponse:
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return refused(form)
    rows = [_said(row) for row in _rows(request, form)]
    as_of, known_at = form.cleaned_data["as_of"], form.cleaned_data["known_at"]
    head = {"as_of": as_of, "known_at": known_at, "made_at": timezone.now(), "note": _NOTE}
    if ending == "json":
        return JsonResponse({**head, "totals": rows})
    response = HttpResponse(_as_csv(head, rows), content_type="text/csv; charset=utf-8")
    name = f"toolkit-totals-{as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(request: HttpRequest, form: AsOfForm) -> list[Row]:
    return over_time(request.user, form.cleaned_data["as_of"], form.cleaned_data["known_at"])


def _said(row: Row) -> dict[str, Any]:
    total = row.total
    return {
        "date_in_source": total.date_in_source,
        "certain_on": total.effective_on,
        "precision": total.precision,
        "is_approximate": total.is_approximate,
        "text": total.text,
        "instrument": total.instrument,
        "in_all": total.in_all,
        "complete": total.complete,
        "at_other_stages": total.under_way,
        "is_rough": total.is_rough,
        "source": total.source,
        "source_url": total.source_url or None,
        "tracker_requested": row.derived.requested,
        "tracker_complete": row.derived.complete,
        "tracker_at_other_stages": row.derived.at_other_stages,
        "parties_named_as_complete": row.said_complete,
    }


def _as_csv(head: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    names = list(rows[0]) if rows else []
    before = [_plain(head[name]) for name in ("as_of", "known_at", "made_at")]
    lines = [[*before, *(_plain(said) for said in row.values()), head["note"]] for row in rows]
    return in_lines([["as_of", "known_at", "made_at", *names, "note"], *lines])


def _plain(said: Any) -> str:
    if said is None:
        return ""
    if isinstance(said, bool):
        return str(said).lower()
    return said.isoformat() if isinstance(said, date | datetime) else str(said)
