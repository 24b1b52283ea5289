"""What each action on a step checks and changes; the table that says who and when is in steps."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as translate_now

from history.precision import Precision, certain_day
from partners.access import person_behind, snapshot
from partners.models import ApiKey
from toolkit import documents, projection
from toolkit.models import Proposal, StepStatus
from toolkit.steps import StepState
from toolkit.workflow import rules
from toolkit.workflow import step_inputs as asks
from toolkit.workflow.document_readers import judge_readers
from workflow.errors import InvalidInput
from workflow.transitions import Act, Data

S = StepState


def _waiting(step: StepStatus) -> Proposal:
    waiting = step.waiting
    assert waiting is not None  # noqa: S101 - `when` asks for it
    return waiting


# ── proposing ────────────────────────────────────────────────────────────────────────────────


def believable(step: StepStatus, act: Act) -> None:
    on = certain_day(act.data["effective_on"], act.data["precision"], asks.today())
    state = act.data["state"]
    if state == step.state:
        raise InvalidInput({"state": [translate_now("This is what is recorded already.")]})
    if state == S.NOT_APPLICABLE and not (act.data["note"] or "").strip():
        raise InvalidInput({"note": [translate_now("Say why the step does not apply.")]})
    rules.judge(step, state, on, act.data["despite"] or "")


def something_changes(step: StepStatus, act: Act) -> None:
    on = certain_day(act.data["effective_on"], act.data["precision"], asks.today())
    if (act.data["state"], on, act.data["precision"]) == (
        step.state, step.effective_on, step.precision
    ):  # fmt: skip
        raise InvalidInput({"state": [translate_now("This is what is recorded already.")]})


def propose(step: StepStatus, act: Act) -> Data:
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
        by=person_behind(act.actor),
        agency=act.actor.agency if isinstance(act.actor, ApiKey) else None,
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


def as_proposed(step: StepStatus, answers: Data) -> dict[str, Any]:
    waiting = _waiting(step)
    dated = {name: getattr(waiting, name) for name in ("effective_on", "precision", "source")}
    return {**answers, **dated, "state": waiting.state}


def still_believable(step: StepStatus, act: Act) -> None:
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


def confirm(step: StepStatus, act: Act) -> Data:
    """Take over what was proposed; history keeps old and new under the step's name."""
    waiting = _waiting(step)
    before: dict[str, Any] = {
        "state": act.state_before, "effective_on": step.effective_on, "precision": step.precision,
    }  # fmt: skip
    if waiting.is_correction and projection.prints(step):
        before["printed"] = True
    step.effective_on, step.precision = waiting.effective_on, waiting.precision
    if waiting.state == S.NOT_STARTED:
        step.effective_on, step.precision = None, Precision.DAY
    step.source = waiting.source
    if not waiting.is_correction:  # whose text is the reason for it
        step.note = waiting.note
    said: dict[str, Any] = {
        "steps": {step.step: waiting.state},
        "was": before,
        "proposed_by": waiting.agency.name_en
        if waiting.agency
        else snapshot(waiting.by, step).body,
        "reason" if waiting.is_correction else "note": waiting.note,
        "despite": waiting.despite,
        "remark": act.data.get("remark") or "",
        projection.CORRECTS: waiting.is_correction,
    }
    waiting.delete()
    return {name: value for name, value in said.items() if value}


def put_aside(step: StepStatus, act: Act) -> Data:
    proposed = _words_of(step)
    _waiting(step).delete()
    return {"step": step.step, "proposed": proposed, **act.data}


# ── beside the state ─────────────────────────────────────────────────────────────────────────


def plan(step: StepStatus, act: Act) -> Data:
    before = {"agency": step.agency and step.agency.code, "national_lead": step.national_lead,
              "expected_on": step.expected_on}  # fmt: skip
    step.agency = act.data["agency"]
    step.national_lead = act.data["national_lead"] or ""
    step.expected_on = act.data["expected_on"]
    after = {"agency": step.agency and step.agency.code, "national_lead": step.national_lead,
             "expected_on": step.expected_on}  # fmt: skip
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    return {"step": step.step, **changed}


def keep_note(step: StepStatus, act: Act) -> Data:
    return {"step": step.step, **act.data}


def readers_may_be(step: StepStatus, act: Act) -> None:
    judge_readers(act.data["readers"], act, step)


def keep_file(step: StepStatus, act: Act) -> Data:
    kept = documents.keep(
        step.implementation, act.data["file"], by=act.actor, step=step,
        title=act.data["title"], readers=act.data["readers"],
    )  # fmt: skip
    return {
        "step": step.step,
        "document": {"title": kept.title, "sha256": kept.sha256, "readers": kept.readers},
    }
