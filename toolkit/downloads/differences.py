"""What changed between two days, as CSV and JSON."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from partners.spreadsheets import in_lines
from toolkit.asof import Fact
from toolkit.changes import Change, Changed
from toolkit.downloads.printed import CONSENT, moment, sources_of
from toolkit.steps import StepState, number


@dataclass(frozen=True)
class Compared:
    """A comparison as it was asked for."""

    first: date
    last: date
    known_at: datetime | None
    changed: list[Changed]
    made_at: datetime = field(default_factory=timezone.now)


def changes_as_json(compared: Compared) -> dict[str, Any]:
    facts = (change.after for one in compared.changed for change in one.steps)
    return {
        "from": compared.first.isoformat(),
        "to": compared.last.isoformat(),
        "known_at": moment(compared.known_at),
        "made_at": moment(compared.made_at),
        "sources": sources_of(facts),
        "consent": CONSENT,
        "changed": [_changed(one) for one in compared.changed],
    }


def _changed(one: Changed) -> dict[str, Any]:
    party = one.implementation.party
    return {
        "party": party.code,
        "name": party.name,
        "cycle": one.implementation.cycle,
        "began": one.began,
        "phase_before": one.phase_before,
        "phase_after": one.phase_after,
        "steps": [_step(change) for change in one.steps],
    }


def _step(change: Change) -> dict[str, Any]:
    return {
        "number": number(change.step),
        "step": change.step.value,
        "before": _fact(change.before),
        "after": _fact(change.after),
    }


def _fact(fact: Fact | None) -> dict[str, Any]:
    return {
        "state": fact.state if fact else StepState.NOT_STARTED.value,
        "effective_on": fact.effective_on.isoformat() if fact else None,
        "precision": fact.precision if fact else "",
        "source": fact.source if fact else "",
        "event": fact.event_id if fact else None,
        "recorded_at": moment(fact.recorded_at) if fact else None,
    }


def changes_as_csv(compared: Compared) -> str:
    """One line a step that changed."""
    head = ["from", "to", "known_at", "made_at", "party", "name", "cycle", "began"]
    head += ["phase_before (derived)", "phase_after (derived)", "step", "state_before"]
    head += ["state_after", "on", "precision", "source", "event", "recorded_at"]
    asked = [compared.first, compared.last, moment(compared.known_at), moment(compared.made_at)]
    lines = [
        [*asked, *_of_implementation(one), *_of_step(change)]
        for one in compared.changed
        for change in one.steps
    ]
    return in_lines([head, *lines])


def _of_implementation(one: Changed) -> list[Any]:
    said = _changed(one)
    began = str(one.began).lower()
    return [
        said["party"], said["name"], said["cycle"], began, said["phase_before"],
        said["phase_after"],
    ]  # fmt: skip


def _of_step(change: Change) -> list[Any]:
    said = _step(change)
    after = said["after"]
    return [
        f"{said['number']}_{said['step']}", said["before"]["state"], after["state"],
        after["effective_on"], after["precision"], after["source"], after["event"],
        after["recorded_at"],
    ]  # fmt: skip
