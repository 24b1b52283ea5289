"""Downloads of the queue: what the list shows, with its filters, search and order, all pages."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone

from requests_app.exporting import MOST_ROWS, as_csv, as_xlsx, keep_in_mind

LIST = "admin:requests_app_supportrequest_changelist"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(admin: Any, request: HttpRequest, form: str) -> HttpResponseBase:
    """The list of `admin` as this address would show it, as a file in the form "csv" or "xlsx"."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    if not admin.has_view_permission(request):
        raise PermissionDenied
    try:
        shown = admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        return HttpResponseRedirect(reverse(LIST))
    there = len(shown.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
    rows = shown[:MOST_ROWS].iterator(chunk_size=500)
    is_cut = there > MOST_ROWS
    user: Any = request.user
    keep_in_mind(user, request.GET.urlencode()[:1000], min(there, MOST_ROWS), form)
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(as_csv(rows, is_cut), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(as_xlsx(rows, is_cut), content_type=_XLSX)
    name = f"requests-{timezone.localdate().isoformat()}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
