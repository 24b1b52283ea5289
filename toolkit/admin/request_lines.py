"""On the page of a request at the desk: where its Party stands with the Toolkit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.models import SupportRequest
from requests_app.record import Line, add_to_record
from toolkit.models import Implementation, Recommendation, StepStatus
from toolkit.notices import desk_page
from toolkit.plan.origins import in_words
from toolkit.steps import Phase, StepState, phase_of


@dataclass
class _Cycle:
    """What the lines say of one cycle."""

    implementation: Implementation
    to_do: int
    origin: int | None  # the recommendation out of which the request grew, and its number
    origin_number: int | None
    done: list[str] = field(default_factory=list)


def toolkit_lines(support_request: SupportRequest, actor: Any) -> list[Line]:
    """For the page of a request: out of which recommendation it grew, and where the Party stands
    with the Toolkit; one query."""
    cycles: dict[int, _Cycle] = {}
    for step in _steps(support_request, actor):
        step.implementation.party = support_request.party
        said = (step.implementation, step.to_do or 0, step.origin, step.origin_number)
        cycle = cycles.setdefault(step.implementation_id, _Cycle(*said))
        if step.state == StepState.DONE:
            cycle.done.append(step.step)
    every = list(cycles.values())
    return [_origin(one) for one in every if one.origin] + [_standing(one) for one in every]


def _steps(support_request: SupportRequest, actor: Any) -> Iterable[Any]:
    same_cycle = Recommendation.objects.inside(actor).filter(
        implementation=OuterRef("implementation")
    )
    open_ones = same_cycle.open().order_by().values("implementation")
    origin = same_cycle.filter(support_requests=support_request).order_by("number")
    steps = StepStatus.objects.visible_to(actor).filter(
        implementation__party=support_request.party_id
    )
    return (
        steps.annotate(
            to_do=Subquery(open_ones.annotate(n=Count("pk")).values("n")),
            origin=Subquery(origin.values("pk")[:1]),
            origin_number=Subquery(origin.values("number")[:1]),
        )
        .select_related("implementation")
        .order_by("implementation__cycle", "position")
    )


def _origin(cycle: _Cycle) -> Line:
    of, number = cycle.implementation, cycle.origin_number or 0
    page = reverse("country_recommendation", args=[of.party.code.lower(), cycle.origin])
    return Line(_("Grew out of:"), in_words(of, number), page)


def _standing(cycle: _Cycle) -> Line:
    words = [_phase_words(phase_of(cycle.done)), _open_words(cycle.to_do)]
    return Line(
        _("Toolkit, cycle %(number)d") % {"number": cycle.implementation.cycle},
        "; ".join(filter(None, words)),
        desk_page(cycle.implementation),
    )


def _open_words(count: int) -> str:
    if not count:
        return ""
    words = ngettext("%(count)d open recommendation", "%(count)d open recommendations", count)
    return words % {"count": count}


def _phase_words(phase: Phase | None) -> str:
    return str(phase.label if phase else _("not yet requested"))


add_to_record(toolkit_lines)
