from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.access import standing
from requests_app.conversations import unread_by_request
from requests_app.drafts import parties_to_draft_for
from requests_app.filters import StateFilter
from requests_app.models import SupportRequest
from requests_app.views.paging import page_of


@require_safe
@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """What the reader may see, newest first."""
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
        "may_begin": parties_to_draft_for(request.user).exists(),
    }
    return render(request, "requests_app/request_list.html", context)
