"""The action plan of a cycle, for the country, the Secretariat and the lead agency: to read, to
take away, to import, and how it got on. Whoever does not read the cycle inside finds nothing."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import standing
from toolkit.entries import entries
from toolkit.importing.pages import Place, import_page
from toolkit.models import Implementation
from toolkit.plan import exporting, importing, reading, workbook
from toolkit.plan.progress import PeriodForm, progress_of
from toolkit.views.files import refused, sent
from workflow.executor import allowed_actions, can

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CYCLES = 9999  # a greater number would not fit into the column
# What is done with the plan as a whole.
_ABOUT_THE_PLAN = frozenset({"recommend"})


def _inside(request: HttpRequest, iso3: str, cycle: int) -> Implementation:
    inside = Implementation.objects.inside(request.user).select_related("party", "lead_agency")
    return get_object_or_404(inside, party__code=iso3.upper(), cycle=min(cycle, MOST_CYCLES))


def _frame(request: HttpRequest, cycle: Implementation) -> dict[str, Any]:
    """What stands above every page of a plan."""
    me = standing(request.user)
    return {
        "implementation": cycle,
        "party": cycle.party,
        "sees_country": cycle.party_id in me.all_parties or me.sees_all,
    }


@never_cache
@require_safe
@login_required
def plan_page(request: HttpRequest, iso3: str, cycle: int) -> HttpResponse:
    found = _inside(request, iso3, cycle)
    form = reading.PlanFilter(request.GET)
    status = 200 if form.is_valid() else 400
    lines = reading.lines_of(found, request.user)
    shown = reading.narrowed(lines, form) if form.is_valid() else []
    context = {
        **_frame(request, found),
        "form": form,
        "parts": list(reading.by_part(shown)),
        "shown": len(shown),
        "counts": reading.counts_of(lines),
        "actions": [
            one for one in allowed_actions(found, request.user) if one.action in _ABOUT_THE_PLAN
        ],
        "may_import": can(request.user, "enter_plan", found),
    }
    return render(request, "toolkit/plan.html", context, status=status)


@never_cache
@require_safe
@login_required
def plan_csv(request: HttpRequest, iso3: str, cycle: int) -> HttpResponse:
    return _download(request, iso3, cycle, "csv")


@never_cache
@require_safe
@login_required
def plan_xlsx(request: HttpRequest, iso3: str, cycle: int) -> HttpResponse:
    return _download(request, iso3, cycle, "xlsx")


def _download(request: HttpRequest, iso3: str, cycle: int, form: str) -> HttpResponse:
    """What the page shows for the same address, as a file."""
    found = _inside(request, iso3, cycle)
    asked = reading.PlanFilter(request.GET)
    if not asked.is_valid():
        return refused(asked)
    lines = reading.narrowed(reading.lines_of(found, request.user), asked)
    if form == "csv":
        content, kind = exporting.as_csv(found, lines, asked), "text/csv; charset=utf-8"
    else:
        content, kind = exporting.as_xlsx(found, lines, asked), XLSX
    return sent(content, kind, f"{_stem(found)}.{form}")


def _stem(cycle: Implementation) -> str:
    return f"action-plan-{cycle.party.code.lower()}-{cycle.cycle}"


@never_cache
@require_safe
@login_required
def plan_template(request: HttpRequest, iso3: str, cycle: int) -> HttpResponse:
    found = _inside(request, iso3, cycle)
    return sent(workbook.template(found), XLSX, f"{_stem(found)}-template.xlsx")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan_import(request: HttpRequest, iso3: str, cycle: int) -> HttpResponse:
    found = _inside(request, iso3, cycle)
    if not can(request.user, "enter_plan", found):
        raise PermissionDenied(_("Only officers of the Secretariat import an action plan."))
    where = [found.party.code.lower(), found.cycle]
    place = Place(
        importer=importing.importer(found),
        target=found,
        about=_("Action plan, %(party)s") % {"party": found.party.name},
        back=reverse("country_plan", args=where),
        template_file=reverse("country_plan_template", args=where),
    )
    return import_page(request, place)


@never_cache
@require_safe
@login_required
def plan_progress(request: HttpRequest, iso3: str, cycle: int) -> HttpResponse:
    found = _inside(request, iso3, cycle)
    form = PeriodForm(request.GET, found)
    context: dict[str, Any] = {**_frame(request, found), "form": form}
    if not form.is_valid():
        return render(request, "toolkit/plan_progress.html", context, status=400)
    period = {name: form.cleaned_data[name] for name in ("since", "until")}
    context["form"] = PeriodForm(period, found)  # with the days that were left out
    progress = progress_of(found, period["since"], period["until"])
    read = entries(progress.moves, request.user)
    context["progress"] = progress
    context["moves"] = [
        (progress.number_of(event), event.subject_id, entry)
        for event, entry in zip(progress.moves, read, strict=True)
    ]
    return render(request, "toolkit/plan_progress.html", context)
