"""One request: finding it, acting on it, fetching its files. Its page: views/status.py."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partners.kept_text import as_initial, keeps_typed_text
from requests_app.downloads import FileClosed, ImpossibleRange, as_download
from requests_app.models import Attachment, SupportRequest
from workflow.executor import can
from workflow.pages import action_page


def visible_request(request: HttpRequest, handle: str) -> SupportRequest:
    """The request of that reference or draft key, if the reader may see it; else 404."""
    visible = SupportRequest.objects.visible_to(request.user).with_names()
    return get_object_or_404(visible.at(handle.upper()))


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def request_action(request: HttpRequest, handle: str, action: str) -> HttpResponseBase:
    support_request = visible_request(request, handle)
    if action == "submit" and can(request.user, action, support_request):
        return redirect("requests:check", support_request.handle)  # it is done from there
    begun = {"assignee": request.user} if action == "take_up" else {}
    return action_page(
        request,
        support_request,
        action,
        about=support_request.handle,
        back=support_request.get_absolute_url(),
        # A draft has another address once it is submitted, so the way on goes by its draft key.
        done=reverse("requests:detail", args=[support_request.draft_key]),
        initial={**begun, **as_initial(request)},
    )


@require_safe
@login_required
def attachment(request: HttpRequest, handle: str, pk: int) -> HttpResponseBase:
    support_request = visible_request(request, handle)
    found = get_object_or_404(
        Attachment.objects.visible_to(request.user), pk=pk, support_request=support_request
    )
    found.support_request = support_request
    try:
        return as_download(found, request)
    except ImpossibleRange as behind:
        return behind.in_plain_text()
    except FileClosed as closed:
        context = {"support_request": support_request, "sentence": closed.sentence}
        return render(request, "requests_app/file_closed.html", context, status=409)
