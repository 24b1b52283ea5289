"""The frame of the form's pages: who may open them, which comes after which, where buttons lead."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import DRAFTER
from requests_app.completeness import steps_for
from requests_app.models import SupportRequest
from requests_app.views.detail import visible_request

SUPPORT, DOCUMENTS, CHECK = "support", "documents", "check"


@dataclass(frozen=True)
class Place:
    """Where a page stands in the form of one request. The kind of support has no number: it is
    chosen before there are steps to count."""

    title: str
    number: int
    of: int
    back: str  # addresses
    onwards: str
    returns_to_check: bool  # the writer came to change one answer


def editable_request(request: HttpRequest, handle: str) -> SupportRequest:
    """The request, if the reader may write it at all; 403 for others who may see it."""
    draft = visible_request(request, handle)
    if not DRAFTER(request.user, draft):
        raise PermissionDenied(_("Only focal points and contributors of the Party edit a request."))
    return draft


def place_of(request: HttpRequest, draft: SupportRequest, key: str) -> Place:
    """The place of the page `key`: a step, SUPPORT, DOCUMENTS or CHECK."""
    titles = {step.key: str(step.title) for step in steps_for(draft)}
    titles |= {DOCUMENTS: _("Documents"), CHECK: _("Check and submit")}
    keys = [SUPPORT, *titles]
    number = keys.index(key) if key in keys else 0
    overview = reverse("requests:edit", args=[draft.handle])
    returns = request.GET.get("then") == CHECK and key != CHECK
    checking = address_of(draft, CHECK)
    after = keys[min(number + 1, len(keys) - 1)]
    back = address_of(draft, keys[number - 1]) if number else overview
    return Place(
        title=titles.get(key, _("Kind of support")),
        number=number,
        of=len(titles),
        back=checking if returns else back,
        onwards=checking if returns else address_of(draft, after),
        returns_to_check=returns,
    )


def address_of(draft: SupportRequest, key: str) -> str:
    return reverse("requests:step", args=[draft.handle, key])


def way_on(request: HttpRequest, draft: SupportRequest, key: str) -> str:
    """The address to which the pressed button leads once everything is saved."""
    if "leave" in request.POST:
        messages.success(request, _("What you wrote is saved. You can come back at any time."))
    return address_behind(request, draft, key)


def address_behind(request: HttpRequest, draft: SupportRequest, key: str) -> str:
    """Where the pressed button leads."""
    if "leave" in request.POST:
        return reverse("requests:edit", args=[draft.handle])
    place = place_of(request, draft, key)
    return place.back if "back" in request.POST else place.onwards


def closed(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    """For a page of the form that was opened when there is nothing to write any more."""
    messages.info(request, _("The answers were submitted and can no longer be changed."))
    return redirect(draft)
