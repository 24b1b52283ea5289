"""What waits for a second pair of eyes, and for whom."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partners.access import standing
from partners.models import Role
from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.steps import StepState

_OPEN = frozenset({StepState.NOT_STARTED, StepState.UNDER_WAY})


def _may_be_confirmed_by(actor: Any) -> Q:
    """In the terms of a query what toolkit.workflow.steps.CONFIRMER says of one step."""
    me = standing(actor)
    of_others = ~Q(by=actor) & ~Q(agency__in=me.all_agencies)
    if me.secretariat & {Role.OFFICER, Role.LEAD}:
        return of_others
    led = me.agencies.get(Role.OFFICER, frozenset())
    return Q(step__implementation__lead_agency_id__in=led) & of_others


def for_actor(actor: Any) -> "QuerySet[Proposal]":
    """Proposals that the actor may confirm, the oldest first."""
    if standing(actor).parties and not (standing(actor).secretariat or standing(actor).agencies):
        return Proposal.objects.none()
    return _with_names(Proposal.objects.filter(_may_be_confirmed_by(actor)))


def for_others(actor: Any) -> "QuerySet[Proposal]":
    """Proposals that the actor may read and somebody else has to confirm, the oldest first."""
    inside = Implementation.objects.inside(actor).values("pk")
    found = Proposal.objects.filter(step__implementation__in=inside)
    return _with_names(found.exclude(pk__in=for_actor(actor).order_by().values("pk")))


def of_party(party_id: int, actor: Any) -> "QuerySet[Proposal]":
    """What waits in the cycles of one Party, as far as the actor reads them inside: for
    templates/toolkit/_waiting.html, in one query."""
    inside = Implementation.objects.inside(actor).filter(party_id=party_id).values("pk")
    return _with_names(Proposal.objects.filter(step__implementation__in=inside))


def _with_names(proposals: "QuerySet[Proposal]") -> "QuerySet[Proposal]":
    return proposals.select_related("step__implementation__party", "by", "agency").order_by(
        "at", "pk"
    )


def is_overdue(step: StepStatus, today: date) -> bool:
    """Is its expected date past, and the step not settled?"""
    return step.state in _OPEN and step.expected_on is not None and step.expected_on < today


def why_closed(step: StepStatus, action: str) -> str:
    """Why an action on the step is closed although its state would allow it; empty otherwise."""
    if step.waiting and action in {"propose", "propose_correction"}:
        return _("What was proposed before waits to be confirmed first.")
    if not step.waiting and action in {"confirm", "refuse", "take_back"}:
        return _("Nothing waits to be confirmed here any more.")
    return ""
