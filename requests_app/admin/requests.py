"""The queue of requests and the page of one: read, decide, act through the workflow."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
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
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from partners.acting import ActingAdmin
from partners.desk import id_in, parties_called
from requests_app.admin.case import page_of
from requests_app.admin.filters import OfficerFilter, WorkFilter
from requests_app.admin.told import told_of_request
from requests_app.models import RequestState, SupportRequest
from requests_app.templatetags.case_tags import status
from requests_app.views.detail import attachment
from requests_app.workflow import REQUESTS

COUNTED = 10_000


class UpToTenThousand(Paginator):
    """Counts no further than anybody pages; filters lead to what lies beyond."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[:COUNTED].count())


# What waits for the desk comes first, then what waits for others; the oldest first in each.
_WHOSE_MOVE = Case(
    When(state=RequestState.SUBMITTED, then=Value(0)),
    When(state=RequestState.IN_REVIEW, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@admin.register(SupportRequest)
class SupportRequestAdmin(ActingAdmin):
    paginator = UpToTenThousand
    list_display = (
        "reference", "party_here", "support", "urgency_here", "state_here", "assignee",
        "submitted_on", "age",
    )  # fmt: skip
    list_select_related = ("party", "support", "assignee")
    list_filter = (WorkFilter, "support", "urgency", OfficerFilter, "party__region")
    search_fields = ("reference",)
    search_help_text = gettext_lazy("A reference, or a Party in any language and spelling")
    ordering = (_WHOSE_MOVE.asc(), "submitted_at")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[SupportRequest]":
        # Drafts belong to the country, also where a reader of the desk could see one.
        visible = SupportRequest.objects.visible_to(request.user).filter(reference__isnull=False)
        return visible.order_by(*self.get_ordering(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        term = search_term.strip()
        if not term:
            return queryset, False
        party = Q(party__in=parties_called(term))
        return queryset.filter(Q(reference__icontains=term) | party), False

    # ── columns ──────────────────────────────────────────────────────────────────────────────

    @admin.display(description=gettext_lazy("Party"), ordering="party__name_en")
    def party_here(self, support_request: SupportRequest) -> str:
        return support_request.party.name

    @admin.display(description=gettext_lazy("urgency"), ordering="urgency")
    def urgency_here(self, support_request: SupportRequest) -> str:
        return str(support_request.get_urgency_display()).partition(":")[0]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, support_request: SupportRequest) -> SafeString:
        return status(support_request)

    @admin.display(description=gettext_lazy("submitted"), ordering="submitted_at")
    def submitted_on(self, support_request: SupportRequest) -> Any:
        return support_request.submitted_at and support_request.submitted_at.date()

    @admin.display(description=gettext_lazy("age"), ordering="-submitted_at")
    def age(self, support_request: SupportRequest) -> str:
        if support_request.is_ended or not support_request.submitted_at:
            return "–"
        days = (timezone.now() - support_request.submitted_at).days
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        name = "requests_app_supportrequest"
        return [
            path("<int:pk>/actions/<slug:action>/", view(self.act_view), name=f"{name}_act"),
            path("<int:pk>/files/<int:file>/", view(self.file_view), name=f"{name}_file"),
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
            **page_of(support_request, request.user, before=request.GET.get("before", "")),
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
            back=address_of(support_request),
            told=told_of_request(support_request, REQUESTS.by_action[action]),
            initial={"assignee": request.user} if action == "take_up" else None,
        )

    def file_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        return attachment(request, self._found(request, pk).handle, file)


def address_of(support_request: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[support_request.pk])
