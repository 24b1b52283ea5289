"""What may happen to a step: somebody proposes a change, somebody else confirms it.

The focal point proposes, or an officer of the Secretariat or of the lead agency who has it from a
letter; the Secretariat or the lead agency confirms, never the person who proposed. Steps may
overlap or be skipped; going back is a correction with a reason, never an overwrite.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as translate_now
from django.utils.translation import pgettext_lazy

from history.models import Event
from history.precision import Precision, certain_day
from partners.access import FOCAL_POINT, LEAD_AGENCY, OFFICER, fresh, snapshot
from partners.models import ApiKey
from toolkit import documents, notices, projection
from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.steps import StepState
from toolkit.workflow import rules
from toolkit.workflow import step_inputs as asks
from workflow.errors import InvalidInput
from workflow.transitions import Act, Data, Table, Transition, Who

S = StepState
_BEFORE_THE_END = frozenset({S.NOT_STARTED, S.UNDER_WAY})
_ONCE_BEGUN = frozenset({S.UNDER_WAY, S.DONE, S.NOT_APPLICABLE})
_CONCERNED = FOCAL_POINT | OFFICER | LEAD_AGENCY


def _person(actor: Any) -> int | None:
    """A key acts for whoever holds it; one of a system has no holder, and None is nobody."""
    return actor.held_by_id if isinstance(actor, ApiKey) else actor.pk


def _is_proposer(actor: Any, step: StepStatus) -> bool:
    waiting = step.waiting
    return waiting is not None and _person(actor) == waiting.by_id


def _second_pair_of_eyes(actor: Any, step: StepStatus) -> bool:
    return (OFFICER | LEAD_AGENCY)(actor, step) and not _is_proposer(actor, step)


CONFIRMER = Who(
    "Secretariat officer, or officer of the lead agency; never who proposed it",
    _second_pair_of_eyes,
)
PROPOSER = Who("who proposed it", _is_proposer)


def _waits(step: StepStatus) -> bool:
    return step.waiting is not None


def _waits_not(step: StepStatus) -> bool:
    return step.waiting is None


def _waiting(step: StepStatus) -> Proposal:
    waiting = step.waiting
    assert waiting is not None  # noqa: S101 - `when` asks for it
    return waiting


# ── proposing ────────────────────────────────────────────────────────────────────────────────


def _believable(step: StepStatus, act: Act) -> None:
    on = certain_day(act.data["effective_on"], act.data["precision"], asks.today())
    state = act.data["state"]
    if state == step.state:
        raise InvalidInput({"state": [translate_now("This is what is recorded already.")]})
    if state == S.NOT_APPLICABLE and not (act.data["note"] or "").strip():
        raise InvalidInput({"note": [translate_now("Say why the step does not apply.")]})
    rules.judge(step, state, on, act.data["despite"] or "")


def _something_changes(step: StepStatus, act: Act) -> None:
    on = certain_day(act.data["effective_on"], act.data["precision"], asks.today())
    if (act.data["state"], on, act.data["precision"]) == (
        step.state, step.effective_on, step.precision
    ):  # fmt: skip
        raise InvalidInput({"state": [translate_now("This is what is recorded already.")]})


def _propose(step: StepStatus, act: Act) -> Data:
    """Keep what is proposed. Nothing is true yet."""
    said = act.data
    Proposal.objects.create(
        step=step,
        state=said["state"],
        # A month or a year is kept as its last day, whichever of its days was given.
        effective_on=certain_day(said["effective_on"], said["precision"], asks.today()),
        precision=said["precision"],
        note=said.get("note") or said.get("reason") or "",
        source=said.get("source") or "",
        is_correction=act.transition.action == "propose_correction",
        despite=said.get("despite") or "",
        by=act.actor,
        at=timezone.now(),
    )
    return {"step": step.step, "proposed": _words_of(step)}


def _words_of(step: StepStatus) -> dict[str, Any]:
    waiting = _waiting(step)
    return {
        "state": waiting.state,
        "effective_on": waiting.effective_on,
        "precision": waiting.precision,
        "note": waiting.note,
        "source": waiting.source,
        "despite": waiting.despite,
        "is_correction": waiting.is_correction,
    }


# ── confirming ───────────────────────────────────────────────────────────────────────────────


def _as_proposed(step: StepStatus, answers: Data) -> dict[str, Any]:
    waiting = _waiting(step)
    dated = {name: getattr(waiting, name) for name in ("effective_on", "precision", "source")}
    return {**answers, **dated, "state": waiting.state}


def _still_believable(step: StepStatus, act: Act) -> None:
    """Other steps may have moved since it was proposed."""
    waiting = _waiting(step)
    if waiting.is_correction:
        return
    if waiting.state == step.state:
        raise InvalidInput({"remark": [translate_now("This is what is recorded already.")]})
    try:
        rules.judge(step, waiting.state, waiting.effective_on, waiting.despite)
    except InvalidInput as refused:
        said = [sentence for sentences in refused.fields.values() for sentence in sentences]
        raise InvalidInput({"remark": said}) from refused


def _confirm(step: StepStatus, act: Act) -> Data:
    """Take over what was proposed; history keeps old and new under the step's name."""
    waiting = _waiting(step)
    before = {
        "state": act.state_before, "effective_on": step.effective_on, "precision": step.precision,
    }  # fmt: skip
    step.effective_on, step.precision = waiting.effective_on, waiting.precision
    if waiting.state == S.NOT_STARTED:
        step.effective_on, step.precision = None, Precision.DAY
    step.note, step.source = waiting.note, waiting.source
    said: dict[str, Any] = {
        "steps": {step.step: waiting.state},
        "was": before,
        "proposed_by": snapshot(waiting.by, step).body,
        "note": waiting.note,
        "despite": waiting.despite,
        "remark": act.data.get("remark") or "",
        projection.CORRECTS: waiting.is_correction,
    }
    waiting.delete()
    return {name: value for name, value in said.items() if value}


