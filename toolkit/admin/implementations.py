"""The cycles on the desk: what waits, where each step stands, and the buttons that move it."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from partners.acting import ActingAdmin, Told
from partners.desk import Words, id_in, parties_called
from requests_app.downloads import FileClosed, ImpossibleRange
from toolkit import documents, notices, waiting
from toolkit.admin import opening
from toolkit.admin.cycle_page import page_of
from toolkit.admin.filters import PhaseFilter, WaitsFilter
from toolkit.models import Document, Implementation, StepStatus
from toolkit.notices import desk_page
from toolkit.templatetags.toolkit_tags import phase
from toolkit.workflow import IMPLEMENTATIONS, STEPS
from workflow.transitions import Transition

_NAME = "toolkit_implementation"
_HEADINGS: dict[str, Words] = {
    notices.FOCAL_POINTS: gettext_lazy("Focal points of the Party"),
    notices.LEAD_AGENCY: gettext_lazy("The lead agency"),
    notices.DESK: gettext_lazy("The Secretariat’s desk"),
}


def told_of(implementation: Implementation, transition: Transition) -> list[Told]:
    """The same people as in toolkit.notices; an implementation need not have a lead agency."""
    return [
        Told(_HEADINGS[audience], notices.people_of(audience, implementation))
        for audience in transition.tells
        if audience != notices.LEAD_AGENCY or implementation.lead_agency_id
    ]


@admin.register(Implementation)
class ImplementationAdmin(ActingAdmin):
    list_display = (
        "party_here", "phase_here", "waits_here", "lead_agency", "state", "moved_here",
    )  # fmt: skip
    list_select_related = ("party", "lead_agency")
    list_filter = (WaitsFilter, PhaseFilter, "state", "lead_agency", "party__region")
    search_fields = ("party__code",)
    search_help_text = gettext_lazy("A Party in any language and spelling")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Implementation]":
        visible = Implementation.objects.inside(request.user).select_related(
            "party", "lead_agency", "support_request"
        )
        steps = StepStatus.objects.select_related(
            "proposal__by", "proposal__agency", "agency"
        ).order_by("position")
        return visible.prefetch_related(Prefetch("steps", steps))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(party__in=parties_called(search_term)), False

    @admin.display(description=gettext_lazy("Party"), ordering="party__name_en")
    def party_here(self, implementation: Implementation) -> str:
        said = {"party": implementation.party.name, "number": implementation.cycle}
        return gettext("%(party)s, cycle %(number)d") % said

    @admin.display(description=gettext_lazy("phase"))
    def phase_here(self, implementation: Implementation) -> SafeString:
        return phase(implementation.phase, in_short=True)

    @admin.display(description=gettext_lazy("to be confirmed"))
    def waits_here(self, implementation: Implementation) -> str:
        waiting = sum(step.waiting is not None for step in implementation.steps.all())
        return str(waiting) if waiting else "–"

    @admin.display(description=gettext_lazy("last movement"))
    def moved_here(self, implementation: Implementation) -> str:
        moved = max(step.moved_at for step in implementation.steps.all())
        return date_format(moved, "DATE_FORMAT")

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("open/", view(self.open_view), name=f"{_NAME}_open"),
            path("<int:pk>/actions/<slug:action>/", view(self.act_view), name=f"{_NAME}_act"),
            path(
                "<int:pk>/steps/<int:step>/<slug:action>/",
                view(self.step_view),
                name=f"{_NAME}_step",
            ),
            path("<int:pk>/documents/<int:file>/", view(self.document_view), name=f"{_NAME}_file"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links = []
        if opening.may_open(request):
            links = [(reverse(f"admin:{_NAME}_open"), gettext_lazy("Open a cycle"))]
        return super().changelist_view(request, {"desk_links": links, **(extra_context or {})})

    def open_view(self, request: HttpRequest) -> HttpResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return opening.open_page(request, frame)

    def _found(self, request: HttpRequest, pk: Any) -> Implementation:
        if id_in(str(pk)) is None:
            raise Http404
        found: Implementation = get_object_or_404(self.shown_to(request), pk=pk)
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of an implementation: to read. No form of it changes anything."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        implementation = self._found(request, object_id)
        frame = self.admin_site.each_context(request) | {
            "title": str(implementation),
            "opts": self.opts,
        }
        page = frame | page_of(implementation, request.user, timezone.now().date())
        return TemplateResponse(request, "admin/toolkit/implementation.html", page)

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        implementation = self._found(request, pk)
        if action not in IMPLEMENTATIONS.by_action:
            raise Http404
        if action == "enter_plan":  # its page reads a workbook
            where = [implementation.party.code.lower(), implementation.cycle]
            return redirect("country_plan_import", *where)
        told = told_of(implementation, IMPLEMENTATIONS.by_action[action])
        back = desk_page(implementation)
        return self.act(request, implementation, action, back=back, told=told)

    def step_view(self, request: HttpRequest, pk: int, step: int, action: str) -> HttpResponse:
        implementation = self._found(request, pk)
        found = get_object_or_404(
            implementation.steps.select_related("implementation__party", "proposal"), position=step
        )
        if action not in STEPS.by_action:
            raise Http404
        told = told_of(implementation, STEPS.by_action[action])
        back = desk_page(implementation)
        why_closed = {"why_closed": lambda: waiting.why_closed(found, action)}
        return self.act(request, found, action, back=back, told=told, more=why_closed)

    @method_decorator(require_safe)
    def document_view(self, request: HttpRequest, pk: int, file: int) -> Any:
        implementation = self._found(request, pk)
        mine = Document.objects.visible_to(request.user).select_related("implementation__party")
        if id_in(str(file)) is None:
            raise Http404
        found = get_object_or_404(mine, implementation=implementation, pk=file)
        try:
            return documents.as_download(found, request)
        except ImpossibleRange as behind:
            return behind.in_plain_text()
        except FileClosed as closed:
            frame = self.admin_site.each_context(request) | {"opts": self.opts}
            context = frame | {"title": found.title, "sentence": closed.sentence}
            context |= {"subtitle": str(implementation), "back": desk_page(implementation)}
            return TemplateResponse(request, "admin/toolkit/file_closed.html", context, status=409)
