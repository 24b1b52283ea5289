"""Assessments on the desk: those that were submitted, to read. Drafts are the country's own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.desk import ReadOnlyAdmin, parties_called
from toolkit.assessment_pages import outcomes_of
from toolkit.entries import entries
from toolkit.models import Assessment
from toolkit.timeline import about_assessment


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ("party_here", "instrument", "when_here", "lead_agency", "is_disclosed")
    list_filter = ("instrument", "is_disclosed", "lead_agency", "held_on")
    search_fields = ("party__code",)
    search_help_text = gettext_lazy("A Party in any language and spelling")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Assessment]":
        inside = Assessment.objects.inside(request.user)
        return inside.select_related("party", "lead_agency", "edition", "implementation")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(party__in=parties_called(search_term)), False

    @admin.display(description=gettext_lazy("Party"), ordering="party__name_en")
    def party_here(self, assessment: Assessment) -> str:
        return assessment.party.name

    @admin.display(description=gettext_lazy("date of assessment"), ordering="held_on")
    def when_here(self, assessment: Assessment) -> str:
        return assessment.when_in_words

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links = [
            (reverse("admin:toolkit_edition_changelist"), _("Editions of the Indicator Framework"))
        ]
        return super().changelist_view(
            request, extra_context={**(extra_context or {}), "desk_links": links}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole assessment, to read."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        is_number = object_id.isascii() and object_id.isdigit()
        rows = self.get_queryset(request)
        assessment = get_object_or_404(rows, pk=object_id if is_number else 0)
        sections = outcomes_of(assessment)
        context = {
            **self.admin_site.each_context(request),
            "title": str(assessment),
            "opts": self.opts,
            "assessment": assessment,
            "agencies": assessment.agencies.all(),
            "sections": sections,
            "answered": sum(section.answered for section in sections),
            "count": sum(len(section.rows) for section in sections),
            "timeline": entries(about_assessment(assessment, request.user), request.user),
        }
        return TemplateResponse(request, "admin/toolkit/assessment.html", context)