def _put_aside(step: StepStatus, act: Act) -> Data:
    proposed = _words_of(step)
    _waiting(step).delete()
    return {"step": step.step, "proposed": proposed, **act.data}


# ── beside the state ─────────────────────────────────────────────────────────────────────────


def _plan(step: StepStatus, act: Act) -> Data:
    before = {"agency": step.agency and step.agency.code, "national_lead": step.national_lead,
              "expected_on": step.expected_on}  # fmt: skip
    step.agency = act.data["agency"]
    step.national_lead = act.data["national_lead"] or ""
    step.expected_on = act.data["expected_on"]
    after = {"agency": step.agency and step.agency.code, "national_lead": step.national_lead,
             "expected_on": step.expected_on}  # fmt: skip
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    return {"step": step.step, **changed}


def _keep_note(step: StepStatus, act: Act) -> Data:
    return {"step": step.step, **act.data}


def _keep_file(step: StepStatus, act: Act) -> Data:
    kept = documents.keep(
        step.implementation, act.data["file"], by=act.actor, step=step,
        title=act.data["title"], readers=act.data["readers"],
    )  # fmt: skip
    return {
        "step": step.step,
        "document": {"title": kept.title, "sha256": kept.sha256, "readers": kept.readers},
    }


_TELLS_ALL = (notices.FOCAL_POINTS, notices.DESK, notices.LEAD_AGENCY)

TRANSITIONS = (
    Transition(
        action="propose",
        label=pgettext_lazy("a step", "Report a move"),
        done=pgettext_lazy("a step", "Move proposed"),
        sources=_BEFORE_THE_END,
        who=_CONCERNED,
        when=_waits_not,
        inputs=(asks.STATE, asks.ON, asks.PRECISION, asks.NOTE, asks.SOURCE, asks.DESPITE),
        guard=_believable,
        change=_propose,
        is_dated=False,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="propose_correction",
        label=pgettext_lazy("a step", "Correct"),
        done=pgettext_lazy("a step", "Correction proposed"),
        sources=_ONCE_BEGUN,
        who=_CONCERNED,
        when=_waits_not,
        inputs=(asks.NEW_STATE, asks.ON, asks.PRECISION, asks.REASON, asks.SOURCE),
        guard=_something_changes,
        change=_propose,
        is_dated=False,
        tells=_TELLS_ALL,
        warning=pgettext_lazy(
            "a step", "What was recorded before stays in the history, with your reason."
        ),
    ),
    Transition(
        action="confirm",
        label=pgettext_lazy("a step", "Confirm"),
        done=pgettext_lazy("a step", "Confirmed"),
        sources=frozenset(S),
        target=lambda step, act: act.data["state"],
        targets=frozenset(S),
        who=CONFIRMER,
        when=_waits,
        inputs=(asks.REMARK,),
        prepare=_as_proposed,
        guard=_still_believable,
        change=_confirm,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="refuse",
        label=pgettext_lazy("a step", "Do not confirm"),
        done=pgettext_lazy("a step", "Not confirmed"),
        sources=frozenset(S),
        who=CONFIRMER,
        when=_waits,
        inputs=(asks.REASON,),
        change=_put_aside,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="take_back",
        label=pgettext_lazy("a step", "Take back what was proposed"),
        done=pgettext_lazy("a step", "Proposal taken back"),
        sources=frozenset(S),
        who=PROPOSER,
        when=_waits,
        change=_put_aside,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="plan",
        label=pgettext_lazy("a step", "Set who and when"),
        done=pgettext_lazy("a step", "Responsibility or expected date set"),
        sources=frozenset(S),
        who=_CONCERNED,
        inputs=(asks.AGENCY, asks.NATIONAL_LEAD, asks.EXPECTED_ON),
        change=_plan,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="note",
        label=pgettext_lazy("a step", "Add a note"),
        done=pgettext_lazy("a step", "Note added"),
        sources=frozenset(S),
        who=_CONCERNED,
        inputs=(asks.WHAT_HAPPENED,),
        change=_keep_note,
        tells=_TELLS_ALL,
        alters=False,
    ),
    Transition(
        action="attach",
        label=pgettext_lazy("a step", "Add a document"),
        done=pgettext_lazy("a step", "Document added"),
        sources=frozenset(S),
        who=_CONCERNED,
        inputs=(asks.FILE, asks.TITLE, asks.READERS),
        change=_keep_file,
        tells=_TELLS_ALL,
        alters=False,
    ),
)


def _lock_implementation(step: StepStatus) -> None:
    Implementation._base_manager.select_for_update(no_key=True).get(pk=step.implementation_id)


def _settle(step: StepStatus, event: Event) -> None:
    """The record of the tracker follows the log; whatever happened is a movement."""
    projection.keep(event)
    StepStatus.objects.filter(pk=step.pk).update(moved_at=event.recorded_at, reminded_at=None)


STEPS = Table(
    name="toolkit.step",
    model=StepStatus,
    transitions=TRANSITIONS,
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_implementation,
    subject=lambda step: step.implementation,
    settle=_settle,
    notify=notices.step_moved,
)
