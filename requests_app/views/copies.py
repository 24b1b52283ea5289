"""An earlier request as the beginning of a new one."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners.access import DRAFTER
from requests_app import copying
from requests_app.models import SupportRequest
from requests_app.models.requests import new_draft_key, usable_draft_key
from requests_app.views.detail import visible_request


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_copy(request: HttpRequest, handle: str) -> HttpResponse:
    """GET says what a copy keeps; POST makes it. Two clicks on one page make one copy."""
    support_request = visible_request(request, handle)
    if not DRAFTER(request.user, support_request):
        raise PermissionDenied(_("Only focal points and contributors of the Party copy a request."))
    if request.method != "POST":
        context = {"support_request": support_request, "draft_key": new_draft_key()}
        return render(request, "requests_app/copy.html", context)
    key = usable_draft_key(request.POST.get("draft_key", ""))
    copied = _made_before(request, key)
    if copied is None:
        try:
            copied = copying.copy(support_request, by=request.user, draft_key=key)
        except IntegrityError:  # the key is taken: by a first click this moment, or by others
            copied = _made_before(request, key) or copying.copy(support_request, by=request.user)
    return redirect("requests:edit", copied.handle)


def _made_before(request: HttpRequest, key: str) -> SupportRequest | None:
    own = SupportRequest.objects.visible_to(request.user).filter(created_by=request.user.pk)
    return own.filter(draft_key=key).first()
