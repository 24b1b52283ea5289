"""What may happen to a step. Steps may overlap or be skipped; going back is a correction.

No step is dated before the request or ends before it begins; a correction may rewrite dates.
"""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from history.precision import Precision, certain_day
from partners.access import LEAD_AGENCY, OFFICER, fresh, snapshot
from toolkit import notices
from toolkit.models import Implementation, StepStatus
from toolkit.steps import Step, StepState
from workflow.errors import InvalidInput
from workflow.inputs import Input, Kind
from workflow.transitions import Act, Data, Table, Transition

S = StepState


def _today() -> date:
    return timezone.now().date()


ON = Input(
    name="effective_on",
    label=_("Date"),
    kind=Kind.DATE,
    latest=_today,
    hint=_("For a month or a year, give any day of it, up to today."),
)
PRECISION = Input(
    name="precision",
    label=_("How exactly is the date known?"),
    kind=Kind.CHOICE,
    choices=Precision.choices,
    initial=lambda step: Precision.DAY,
)
NOTE = Input(name="note", label=_("Note"), required=False, max_length=2000)
SOURCE = Input(
    name="source", label=_("Source"), kind=Kind.LINE, required=False, max_length=300,
    hint=_("The document or letter that says so."),
)  # fmt: skip
REASON = Input(name="reason", label=_("Reason"), max_length=2000)
NEW_STATE = Input(
    name="state", label=_("The right state"), kind=Kind.CHOICE, choices=StepState.choices
)


def _certain(answers: Data) -> dict[str, Any]:
    """A month or a year is kept as its last day, whichever of its days was given."""
    precision = answers.get("precision") or Precision.DAY
    day = certain_day(answers["effective_on"], precision, _today())
    return {**answers, "effective_on": day}


def _set(step: StepStatus, act: Act) -> Data:
    """Take over date, precision and words; history keeps old and new under the step's name."""
    before = {"effective_on": step.effective_on, "precision": step.precision}
    step.effective_on = act.data["effective_on"]
    step.precision = act.data.get("precision") or Precision.DAY
    step.note = act.data.get("note") or act.data.get("reason") or ""
    step.source = act.data.get("source") or ""
    target = act.transition.target_state(step, act)
    return {
        "steps": {step.step: target},
        "was": {"state": act.state_before, **before},
        **{name: act.data[name] for name in ("note", "reason") if act.data.get(name)},
    }


def _not_too_early(step: StepStatus, act: Act) -> None:
    """Stored days are compared: they are what the table of any date is read from."""
    day = act.data["effective_on"]
    begun_on = step.effective_on if step.state == S.UNDER_WAY else None
    if begun_on and day < begun_on:
        raise _give_later(
            translate_now("Give %(day)s or a later date: no step ends before it begins."), begun_on
        )
    asked_on = _requested_on(step)
    if asked_on and day < asked_on:
        raise _give_later(
            translate_now("Give %(day)s or a later date: no step comes before the request."),
            asked_on,
        )


def _requested_on(step: StepStatus) -> date | None:
    """The day of step 1, when it is done and its date known: "by" a day may be long before."""
    request = step.implementation.steps.get(step=Step.REQUEST)
    known = request.state == S.DONE and request.precision != Precision.BY
    return request.effective_on if known else None


def _give_later(sentence: str, day: date) -> InvalidInput:
    return InvalidInput({"effective_on": [sentence % {"day": date_format(day)}]})


def _something_changes(step: StepStatus, act: Act) -> None:
    new = (act.data["state"], act.data["effective_on"], act.data["precision"])
    if new == (step.state, step.effective_on, step.precision):
        raise InvalidInput({"state": [translate_now("This is what is recorded already.")]})


TRANSITIONS = (
    Transition(
        action="start",
        label=pgettext_lazy("a step", "Start"),
        done=pgettext_lazy("a step", "Step begun"),
        sources=frozenset({S.NOT_STARTED}),
        target=S.UNDER_WAY,
        who=OFFICER | LEAD_AGENCY,
        inputs=(ON, PRECISION, NOTE, SOURCE),
        prepare=_certain,
        guard=_not_too_early,
        change=_set,
        tells=(notices.FOCAL_POINTS, notices.LEAD_AGENCY),
    ),
    Transition(
        action="complete",
        label=pgettext_lazy("a step", "Mark as done"),
        done=pgettext_lazy("a step", "Step done"),
        sources=frozenset({S.NOT_STARTED, S.UNDER_WAY}),
        target=S.DONE,
        who=OFFICER | LEAD_AGENCY,
        inputs=(ON, PRECISION, NOTE, SOURCE),
        prepare=_certain,
        guard=_not_too_early,
        change=_set,
        tells=(notices.FOCAL_POINTS, notices.LEAD_AGENCY),
    ),
    Transition(
        action="not_applicable",
        label=pgettext_lazy("a step", "Mark as not applicable"),
        done=pgettext_lazy("a step", "Step not applicable"),
        sources=frozenset({S.NOT_STARTED, S.UNDER_WAY}),
        target=S.NOT_APPLICABLE,
        who=OFFICER | LEAD_AGENCY,
        inputs=(ON, REASON),
        prepare=_certain,
        guard=_not_too_early,
        change=_set,
        tells=(notices.FOCAL_POINTS, notices.LEAD_AGENCY),
    ),
    Transition(
        action="correct",
        label=pgettext_lazy("a step", "Correct"),
        done=pgettext_lazy("a step", "Step corrected"),
        sources=frozenset(S),
        target=lambda step, act: act.data["state"],
        targets=frozenset(S),
        who=OFFICER,
        inputs=(NEW_STATE, ON, PRECISION, REASON, SOURCE),
        prepare=_certain,
        guard=_something_changes,
        change=_set,
        tells=(notices.FOCAL_POINTS, notices.LEAD_AGENCY),
        warning=pgettext_lazy(
            "a step", "What was recorded before stays in the history, with your reason."
        ),
    ),
)


def _lock_implementation(step: StepStatus) -> None:
    Implementation._base_manager.select_for_update().get(pk=step.implementation_id)


STEPS = Table(
    name="toolkit.step",
    model=StepStatus,
    transitions=TRANSITIONS,
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_implementation,
    subject=lambda step: step.implementation,
    notify=notices.step_moved,
)
