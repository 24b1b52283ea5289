from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.access import standing
from partners.models import Role
from requests_app.conversations import unread_by_request
from requests_app.filters import StateFilter
from requests_app.models import ENDED, RequestState, SupportRequest, Thread, ThreadState
from requests_app.views.paging import page_of

MOST_WAITING = 10


@require_safe
@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and everything the reader may see, newest first."""
    form = StateFilter(request.GET or None)
    found = SupportRequest.objects.visible_to(request.user).with_names()
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    me = standing(request.user)
    page = page_of(found, request)
    unread = {} if me.sees_all else unread_by_request(request.user, page["rows"])  # type: ignore[arg-type]
    for row in page["rows"]:
        row.unread = unread.get(row.pk, 0)
    context = {
        **page,
        "form": form,
        "several_parties": me.sees_all or bool(me.all_agencies) or len(me.all_parties) > 1,
        "may_begin": bool(_writes_for(request.user)),
        "waiting": _waiting(request.user) if not request.GET else [],
    }
    return render(request, "requests_app/request_list.html", context)


@dataclass(frozen=True)
class Waiting:
    """One request that goes on only when the reader does something."""

    support_request: SupportRequest
    words: str
    url: str


def _writes_for(actor: Any) -> frozenset[int]:
    """Parties, by id, whose requests the actor writes."""
    mine = standing(actor).parties
    return mine.get(Role.FOCAL_POINT, frozenset()) | mine.get(Role.CONTRIBUTOR, frozenset())


def _waiting(actor: Any) -> list[Waiting]:
    """Questions first, then what was returned, then drafts; one query."""
    asked = Thread.objects.filter(support_request=OuterRef("pk"), state=ThreadState.WAITING)
    found = (
        SupportRequest.objects.visible_to(actor)
        .with_names()
        .filter(party_id__in=_writes_for(actor))
        .annotate(is_asked=Exists(asked))
        .filter(Q(is_asked=True) | Q(state__in=[RequestState.RETURNED, RequestState.DRAFT]))
        .exclude(state__in=ENDED)
        .order_by("-is_asked", "-state", "-pk")  # "returned" before "draft"
    )
    return [_what_to_do(one) for one in found[:MOST_WAITING]]


def _what_to_do(one: Any) -> Waiting:
    if one.is_asked:
        return Waiting(one, _("Answer the question of the Secretariat"), one.get_absolute_url())
    edit = reverse("requests:edit", args=[one.handle])
    if one.state == RequestState.RETURNED:
        return Waiting(one, _("Correct it and submit it again"), edit)
    return Waiting(one, _("Go on writing"), edit)
