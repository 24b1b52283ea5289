"""The Toolkit on the desk: where each step stands, and the buttons that move it."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.acting import ActingAdmin, Button, Told
from partners.desk import Words, id_in, parties_called
from partners.models import Party
from requests_app.record import Line, add_to_record
from toolkit import notices
from toolkit.entries import entries
from toolkit.models import Implementation, Recommendation, StepStatus
from toolkit.steps import Phase, StepState, phase_of
from toolkit.templatetags.toolkit_tags import phase
from toolkit.timeline import about_implementations
from toolkit.workflow import IMPLEMENTATIONS, STEPS
from workflow.executor import allowed_actions
from workflow.transitions import Transition

EVENTS_SHOWN = 40
_NAME = "toolkit_implementation"


def address_of(implementation: Implementation) -> str:
    return reverse(f"admin:{_NAME}_change", args=[implementation.pk])


def toolkit_lines(party: Party, actor: Any) -> list[Line]:
    """For the page of a request: where the Party stands with the Toolkit."""
    done: dict[int, list[str]] = {}
    cycles: dict[int, Implementation] = {}
    to_do: dict[int, int] = {}
    open_ones = Recommendation.objects.visible_to(actor).open().order_by()
    counted = open_ones.filter(implementation=OuterRef("implementation")).values("implementation")
    steps = StepStatus.objects.visible_to(actor).filter(implementation__party=party)
    steps = steps.annotate(to_do=Subquery(counted.annotate(n=Count("pk")).values("n")))
    ordered = steps.select_related("implementation").order_by("implementation__cycle", "position")
    for step in ordered:
        cycles[step.implementation_id] = step.implementation
        to_do[step.implementation_id] = getattr(step, "to_do", None) or 0
        done.setdefault(step.implementation_id, [])
        if step.state == StepState.DONE:
            done[step.implementation_id].append(step.step)
    return [
        Line(
            _("Toolkit, cycle %(number)d") % {"number": cycle.cycle},
            "; ".join(filter(None, [_phase_words(phase_of(done[pk])), _open_words(to_do[pk])])),
            address_of(cycle),
        )
        for pk, cycle in cycles.items()
    ]


def _open_words(count: int) -> str:
    if not count:
        return ""
    words = ngettext("%(count)d open recommendation", "%(count)d open recommendations", count)
    return words % {"count": count}


def _phase_words(phase: Phase | None) -> str:
    return str(phase.label if phase else _("not yet requested"))


add_to_record(toolkit_lines)

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
    list_display = ("party_here", "cycle", "phase_here", "lead_agency", "state", "updated_at")
    list_select_related = ("party", "lead_agency")
    list_filter = ("state", "lead_agency", "party__region")
    search_fields = ("party__code",)
    search_help_text = gettext_lazy("A Party in any language and spelling")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Implementation]":
        visible = Implementation.objects.visible_to(request.user).select_related(
            "party", "lead_agency", "support_request"
        )
        steps = StepStatus.objects.select_related("proposal", "agency").order_by("position")
        return visible.prefetch_related(Prefetch("steps", steps))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(party__in=parties_called(search_term)), False

    @admin.display(description=gettext_lazy("Party"), ordering="party__name_en")
    def party_here(self, implementation: Implementation) -> str:
        return implementation.party.name

    @admin.display(description=gettext_lazy("phase"))
    def phase_here(self, implementation: Implementation) -> SafeString:
        return phase(implementation.phase)

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/actions/<slug:action>/", view(self.act_view), name=f"{_NAME}_act"),
            path(
                "<int:pk>/steps/<int:step>/<slug:action>/",
                view(self.step_view),
                name=f"{_NAME}_step",
            ),
            *super().get_urls(),
        ]

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
        history = about_implementations([implementation.pk], request.user)[:EVENTS_SHOWN]
        context = {
            **self.admin_site.each_context(request),
            "title": str(implementation),
            "opts": self.opts,
            "implementation": implementation,
            "buttons": _buttons(implementation, request.user),
            "steps": [
                (step, _step_buttons(implementation, step, request.user))
                for step in implementation.steps.all()
            ],
            "timeline": entries(history, request.user),
        }
        return TemplateResponse(request, "admin/toolkit/implementation.html", context)

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        implementation = self._found(request, pk)
        if action not in IMPLEMENTATIONS.by_action:
            raise Http404
        told = told_of(implementation, IMPLEMENTATIONS.by_action[action])
        back = address_of(implementation)
        return self.act(request, implementation, action, back=back, told=told)

    def step_view(self, request: HttpRequest, pk: int, step: int, action: str) -> HttpResponse:
        implementation = self._found(request, pk)
        found = get_object_or_404(
            implementation.steps.select_related("implementation__party", "proposal"), position=step
        )
        if action not in STEPS.by_action:
            raise Http404
        told = told_of(implementation, STEPS.by_action[action])
        return self.act(request, found, action, back=address_of(implementation), told=told)


def _buttons(implementation: Implementation, actor: Any) -> list[Button]:
    return [
        Button(one.label, reverse(f"admin:{_NAME}_act", args=[implementation.pk, one.action]))
        for one in allowed_actions(implementation, actor)
    ]


def _step_buttons(implementation: Implementation, step: StepStatus, actor: Any) -> list[Button]:
    step.implementation = implementation  # known already: one query less for each step
    where = (implementation.pk, step.position)
    return [
        Button(one.label, reverse(f"admin:{_NAME}_step", args=[*where, one.action]))
        for one in allowed_actions(step, actor)
    ]
