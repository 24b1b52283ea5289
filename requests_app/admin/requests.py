"""The queue of requests and the page of one: read, decide, act through the workflow."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.desk import id_in
from requests_app.admin.bulk import ActsOnMany
from requests_app.admin.case import page_of
from requests_app.admin.columns import QueueColumns, QueuePage
from requests_app.admin.export import LIST, export
from requests_app.admin.figure_filters import OF_REQUESTS
from requests_app.admin.filters import OfficerFilter, QueueFilter, StateFilter
from requests_app.admin.moving import queue_nav, with_queue
from requests_app.admin.taking import take
from requests_app.admin.told import told_of_request
from requests_app.admin.views_saved import saved_view_page, saved_views_page
from requests_app.models import SupportRequest
from requests_app.queues import BY_KEY, COUNTED, queue_in, submitted_to
from requests_app.saved_views import ViewForm, as_kept
from requests_app.searching import matching
from requests_app.views.detail import attachment
from requests_app.workflow import REQUESTS


class UpToAThousand(Paginator):
    """Counts no further than anybody pages; queues and filters lead to what lies beyond."""

    most = COUNTED

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[:COUNTED].count())


@admin.register(SupportRequest)
class SupportRequestAdmin(QueueColumns, ActsOnMany):
    paginator = UpToAThousand
    preserve_filters = False  # the address of a row names its queue
    list_display = (
        "reference", "party_here", "support", "urgency_here", "state_here", "waits_here", "age",
        "due_here", "officer_here",
    )  # fmt: skip
    list_select_related = ("party", "support", "assignee")
    list_filter = (
        QueueFilter, StateFilter, "urgency", OfficerFilter, "support", "party__region",
        *OF_REQUESTS,
    )  # fmt: skip
    linked_by = ("party__id__exact",)
    search_fields = ("reference",)
    search_help_text = gettext_lazy(
        "A reference, a Party in any language and spelling, or words of what was submitted"
    )
    actions = ("assign_many", "remind_many", "refer_many", "close_many")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[SupportRequest]":
        return submitted_to(request.user).order_by()

    def get_ordering(self, request: HttpRequest) -> Any:
        return (queue_in(request.GET) or BY_KEY["all"]).ordering

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return QueuePage

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return (matching(queryset, search_term) if search_term.strip() else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        owner: Any = request.user
        queue = queue_in(request.GET)
        query = as_kept(request.GET.urlencode())
        here = {
            "view_form": ViewForm(owner=owner, initial={"query": query}),
            "query": query,
            "title": queue.label if queue else _("Among all requests"),
        }
        return super().changelist_view(request, here | (extra_context or {}))

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def get_urls(self) -> Any:
        def page(address: str, view: Any, name: str) -> Any:
            wrapped = self.admin_site.admin_view(view)
            return path(address, wrapped, name=f"requests_app_supportrequest_{name}")

        return [
            page("<int:pk>/actions/<slug:action>/", self.act_view, "act"),
            page("<int:pk>/files/<int:file>/", self.file_view, "file"),
            page("<int:pk>/take/", self.take_view, "take"),
            page("bulk/<slug:key>/", self.bulk_view, "bulk"),
            page("export/<slug:form>/", self.export_view, "export"),
            page("views/", self.views_view, "views"),
            page("views/<int:pk>/<slug:what>/", self.view_view, "view"),
            *super().get_urls(),
        ]

    def _found(self, request: HttpRequest, pk: Any) -> SupportRequest:
        if id_in(str(pk)) is None:
            raise Http404
        known = self.shown_to(request).select_related(
            "party__region", "support", "assignee", "lead_agency"
        )
        return get_object_or_404(known, pk=pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of a request: to read. No form of it changes anything."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        support_request = self._found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": support_request.reference,
            "opts": self.opts,
            "queue_nav": queue_nav(request, support_request),
            **page_of(support_request, request.user, request.GET),
        }
        return TemplateResponse(request, "admin/requests_app/case.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        support_request = self._found(request, object_id)
        return HttpResponseRedirect(f"{address_of(support_request)}#history")

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        support_request = self._found(request, pk)
        if action not in REQUESTS.by_action:
            raise Http404
        return self.act(
            request,
            support_request,
            action,
            back=with_queue(request, address_of(support_request)),
            told=told_of_request(support_request, REQUESTS.by_action[action]),
            initial={"assignee": request.user} if action == "take_up" else None,
        )

    def file_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        return attachment(request, self._found(request, pk).handle, file)

    def take_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Assign to me; back to the list, or to the case, from which it was asked."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        support_request = self._found(request, pk)
        take(request, support_request)
        if "list" in request.GET:
            return HttpResponseRedirect(f"{reverse(LIST)}?{request.GET['list']}")
        return HttpResponseRedirect(with_queue(request, address_of(support_request)))

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        return export(self, request, form)

    def views_view(self, request: HttpRequest) -> HttpResponse:
        return saved_views_page(self, request)

    def view_view(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        return saved_view_page(self, request, pk, what)


def address_of(support_request: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[support_request.pk])
