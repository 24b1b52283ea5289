"""The first page of the form: it makes the draft, so that everything after it can be saved."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import kept_text
from partners.models import Party
from requests_app import drafts
from requests_app.completeness import steps_for
from requests_app.models import SupportRequest
from requests_app.models.requests import new_draft_key
from requests_app.questions import FORMS
from requests_app.support_forms import BeginForm


@require_http_methods(["GET", "HEAD", "POST"])
@kept_text.keeps_typed_text
def request_new(request: HttpRequest) -> HttpResponse:
    parties = list(drafts.parties_to_draft_for(request.user))
    if not parties:
        raise PermissionDenied(_("Only focal points and contributors of a Party begin a request."))
    if request.method != "POST":
        initial = {"draft_key": new_draft_key(), **kept_text.as_initial(request)}
        return _page(request, parties, BeginForm(parties, initial=initial))
    form = BeginForm(parties, request.POST)
    if not form.is_valid():
        return _page(request, parties, form)
    party = parties[0] if len(parties) == 1 else form.cleaned_data["party"]
    draft = _begun_before(request, form) or _begin(request, form, party)
    return redirect("requests:step", draft.handle, steps_for(draft)[0].key)


def _page(request: HttpRequest, parties: list[Party], form: BeginForm) -> HttpResponse:
    lengths = [len(steps) + 2 for steps in FORMS.values()]  # documents and check are steps too
    context: dict[str, object] = {
        "form": form,
        "party": parties[0] if len(parties) == 1 else None,
        "fewest": min(lengths),
        "most": max(lengths),
    }
    return render(request, "requests_app/begin.html", context)


def _begin(request: HttpRequest, form: BeginForm, party: Party) -> SupportRequest:
    begin = partial(
        drafts.begin,
        party,
        by=request.user,
        support=form.cleaned_data["support"],
        language=request.user.language,  # type: ignore[union-attr]
    )
    try:
        return begin(draft_key=form.cleaned_data["draft_key"])
    except IntegrityError:  # the key is taken: by a first click this very moment, or by others
        return _begun_before(request, form) or begin(draft_key=new_draft_key())


def _begun_before(request: HttpRequest, form: BeginForm) -> SupportRequest | None:
    """The draft that a first click on the same page has made already, if there was one."""
    own = SupportRequest.objects.visible_to(request.user).filter(created_by=request.user.pk)
    return own.filter(draft_key=form.cleaned_data["draft_key"]).first()
