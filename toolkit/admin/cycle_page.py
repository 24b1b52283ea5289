"""What the page of a cycle shows at the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from partners.acting import Button
from toolkit import documents, waiting
from toolkit.entries import entries
from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.plan import reading
from toolkit.timeline import about_implementations
from workflow.executor import allowed_actions

EVENTS_SHOWN = 40
_ABOUT_THE_PROPOSAL = frozenset({"confirm", "refuse", "take_back"})
_MOVES = frozenset({"propose", "propose_correction"})
_ABOUT_CONSENT = frozenset({"publish", "record_consent", "withdraw_consent"})


@dataclass(frozen=True)
class StepRow:
    """A step with what waits there, and the buttons of whoever looks."""

    step: StepStatus
    proposal: Proposal | None
    deciding: list[Button]  # about the proposal
    moving: list[Button]
    beside: list[Button]  # what leaves the state as it is
    is_overdue: bool


def page_of(implementation: Implementation, actor: Any, today: date) -> dict[str, Any]:
    """`implementation` with its steps prefetched, each with its proposal and its agency."""
    history = about_implementations([implementation.pk], actor)[:EVENTS_SHOWN]
    kept = list(documents.visible_of(implementation, actor))
    rows = [_row(implementation, step, actor, today) for step in implementation.steps.all()]
    buttons = _buttons(implementation, actor)
    return {
        "implementation": implementation,
        "party": implementation.party,
        "steps": rows,
        "waiting": [row for row in rows if row.proposal],
        "documents": kept,
        "open_document": buttons.pop("open_document", None),
        "consents": implementation.consents.select_related("given_by", "event").order_by("-pk"),
        "consent_buttons": [one for name, one in buttons.items() if name in _ABOUT_CONSENT],
        "buttons": [one for name, one in buttons.items() if name not in _ABOUT_CONSENT],
        "readings": documents.readings_of(kept, actor),
        "plan": reading.for_desk(implementation, actor),
        "timeline": entries(history, actor),
    }


def _buttons(implementation: Implementation, actor: Any) -> dict[str, Button]:
    def address(action: str) -> str:
        return reverse("admin:toolkit_implementation_act", args=[implementation.pk, action])

    return {
        one.action: Button(one.label, address(one.action), bool(one.warning))
        for one in allowed_actions(implementation, actor)
    }


def _row(implementation: Implementation, step: StepStatus, actor: Any, today: date) -> StepRow:
    step.implementation = implementation  # known already: one query less for each step
    where = (implementation.pk, step.position)
    buttons = {
        one.action: Button(
            one.label, reverse("admin:toolkit_implementation_step", args=[*where, one.action])
        )
        for one in allowed_actions(step, actor)
    }
    return StepRow(
        step,
        step.waiting,
        [one for name, one in buttons.items() if name in _ABOUT_THE_PROPOSAL],
        [one for name, one in buttons.items() if name in _MOVES],
        [one for name, one in buttons.items() if name not in _ABOUT_THE_PROPOSAL | _MOVES],
        waiting.is_overdue(step, today),
    )
