"""On the page of a request at the desk: where its Party stands with the Toolkit."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import Party
from requests_app.record import Line, add_to_record
from toolkit.models import Implementation, Recommendation, StepStatus
from toolkit.notices import desk_page
from toolkit.steps import Phase, StepState, phase_of


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
            desk_page(cycle),
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
