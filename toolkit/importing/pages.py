"""The pages of an import, the same for every table: choose a file, see what is wrong with it or
what will come of it, say yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.desk import id_in
from toolkit.importing.importer import Importer, NotImported, Problem, Values, rows_of
from toolkit.importing.sheets import Column, Sheet, Unreadable
from toolkit.models import Import
from workflow.errors import Refused

SHOWN = 100  # rows or problems; the rest is counted


@dataclass(frozen=True)
class Place:
    """Where an import stands: what it is for, where it came from, the frame around it."""

    importer: Importer
    target: Any  # a cycle, an edition, an assessment; None where there is one place only
    about: str  # the heading: "Action plan, Kenya"
    back: str  # where to go when done
    template_file: str  # the address of the template to fill in
    frame: str = "toolkit/import.html"
    more: Mapping[str, Any] = field(default_factory=dict)


def import_page(request: HttpRequest, place: Place) -> HttpResponse:
    """GET asks for a file, or shows one that was read (?read=); POST reads one, or imports what
    was read. The caller has asked whether this person may import here."""
    if request.method == "POST" and "confirm" in request.POST:
        return _carry_out(request, place)
    if request.method == "POST":
        return _look_through(request, place)
    kept = _kept(request, place)
    return _shown(request, place, kept) if kept else _page(request, place, {})


def _look_through(request: HttpRequest, place: Place) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, place, {"refusal": _("Choose a file first.")}, 400)
    if getattr(upload, "was_cut", False):
        return _page(request, place, {"refusal": _too_large()}, 400)
    try:
        sheet: Sheet = place.importer.read(upload, place.importer.columns)
    except Unreadable as wrong:
        return _page(request, place, {"refusal": str(wrong)}, 400)
    _values, problems = place.importer.look_through(sheet.rows, place.target)
    if problems:
        return _page(request, place, _what_is_wrong(problems, len(sheet.rows)), 400)
    kept = place.importer.keep(upload, sheet, place.target, request.user)
    return redirect(f"{request.path}?read={kept.pk}")


def _too_large() -> str:
    limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
    return _("The file is too large: up to %(limit)s are read.") % {"limit": limit}


def _what_is_wrong(problems: list[Problem], rows: int) -> dict[str, Any]:
    wrong = len({problem.row for problem in problems})
    sentence = ngettext(
        "Nothing was imported: %(wrong)d of %(rows)d rows is wrong.",
        "Nothing was imported: %(wrong)d of %(rows)d rows are wrong.",
        wrong,
    )
    return {"refusal": sentence % {"wrong": wrong, "rows": rows}, **_listed(problems)}


def _listed(problems: list[Problem]) -> dict[str, Any]:
    return {"problems": problems[:SHOWN], "more_problems": max(0, len(problems) - SHOWN)}


def _kept(request: HttpRequest, place: Place) -> Import | None:
    asked = id_in(request.GET.get("read", ""))
    if "read" not in request.GET:
        return None
    return get_object_or_404(_mine(request, place), pk=asked)


def _mine(request: HttpRequest, place: Place) -> Any:
    target_id = place.target.pk if place.target else 0
    return Import.objects.filter(
        kind=place.importer.kind, target_id=target_id, by_id=request.user.pk
    )


def _shown(request: HttpRequest, place: Place, kept: Import) -> HttpResponse:
    """What will be imported, as it was understood."""
    if kept.done_at:
        return _page(request, place, {"refusal": _("This file has been imported already.")}, 409)
    rows = rows_of(kept)
    values, problems = place.importer.look_through(rows, place.target)
    if problems:
        return _page(request, place, _what_is_wrong(problems, len(rows)), 409)
    shown = [(number, _cells(place.importer, values[number])) for number in list(values)[:SHOWN]]
    said = {"kept": kept, "rows": shown, "count": len(rows), "more_rows": max(0, len(rows) - SHOWN)}
    return _page(request, place, said)


def _cells(importer: Importer, values: Values) -> list[tuple[str, Any]]:
    """Each heading with what was understood under it."""
    return [(one.heading, _in_words(one, values[one.key])) for one in importer.columns]


def _in_words(column: Column, value: Any) -> Any:
    if value is None or value == "":
        return "–"
    shown = column.show(value)
    return ", ".join(str(one) for one in shown) if isinstance(shown, list | tuple) else shown


def _carry_out(request: HttpRequest, place: Place) -> HttpResponse:
    kept = get_object_or_404(_mine(request, place), pk=id_in(request.POST["confirm"]))
    try:
        made = place.importer.carry_out(kept.pk, place.target, request.user)
    except Refused as refused:
        problems = refused.problems if isinstance(refused, NotImported) else []
        return _page(request, place, {"refusal": refused.in_one, **_listed(problems)}, 409)
    sentence = ngettext("%(count)d row imported.", "%(count)d rows imported.", made)
    messages.success(request, sentence % {"count": made})
    return redirect(place.back)


def _page(
    request: HttpRequest, place: Place, said: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"place": place, "columns": place.importer.columns, **place.more, **said}
    return render(request, place.frame, context, status=status)
