"""The steps of a request being written. Whatever was typed is stored or on the page that comes
back: a text too long to be kept, and one that a colleague changed meanwhile, are shown again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import DRAFTER
from partners.models import User
from requests_app import drafts
from requests_app.completeness import answers_written, progress, steps_for
from requests_app.forms import StepForm
from requests_app.models import SupportRequest
from requests_app.questions import Step, in_words
from requests_app.reading import sections
from requests_app.views.detail import visible_request
from requests_app.workflow.request_changes import frozen_answers, gaps
from workflow.errors import NotPermitted
from workflow.executor import can, table_of
from workflow.forms import action_form

DOCUMENTS, CHECK = "documents", "check"


def editable_request(request: HttpRequest, handle: str) -> SupportRequest:
    """The request, if the reader may write it at all; 403 for others who may see it."""
    draft = visible_request(request, handle)
    if not DRAFTER(request.user, draft):
        raise PermissionDenied(_("Only focal points and contributors of the Party edit a request."))
    return draft


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest, handle: str) -> HttpResponse:
    """All steps with how far each is: the way in, back and on."""
    draft = editable_request(request, handle)
    if not draft.can_be_edited:
        return _closed(request, draft)
    context = {"draft": draft, "steps": progress(draft), "gaps": gaps(draft)}
    return render(request, "requests_app/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def step(request: HttpRequest, handle: str, key: str) -> HttpResponse:
    draft = editable_request(request, handle)
    found = next((one for one in steps_for(draft) if one.key == key), None)
    if found is None:
        raise Http404
    if request.method != "POST":
        if not draft.can_be_edited:
            return _closed(request, draft)
        return _page(request, draft, found, StepForm(found, draft))
    form = StepForm(found, draft, request.POST)
    form.is_valid()
    try:
        written = drafts.write(draft, by=request.user, answers=form.answers, seen=form.seen)
    except NotPermitted:
        return _page(request, visible_request(request, handle), found, form, is_closed=True)
    draft = written.support_request
    form.look_again(draft)
    form.say_what_is_malformed(answers_written(draft))
    for key_of_question, sentence in written.refused.items():
        form.add_error(key_of_question, sentence)
    if written.conflicts or written.refused or (form.errors and "leave" not in request.POST):
        return _page(request, draft, found, form, conflicts=written.conflicts)
    return _onwards(request, draft, found)


def _onwards(request: HttpRequest, draft: SupportRequest, found: Step) -> HttpResponse:
    if "leave" in request.POST:
        messages.success(request, _("What you wrote is saved. You can come back at any time."))
        return redirect(draft)
    return redirect("requests:step", draft.handle, _keys(draft)[_keys(draft).index(found.key) + 1])


def _keys(draft: SupportRequest) -> list[str]:
    return [*(one.key for one in steps_for(draft)), DOCUMENTS, CHECK]


def _closed(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    messages.info(request, _("The answers were submitted and can no longer be changed."))
    return redirect(draft)


def _page(
    request: HttpRequest,
    draft: SupportRequest,
    found: Step,
    form: StepForm,
    *,
    conflicts: "tuple[drafts.Conflict, ...]" = (),
    is_closed: bool = False,
) -> HttpResponse:
    keys = _keys(draft)
    place = keys.index(found.key) if found.key in keys else 0
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "step": found,
        "number": place + 1,
        "of": len(keys),
        "back": reverse("requests:step", args=[draft.handle, keys[place - 1]]) if place else "",
        "is_closed": is_closed,
        "fields": _fields(found, form, conflicts, draft.remarks),
        "conflicts": conflicts,
    }
    status = 409 if is_closed or conflicts else 200
    return render(request, "requests_app/step.html", context, status=status)


def _fields(
    found: Step,
    form: StepForm,
    conflicts: "tuple[drafts.Conflict, ...]",
    remarks: "dict[str, str]",
) -> list[dict[str, Any]]:
    """Each question with what stands beside it: a remark, or what a colleague stored."""
    by_key = {one.key: one for one in conflicts}
    writers = User.objects.in_bulk([one.by for one in conflicts if one.by])
    rows = []
    for question in found.questions:
        conflict = by_key.get(question.key)
        row: dict[str, Any] = {"field": form[question.key], "remark": remarks.get(question.key)}
        if conflict:
            row |= {
                "conflict": conflict,
                "stored": in_words(question, conflict.stored),
                "writer": writers.get(conflict.by) if conflict.by else None,
            }
        rows.append(row)
    return rows


@require_http_methods(["GET", "HEAD"])
@never_cache
@login_required
def check(request: HttpRequest, handle: str) -> HttpResponse:
    """Everything once more, with its gaps; a focal point declares and submits from here."""
    draft = editable_request(request, handle)
    if not draft.can_be_edited:
        return _closed(request, draft)
    context = {
        "draft": draft,
        "sections": sections(frozen_answers(draft)),
        "gaps": gaps(draft),
        "attachments": draft.attachments.all(),
        "may_submit": can(request.user, "submit", draft),
        "form": action_form(table_of(draft).by_action["submit"], draft),
    }
    return render(request, "requests_app/check.html", context)
