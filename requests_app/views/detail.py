"""One request: where it is, what it says, what happened, what the reader may do."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import standing
from requests_app.downloads import FileClosed, as_download
from requests_app.drafts import may_edit
from requests_app.entries import entries
from requests_app.models import Attachment, RequestState, SupportRequest
from requests_app.reading import (
    answers_open_to,
    differences,
    is_of_the_party,
    sections,
    words_are_open_to,
)
from requests_app.timeline import about_request
from requests_app.whereabouts import whereabouts
from requests_app.workflow.request_changes import gaps
from workflow.executor import allowed_actions
from workflow.pages import action_page


def visible_request(request: HttpRequest, handle: str) -> SupportRequest:
    """The request of that reference or draft key, if the reader may see it; else 404."""
    visible = SupportRequest.objects.visible_to(request.user).with_names()
    return get_object_or_404(visible.at(handle.upper()))


@require_safe
@login_required
def request_detail(request: HttpRequest, handle: str) -> HttpResponse:
    support_request = visible_request(request, handle)
    if handle != support_request.handle:
        query = request.GET.urlencode()
        address = support_request.get_absolute_url()
        return redirect(f"{address}?{query}" if query else address)
    actor = request.user
    me = standing(actor)
    own = is_of_the_party(actor, support_request)
    actions = allowed_actions(support_request, actor)
    referrals = list(
        support_request.referrals.visible_to(actor).select_related("agency").order_by("pk")
    )
    versions = list(support_request.versions.order_by("number"))
    missing = gaps(support_request) if may_edit(actor, support_request) else {}
    context = {
        "support_request": support_request,
        "whereabouts": whereabouts(support_request, actor, referrals, actions),
        "actions": [one for one in actions if one.action != "submit"],
        "may_submit": any(one.action == "submit" for one in actions),
        "may_edit": may_edit(actor, support_request),
        "gaps": missing,
        "sections": sections(answers_open_to(actor, support_request, versions)),
        "versions": versions,
        "differences": differences(versions) if own or me.sees_all else [],
        "referrals": [(one, words_are_open_to(actor, one)) for one in referrals],
        "attachments": support_request.attachments.visible_to(actor),
        "timeline": entries(about_request(support_request, actor), actor),
        "own": own,
        "just_submitted": request.GET.get("done") == "submit"
        and support_request.state == RequestState.SUBMITTED,
    }
    return render(request, "requests_app/request_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_action(request: HttpRequest, handle: str, action: str) -> HttpResponse:
    support_request = visible_request(request, handle)
    after = "?done=submit" if action == "submit" else ""
    return action_page(
        request,
        support_request,
        action,
        about=support_request.handle,
        back=support_request.get_absolute_url(),
        # A draft has another address once it is submitted, so the way on goes by its draft key.
        done=reverse("requests:detail", args=[support_request.draft_key]) + after,
        initial={"assignee": request.user} if action == "take_up" else None,
    )


@require_safe
@login_required
def attachment(request: HttpRequest, handle: str, pk: int) -> HttpResponseBase:
    support_request = visible_request(request, handle)
    found = get_object_or_404(
        Attachment.objects.visible_to(request.user), pk=pk, support_request=support_request
    )
    try:
        return as_download(found)
    except FileClosed as closed:
        context = {"support_request": support_request, "sentence": closed.sentence}
        return render(request, "requests_app/file_closed.html", context, status=409)
