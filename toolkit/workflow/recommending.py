"""What is asked when a recommendation of an action plan is entered or moved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import Agency
from toolkit.models import Horizon, Implementation, Part, Priority, Recommendation
from workflow.inputs import Input, Kind


def _today() -> date:
    return timezone.now().date()


PART = Input(name="part", label=_("Part of the Toolkit"), kind=Kind.CHOICE, choices=Part.choices)
TEXT = Input(
    name="text",
    label=_("Recommendation"),
    hint=_("As the action plan has it. The country, the lead agency and the Secretariat see it."),
)
PRIORITY = Input(
    name="priority",
    label=_("Priority"),
    kind=Kind.CHOICE,
    choices=Priority.choices,
    initial=lambda implementation: Priority.MEDIUM,
)
HORIZON = Input(
    name="horizon", label=_("Horizon"), kind=Kind.CHOICE, choices=Horizon.choices, required=False
)
RESPONSIBLE = Input(
    name="responsible",
    label=_("Responsible national body"),
    kind=Kind.LINE,
    required=False,
    max_length=200,
)
SUPPORTING = Input(
    name="supporting",
    label=_("Supporting agencies"),
    kind=Kind.SOME_OF,
    rows=lambda obj: Agency.objects.all(),
    key="code",
    required=False,
)
DUE_ON = Input(name="due_on", label=_("Due"), kind=Kind.DATE, required=False)
NEW_DUE_ON = Input(
    name="due_on",
    label=_("New date"),
    kind=Kind.DATE,
    earliest=_today,
    initial=lambda recommendation: recommendation.due_on,
)
ENTERED = (PART, TEXT, PRIORITY, HORIZON, RESPONSIBLE, SUPPORTING, DUE_ON)
REASON = Input(name="reason", label=_("Reason"), max_length=2000)
PLAN = Input(
    name="note",
    label=_("What is being done?"),
    hint=_("Who does it, and what comes first."),
    required=False,
)
PROGRESS = Input(
    name="note",
    label=_("Progress"),
    hint=_("What was done since the last note. Earlier notes stay."),
)
OUTCOME = Input(
    name="outcome", label=_("Outcome"), hint=_("What was done, and what is different now.")
)
EVIDENCE = Input(
    name="evidence",
    label=_("Evidence"),
    hint=_("By what others can see it: a law with its number, a date, a public document."),
)
REMARK = Input(name="note", label=_("Remark"), required=False)


def enter(implementation: Implementation, said: Mapping[str, Any]) -> Recommendation:
    """Make the next numbered recommendation of a cycle. Call with the row of the cycle held."""
    last = implementation.recommendations.aggregate(Max("number"))["number__max"]
    plain = {name: said.get(name) or "" for name in ("part", "text", "horizon", "responsible")}
    made = Recommendation.objects.create(
        implementation=implementation,
        number=(last or 0) + 1,
        priority=said.get("priority") or Priority.MEDIUM,
        due_on=said.get("due_on"),
        **plain,
    )
    made.supporting.set(said.get("supporting") or [])
    return made
