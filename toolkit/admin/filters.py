"""How the desk narrows the list of cycles."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.steps import NUMBERED, Phase, StepState, phase_of

Cycles = QuerySet[Implementation]


class WaitsFilter(admin.SimpleListFilter):
    """What somebody has to do something about."""

    title = gettext_lazy("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        days = settings.TOOLKIT_STILL_DAYS
        return [
            ("confirmation", _("A change to be confirmed")),
            ("me", _("A change that you may confirm")),
            ("still", _("Nothing moved for %(days)d days") % {"days": days}),
            ("late", _("An expected date is past")),
        ]

    def queryset(self, request: HttpRequest, queryset: Cycles) -> Cycles:
        of_cycle = StepStatus.objects.filter(implementation=OuterRef("pk")).order_by()
        proposals = Proposal.objects.filter(step__implementation=OuterRef("pk"))
        match self.value():
            case "confirmation":
                return queryset.filter(Exists(proposals))
            case "me":
                return queryset.filter(Exists(proposals.exclude(by=request.user.pk)))
            case "still":
                before = timezone.now() - timedelta(days=settings.TOOLKIT_STILL_DAYS)
                moved = of_cycle.values("implementation").annotate(last=Max("moved_at"))
                still = queryset.annotate(last_moved_at=Subquery(moved.values("last")))
                ended = of_cycle.filter(step=NUMBERED[-1], state=StepState.DONE)
                return still.filter(~Exists(ended), last_moved_at__lte=before)
            case "late":
                late = of_cycle.filter(
                    state__in=[StepState.NOT_STARTED, StepState.UNDER_WAY],
                    expected_on__lt=timezone.now().date(),
                )
                return queryset.filter(Exists(late))
        return queryset


class PhaseFilter(admin.SimpleListFilter):
    """By the phase that follows from the steps done; see toolkit.steps.phase_of."""

    title = gettext_lazy("phase")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one.value, capfirst(str(one.label))) for one in Phase]

    def queryset(self, request: HttpRequest, queryset: Cycles) -> Cycles:
        if self.value() not in Phase.values:
            return queryset
        # The phase is that of the highest numbered step done, so each step alone says it.
        done = StepStatus.objects.filter(
            implementation=OuterRef("pk"), state=StepState.DONE, step__in=NUMBERED
        ).order_by("-position")
        highest = [step for step in NUMBERED if phase_of([step]) == self.value()]
        reached = queryset.annotate(highest_done=Subquery(done.values("step")[:1]))
        return reached.filter(highest_done__in=highest)
