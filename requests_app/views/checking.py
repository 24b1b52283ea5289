"""Everything once more before it is sent, and the page that says that it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.kept_text import keeps_typed_text
from partners.models import Role, User
from partners.recipients import people
from requests_app.correcting import is_as_returned
from requests_app.gap_list import missing_in
from requests_app.merging import stamp_of
from requests_app.models import RequestState, SupportRequest
from requests_app.notices import is_told_of_moves
from requests_app.questions import known_by_key
from requests_app.reading import SUPPORT, is_of_the_party, sections
from requests_app.typed import in_readable_words
from requests_app.views.detail import visible_request
from requests_app.views.form_frame import CHECK, closed, editable_request, place_of
from requests_app.whereabouts import told_by_mail
from requests_app.workflow.request_changes import frozen_answers, letter_is_missing
from requests_app.working_copy import support_written
from workflow.doors import attempt, status_of
from workflow.errors import NotAllowedNow, StaleVersion
from workflow.executor import can, table_of
from workflow.forms import ActionForm, action_form


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_typed_text
def check(request: HttpRequest, handle: str) -> HttpResponse:
    """All answers with their gaps; a focal point declares and submits from here."""
    draft = editable_request(request, handle)
    transition = table_of(draft).by_action["submit"]
    if request.method != "POST":
        if not draft.can_be_edited:
            return closed(request, draft)
        return _page(request, draft, action_form(transition, draft))
    form = action_form(transition, draft, request.POST)
    if attempt(form, by=request.user):
        return redirect("requests:submitted", draft.handle)
    if isinstance(form.refusal, NotAllowedNow):
        draft = visible_request(request, draft.draft_key)
        if draft.state == RequestState.SUBMITTED:  # by a first click on the same button
            return redirect("requests:submitted", draft.handle)
        context = {"draft": draft, "typed": in_readable_words(request.POST)}
        return render(request, "requests_app/too_late.html", context, status=409)
    draft = editable_request(request, draft.draft_key)
    changed = []
    if isinstance(form.refusal, StaleVersion):
        changed = _changed_since(draft, request.POST.get("version", ""))
        refusal, form = form.refusal, action_form(transition, draft)
        form.refusal = refusal
    return _page(request, draft, form, was_refused=True, changed=changed)


def _page(
    request: HttpRequest, draft: SupportRequest, form: ActionForm, **more: Any
) -> HttpResponse:
    may_submit = can(request.user, "submit", draft)
    attachments = list(draft.attachments.all())
    context = {
        "draft": draft,
        "place": place_of(request, draft, CHECK),
        "heading": _("Check your answers"),
        "sections": sections(frozen_answers(draft)),
        "gaps": missing_in(draft),
        "is_as_returned": is_as_returned(draft, attachments),
        "attachments": attachments,
        "letter_is_missing": letter_is_missing(draft),
        "may_submit": may_submit,
        "submitters": [] if may_submit else _focal_points(draft),
        "form": form,
        **more,
    }
    return render(request, "requests_app/check.html", context, status=status_of(form))


def _focal_points(draft: SupportRequest) -> list[User]:
    return people(roles=[Role.FOCAL_POINT], party_id=draft.party_id)


@dataclass(frozen=True)
class Changed:
    """One answer that was stored after the reader had looked at the check."""

    label: str
    by: User | None
    at: datetime | None


def _changed_since(draft: SupportRequest, version: str) -> list[Changed]:
    """What was written after that version of the row; nothing where only files were changed."""
    looked_at = int(version) if version.isdecimal() and len(version) < 10 else 0
    stamps = {key: stamp_of(draft, key) for key in draft.written}
    newer = {key: stamp for key, stamp in stamps.items() if stamp.version > looked_at}
    writers = User.objects.in_bulk({stamp.by for stamp in newer.values() if stamp.by})
    known = known_by_key(support_written(draft).asks)
    labels = {SUPPORT: _("Kind of support")} | {key: one.label for key, one in known.items()}
    return [
        Changed(str(labels.get(key, key)), writers.get(stamp.by or 0), stamp.moment)
        for key, stamp in newer.items()
    ]


@require_safe
@never_cache
@login_required
def submitted(request: HttpRequest, handle: str) -> HttpResponse:
    """What was done, under which reference, and what follows."""
    support_request = visible_request(request, handle)
    is_new = support_request.state == RequestState.SUBMITTED
    if not (is_new and is_of_the_party(request.user, support_request)):
        return redirect(support_request)
    if handle != support_request.handle:
        return redirect("requests:submitted", support_request.handle)
    version = support_request.versions.last()
    context = {
        "support_request": support_request,
        "version": version,
        "copy_url": reverse("requests:copy_pdf", args=[support_request.handle, version.number])
        if version
        else "",
        "told": told_by_mail() if is_told_of_moves(request.user, support_request) else "",
        "may_send_letter": can(request.user, "send_letter", support_request),
    }
    return render(request, "requests_app/submitted.html", context)
