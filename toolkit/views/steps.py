"""One step of a cycle for those who read the cycle inside, and the moves of cycles and steps.

The public reads the steps on the Party's page; everybody else is answered 404 here.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import standing
from partners.desk import id_in
from partners.kept_text import as_initial, keeps_typed_text
from requests_app.downloads import FileClosed, ImpossibleRange
from toolkit import documents, waiting
from toolkit.entries import entries
from toolkit.models import Document, Implementation, StepStatus
from toolkit.timeline import about_step
from workflow.executor import allowed_actions, can
from workflow.pages import action_page

EVENTS_SHOWN = 60
ABOUT_THE_PROPOSAL = frozenset({"confirm", "refuse", "take_back"})


@never_cache
@require_safe
@login_required
def step_page(request: HttpRequest, code: str, cycle: int, step: int) -> HttpResponse:
    found = _step(request, code, cycle, step)
    implementation = found.implementation
    kept = documents.visible_of(implementation, request.user).filter(step=found)
    actions = allowed_actions(found, request.user)
    by_position = {one.position: one for one in implementation.steps.all()}
    context = {
        "step": found,
        "implementation": implementation,
        "party": implementation.party,
        "proposal": found.waiting,
        "deciding": [one for one in actions if one.action in ABOUT_THE_PROPOSAL],
        "actions": [one for one in actions if one.action not in ABOUT_THE_PROPOSAL],
        "is_overdue": waiting.is_overdue(found, timezone.now().date()),
        "documents": kept,
        "may_open": can(request.user, "open_document", implementation),
        "readings": documents.readings_of(kept, request.user),
        "before": by_position.get(found.position - 1),
        "after": by_position.get(found.position + 1),
        "timeline": entries(about_step(found, request.user)[:EVENTS_SHOWN], request.user),
    }
    return render(request, "toolkit/step.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def step_action(
    request: HttpRequest, code: str, cycle: int, step: int, action: str
) -> HttpResponse:
    found = _step(request, code, cycle, step)
    about = _("Toolkit, %(party)s, step %(number)d: %(step)s") % {
        "party": found.implementation.party.name,
        "number": found.number,
        "step": found.get_step_display(),
    }
    why_closed = {"why_closed": lambda: waiting.why_closed(found, action)}
    return _acted(request, found, action, about, found.get_absolute_url(), why_closed)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def implementation_action(request: HttpRequest, code: str, cycle: int, action: str) -> HttpResponse:
    implementation = _cycle(request, code, cycle)
    if action == "enter_plan":  # its page reads a workbook
        return redirect("country_plan_import", code.lower(), cycle)
    about = _("Toolkit, %(party)s") % {"party": implementation.party.name}
    return _acted(request, implementation, action, about, implementation.get_absolute_url())


@require_safe
def document(request: HttpRequest, code: str, cycle: int, pk: int) -> HttpResponseBase:
    """A file of a cycle, for whoever may read it; a public one needs no signing in."""
    if id_in(str(pk)) is None:
        raise Http404
    here = Document.objects.visible_to(request.user).filter(
        implementation__party__code=code.upper(), implementation__cycle=cycle
    )
    found = get_object_or_404(here.select_related("implementation__party"), pk=pk)
    try:
        return documents.as_download(found, request)
    except ImpossibleRange as behind:
        return behind.in_plain_text()
    except FileClosed as closed:
        context = {"document": found, "sentence": closed.sentence}
        page = render(request, "toolkit/file_closed.html", context, status=409)
        page["Cache-Control"] = "no-store"
        return page


@never_cache
@require_safe
@login_required
def waiting_page(request: HttpRequest) -> HttpResponse:
    """What waits for a second pair of eyes: the reader's first, then what others have to confirm.

    For people of Parties, agencies and the Secretariat; whoever is none of them finds nothing.
    """
    me = standing(request.user)
    if not (me.sees_all or me.parties or me.agencies):
        raise Http404
    context = {
        "mine": waiting.for_actor(request.user),
        "others": waiting.for_others(request.user),
    }
    return render(request, "toolkit/waiting.html", context)


# ── what is asked for ────────────────────────────────────────────────────────────────────────


def _cycle(request: HttpRequest, code: str, cycle: int) -> Implementation:
    inside: QuerySet[Implementation] = Implementation.objects.inside(request.user)
    steps = StepStatus.objects.select_related("proposal").order_by("position")
    found = inside.select_related("party", "lead_agency").prefetch_related(Prefetch("steps", steps))
    return get_object_or_404(found, party__code=code.upper(), cycle=cycle)


def _step(request: HttpRequest, code: str, cycle: int, step: int) -> StepStatus:
    if id_in(str(cycle)) is None or id_in(str(step)) is None:
        raise Http404
    implementation = _cycle(request, code, cycle)
    steps = StepStatus.objects.select_related("proposal__by", "proposal__agency", "agency")
    found = get_object_or_404(steps, implementation=implementation, position=step)
    found.implementation = implementation
    return found


def _acted(
    request: HttpRequest, obj: Any, action: str, about: str, back: str, more: Any = None
) -> HttpResponse:
    """The page of an action; where it cannot be done any more, with what can be done instead."""
    begun = {name: request.GET[name] for name in ("document",) if name in request.GET}
    return action_page(
        request,
        obj,
        action,
        about=about,
        back=back,
        initial={**begun, **as_initial(request)},
        more={"can_be_done": lambda: allowed_actions(obj, request.user), **(more or {})},
    )
