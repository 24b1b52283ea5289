"""Writing a request. Whatever was typed is either stored or on the page that comes back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners.access import DRAFTER
from partners.models import Party
from requests_app import drafts
from requests_app.forms import RequestForm, begun_with
from requests_app.models import SupportRequest
from requests_app.models.requests import new_draft_key
from requests_app.reading import answers_open_to, in_words
from requests_app.views.detail import visible_request
from workflow.errors import NotPermitted, StaleVersion

_ATTEMPTS = 10  # more clicks at the same moment than anybody manages


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_new(request: HttpRequest) -> HttpResponse:
    parties = list(drafts.parties_to_draft_for(request.user))
    if not parties:
        raise PermissionDenied(_("Only focal points and contributors of a Party begin a request."))
    if request.method != "POST":
        begun = {"draft_key": new_draft_key(), "version": 0, "language": request.user.language}  # type: ignore[union-attr]
        form = RequestForm(initial=begun, parties=parties)
        return _page(request, form, None)
    form = RequestForm(request.POST, request.FILES, parties=parties)
    form.is_valid()
    party = parties[0] if len(parties) == 1 else form.cleaned_data.get("party")
    if party is None or "support" not in form.cleaned_data:
        return _page(request, form, None, files_lost=bool(request.FILES))
    draft = _begun_before(request, form) or _begin(request, form, party)
    return _store(request, form, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_edit(request: HttpRequest, handle: str) -> HttpResponse:
    draft = visible_request(request, handle)
    if not DRAFTER(request.user, draft):
        raise PermissionDenied(_("Only focal points and contributors of the Party edit a request."))
    if request.method != "POST":
        if not draft.can_be_edited:
            messages.info(request, _("The answers were submitted and can no longer be changed."))
            return redirect(draft)
        form = RequestForm(initial=begun_with(draft), support_request=draft)
        return _page(request, form, draft)
    form = RequestForm(request.POST, request.FILES, support_request=draft)
    form.is_valid()
    return _store(request, form, draft)


def _begin(request: HttpRequest, form: RequestForm, party: Party) -> SupportRequest:
    begin = partial(drafts.begin, party, by=request.user, support=form.cleaned_data["support"])
    try:
        return begin(draft_key=form.cleaned_data.get("draft_key") or new_draft_key())
    except IntegrityError:  # the key is taken: by a first click this very moment, or by others
        return _begun_before(request, form) or begin(draft_key=new_draft_key())


def _begun_before(request: HttpRequest, form: RequestForm) -> SupportRequest | None:
    """The draft that a first click on the same page has made already, if there was one."""
    key = form.cleaned_data.get("draft_key")
    own = SupportRequest.objects.visible_to(request.user).filter(created_by=request.user.pk)
    return own.filter(draft_key=key).first() if key else None


def _store(request: HttpRequest, form: RequestForm, draft: SupportRequest) -> HttpResponse:
    """Save what is well formed; go on when all of it was, else show the page again."""
    differing: dict[str, str] = {}
    for _attempt in range(_ATTEMPTS):
        try:
            _save(request, form, draft)
        except NotPermitted:
            return _page(request, form, visible_request(request, draft.handle), is_closed=True)
        except StaleVersion:
            draft.refresh_from_db()
            form.look_again(draft.version)
            differing = _stored_otherwise(request, form, draft)
            if differing:
                break
            # A second click on the same button: nothing is at stake.
            form.cleaned_data["version"] = draft.version
        else:
            return _after_saving(request, form, draft)
    return _page(request, form, draft, stored=differing, files_lost=bool(request.FILES))


def _after_saving(request: HttpRequest, form: RequestForm, draft: SupportRequest) -> HttpResponse:
    draft.refresh_from_db()
    if form.errors:
        form.look_again(draft.version)
        lost = set(request.FILES) & set(form.errors)
        return _page(request, form, draft, is_saved=True, files_lost=bool(lost))
    if "check" in request.POST:
        return redirect(draft)
    messages.success(request, _("The draft is saved."))
    return redirect("requests:edit", draft.handle)


@transaction.atomic
def _save(request: HttpRequest, form: RequestForm, draft: SupportRequest) -> None:
    drafts.save(
        draft,
        by=request.user,
        version=form.cleaned_data.get("version", -1),
        answers=form.answers,
        columns=form.columns,
        letter=form.fit_letter,
        others=form.fit_others,
        remove=form.cleaned_data.get("remove", ()),
    )


def _stored_otherwise(
    request: HttpRequest, form: RequestForm, draft: SupportRequest
) -> dict[str, str]:
    """By field, what a colleague stored in the meantime where other words were typed."""
    stored = begun_with(draft)
    words = {one.key: one.text for one in in_words(answers_open_to(request.user, draft, []))}
    return {
        name: words.get(name, "")
        for name in words
        if _typed(form, name) != str(stored.get(name) or "").strip()
    }


def _typed(form: RequestForm, name: str) -> str:
    return str(form[name].value() or "").replace("\r\n", "\n").strip()


def _page(
    request: HttpRequest,
    form: RequestForm,
    draft: SupportRequest | None,
    *,
    stored: "dict[str, str] | None" = None,
    is_closed: bool = False,
    **context: Any,
) -> HttpResponse:
    action = reverse("requests:edit", args=[draft.handle]) if draft else reverse("requests:new")
    context |= {"form": form, "draft": draft, "action": action, "is_closed": is_closed}
    context |= {"stored": stored, "was_changed": stored is not None}
    context["sections"] = [
        (title, [(field, (stored or {}).get(field.name)) for field in fields])
        for title, fields in form.sections
    ]
    if draft:
        context["attachments"] = draft.attachments.all()
    status = 409 if is_closed or stored is not None else 200
    return render(request, "requests_app/request_form.html", context, status=status)
