"""The tracker: the public table as of any day, the moves of those entitled."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from toolkit import asof, downloads
from toolkit.forms import AsOfForm
from toolkit.models import Implementation
from toolkit.steps import Phase, Step
from workflow.pages import action_page


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return render(request, "toolkit/table.html", {"form": form}, status=400)
    printed = _printed(request, form)
    totals = asof.totals(printed.rows, printed.as_of)
    context = {
        "form": form,
        "printed": printed,
        "steps": list(Step),
        "totals": totals,
        "phases": [(phase.label, totals.by_phase[phase]) for phase in Phase],
        "sources": sorted({f.source for row in printed.rows for f in row.facts.values()} - {""}),
    }
    return render(request, "toolkit/table.html", context)


@require_safe
def table_csv(request: HttpRequest) -> HttpResponse:
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return _refused(form)
    printed = _printed(request, form)
    response = HttpResponse(downloads.as_csv(printed), content_type="text/csv; charset=utf-8")
    name = f"toolkit-{printed.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def table_json(request: HttpRequest) -> HttpResponse:
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return _refused(form)
    return JsonResponse(downloads.as_json(_printed(request, form)))


def _printed(request: HttpRequest, form: AsOfForm) -> downloads.Printed:
    as_of, known_at = form.cleaned_data["as_of"], form.cleaned_data["known_at"]
    return downloads.Printed(
        as_of,
        known_at,
        asof.table(request.user, as_of, known_at),
        asof.observations(request.user, as_of, known_at),
    )


def _refused(form: AsOfForm) -> HttpResponse:
    """A download has no field to show a sentence at: it is the answer."""
    refused = form.errors.get_json_data()
    sentences = [
        f"{form[name].label}: {' '.join(one['message'] for one in said)}"
        for name, said in refused.items()
    ]
    return HttpResponse("\n".join(sentences), status=400, content_type="text/plain; charset=utf-8")


def _visible_cycle(request: HttpRequest, code: str, cycle: int) -> Implementation:
    visible = Implementation.objects.visible_to(request.user).select_related("party")
    return get_object_or_404(visible, party__code=code.upper(), cycle=cycle)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def implementation_action(request: HttpRequest, code: str, cycle: int, action: str) -> HttpResponse:
    implementation = _visible_cycle(request, code, cycle)
    about = _("Toolkit, %(party)s") % {"party": implementation.party.name}
    back = implementation.get_absolute_url()
    return action_page(request, implementation, action, about=about, back=back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step_action(
    request: HttpRequest, code: str, cycle: int, step: int, action: str
) -> HttpResponse:
    implementation = _visible_cycle(request, code, cycle)
    steps = implementation.steps.select_related("implementation__party", "proposal")
    found = get_object_or_404(steps, position=step)
    about = _("Toolkit, %(party)s, step %(number)d: %(step)s") % {
        "party": implementation.party.name,
        "number": found.number,
        "step": found.get_step_display(),
    }
    return action_page(request, found, action, about=about, back=implementation.get_absolute_url())
