"""What is asked when a recommendation of an action plan is entered or moved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import Agency
from requests_app.models import Support
from toolkit.models import (
    READERS_OF_EVIDENCE,
    Horizon,
    Implementation,
    Part,
    Priority,
    Readers,
    Recommendation,
    RecommendationState,
)
from workflow.inputs import Input, Kind

LONGEST_TEXT = 4000


def _today() -> date:
    return timezone.now().date()


PART = Input(name="part", label=_("Part of the Toolkit"), kind=Kind.CHOICE, choices=Part.choices)
TEXT = Input(
    name="text",
    label=_("Recommendation"),
    max_length=LONGEST_TEXT,
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
ENTERED_NAMES = tuple(one.name for one in ENTERED)
# A list of answers to ENTERED, one dictionary for each recommendation, as an import has read them.
ROWS = Input(name="rows", label=_("Recommendations"), kind=Kind.NOTES, subjects=lambda obj: ())
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
    hint=_(
        "By what others can see it: a law with its number, a date, a public document. "
        "A recommendation of high priority needs it, as text or as a file."
    ),
    required=False,
)
FILE = Input(name="file", label=_("File"), kind=Kind.FILE, required=False)
READERS = Input(
    name="readers",
    label=_("Who may read the file?"),
    kind=Kind.CHOICE,
    choices=[(one.value, one.label) for one in READERS_OF_EVIDENCE],
    required=False,
    initial=lambda recommendation: Readers.CONCERNED,
)
REMARK = Input(name="note", label=_("Remark"), required=False)


NOTE = Input(name="note", label=_("Note"), max_length=2000)
SUPPORT = Input(
    name="support",
    label=_("What kind of support do you need?"),
    hint=_(
        "A draft of a request begins with the words of the recommendation. Only your own people "
        "see it until it is submitted."
    ),
    kind=Kind.ONE_OF,
    rows=lambda recommendation: Support.objects.on_offer(),
    key="key",
)


# ── revising and superseding ─────────────────────────────────────────────────────────────────


def _successors(recommendation: Any) -> "QuerySet[Recommendation]":
    """What can take its place: of the same Party, of the same cycle or a later one."""
    own = recommendation.implementation
    gone = [RecommendationState.SUPERSEDED, RecommendationState.NOT_ACCEPTED]
    others = Recommendation.objects.filter(
        implementation__party=own.party_id, implementation__cycle__gte=own.cycle
    )
    others = others.exclude(state__in=gone).exclude(pk=recommendation.pk)
    return others.select_related("implementation__party")


SUCCESSOR = Input(
    name="by",
    label=_("By which recommendation?"),
    hint=_("One of the same action plan, or of the plan of a later cycle."),
    kind=Kind.ONE_OF,
    rows=_successors,
)
REVISED = tuple(
    Input(
        name=one.name,
        label=one.label,
        kind=one.kind,
        choices=one.choices,
        rows=one.rows,
        key=one.key,
        required=one.required,
        max_length=one.max_length,
        initial=initial,
    )
    for one, initial in (
        (PART, lambda recommendation: recommendation.part),
        (TEXT, lambda recommendation: recommendation.text),
        (PRIORITY, lambda recommendation: recommendation.priority),
        (HORIZON, lambda recommendation: recommendation.horizon),
        (RESPONSIBLE, lambda recommendation: recommendation.responsible),
        (SUPPORTING, lambda recommendation: list(recommendation.supporting.all())),
    )
)


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
