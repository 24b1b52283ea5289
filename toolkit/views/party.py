"""A Party's page of the tracker, for everybody: its cycles, and what documents say of it."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.models import Party
from toolkit.entries import entries
from toolkit.models import Implementation, Observation, StepStatus
from toolkit.timeline import about_implementations
from workflow.executor import allowed_actions


@require_safe
def party(request: HttpRequest, code: str) -> HttpResponse:
    found = Party.objects.select_related("region").filter(code=code.upper()).first()
    if found is None:
        return render(request, "toolkit/unknown_party.html", {"code": code}, status=404)
    cycles = list(
        Implementation.objects.visible_to(request.user)
        .filter(party=found)
        .select_related("party", "lead_agency")
        .prefetch_related(
            Prefetch(
                "steps",
                StepStatus.objects.select_related("proposal", "agency").order_by("position"),
            )
        )
        .order_by("-cycle")
    )
    history = about_implementations([one.pk for one in cycles], request.user)
    observations = Observation.objects.visible_to(request.user).filter(party=found)
    context = {
        "party": found,
        "cycles": [_cycle(request, one) for one in cycles],
        "observations": observations.order_by("-effective_on", "-pk"),
        "timeline": entries(history, request.user),
    }
    return render(request, "toolkit/party.html", context)


def _cycle(request: HttpRequest, implementation: Implementation) -> dict[str, object]:
    return {
        "implementation": implementation,
        "actions": allowed_actions(implementation, request.user),
        "steps": [
            (step, allowed_actions(step, request.user)) for step in implementation.steps.all()
        ],
    }
