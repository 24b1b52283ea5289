"""Referrals: to read, and to recall."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from partners.acting import ActingAdmin
from partners.desk import parties_called
from requests_app.admin.figure_filters import OF_REFERRALS
from requests_app.admin.filters import AnswerFilter
from requests_app.admin.moving import with_queue
from requests_app.admin.told import told_of_referral
from requests_app.models import Referral
from requests_app.templatetags.case_tags import status
from requests_app.workflow import REFERRALS
from workflow.executor import allowed_actions


@admin.register(Referral)
class ReferralAdmin(ActingAdmin):
    list_display = ("reference", "agency", "party_here", "state_here", "answer_due_on", "sent_at")
    list_select_related = ("support_request__party", "agency")
    list_filter = (AnswerFilter, "state", "agency", *OF_REFERRALS)
    linked_by = ("support_request__id__exact",)
    search_fields = ("support_request__reference",)
    search_help_text = gettext_lazy("A reference, or a Party in any language and spelling")
    fields = (
        "support_request", "agency", "state_here", "note", "answer_due_on", "answer",
        "answered_at", "started_on", "reports_here", "delivered_on", "outcome", "sent_at",
        "reminded_at",
    )  # fmt: skip
    readonly_fields = ("state_here", "reports_here")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Referral]":
        return Referral.objects.visible_to(request.user).select_related(
            "support_request__party", "agency"
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            named = parties_called(search_term)
            found |= queryset.filter(support_request__party__in=named)
        return found, doubled

    @admin.display(description=gettext_lazy("reference"), ordering="support_request__reference")
    def reference(self, referral: Referral) -> str:
        return referral.support_request.handle

    @admin.display(description=gettext_lazy("Party"), ordering="support_request__party__name_en")
    def party_here(self, referral: Referral) -> str:
        return referral.support_request.party.name

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, referral: Referral) -> SafeString:
        return status(referral)

    @admin.display(description=gettext_lazy("progress reports"))
    def reports_here(self, referral: Referral) -> SafeString | str:
        lines = [
            (date_format(one.began_on), date_format(one.ended_on), one.outcome)
            for one in referral.delivery_reports.all()
        ]
        return format_html_join("", "<div>{} – {}: {}</div>", lines) or "–"

    def get_urls(self) -> Any:
        act = self.admin_site.admin_view(self.act_view)
        name = "requests_app_referral_act"
        return [path("<int:pk>/actions/<slug:action>/", act, name=name), *super().get_urls()]

    def desk_links(self, request: HttpRequest, obj: Referral) -> Any:
        case = reverse("admin:requests_app_supportrequest_change", args=[obj.support_request_id])
        buttons = [
            (reverse("admin:requests_app_referral_act", args=[obj.pk, one.action]), one.label)
            for one in allowed_actions(obj, request.user)
        ]
        return [(case, gettext_lazy("To the request")), *buttons]

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        referral = get_object_or_404(self.shown_to(request), pk=pk)
        if action not in REFERRALS.by_action:
            raise Http404
        case = referral.support_request_id
        return self.act(
            request,
            referral,
            action,
            back=with_queue(
                request, reverse("admin:requests_app_supportrequest_change", args=[case])
            ),
            told=told_of_referral(referral, REFERRALS.by_action[action]),
        )
