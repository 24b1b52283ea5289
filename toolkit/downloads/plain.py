"""The table as CSV and JSON."""

from typing import Any

from partners.spreadsheets import in_lines
from toolkit.asof import Fact, Row, totals
from toolkit.downloads.printed import CONSENT, Printed, head_of, in_one_cell
from toolkit.models import Observation
from toolkit.steps import Step, StepState, number


def as_json(printed: Printed) -> dict[str, Any]:
    count = totals(printed.rows, printed.as_of)
    return {
        **head_of(printed),
        "totals": {
            "requested": count.requested,
            "complete": count.complete,
            "at_other_stages": count.at_other_stages,
            "by_phase": {phase.value: n for phase, n in count.by_phase.items()},
        },
        "rows": [row_said(row) for row in printed.rows],
        "observations": [observation_said(one) for one in printed.observations],
    }


def as_csv(printed: Printed) -> str:
    """One line an implementation; each step with its state, date, precision, source and event."""
    return in_lines([head(), *(line(printed, row) for row in printed.rows)])


def head() -> list[str]:
    names = ["as_of", "known_at", "made_at", "filters", "party", "name", "cites_region"]
    names += ["cites_region_confirmed", "cycle", "publicity", "phase (derived)"]
    for step in Step:
        name = f"{number(step)}_{step.value}"
        names += [name, f"{name}_on", f"{name}_precision", f"{name}_source", f"{name}_event"]
    return [*names, "consent"]


def line(printed: Printed, row: Row) -> list[Any]:
    """One implementation, in the order of `head`: texts, numbers, days and moments."""
    said = row_said(row)
    cells = [printed.as_of, printed.known_at, printed.made_at, in_one_cell(printed.filters)]
    cells += [said["party"], said["name"], said["cites_region"], said["cites_region_confirmed"]]
    cells += [said["cycle"], said["publicity"], said["phase"]]
    for one, (_step, fact) in zip(said["steps"], row.cells, strict=True):
        cells += [one["state"], fact.effective_on if fact else None, one["precision"]]
        cells += [one["source"], one["event"]]
    return [*cells, CONSENT]


def row_said(row: Row) -> dict[str, Any]:
    party = row.implementation.party
    return {
        "party": party.code,
        "name": party.name,
        "cites_region": party.region.name,
        "cites_region_confirmed": party.region_confirmed,
        "cycle": row.implementation.cycle,
        "publicity": row.implementation.state,
        "phase": row.phase.value if row.phase else None,
        "steps": [_step(step, fact) for step, fact in row.cells],
    }


def _step(step: Step, fact: Fact | None) -> dict[str, Any]:
    return {
        "number": number(step),
        "step": step.value,
        "state": fact.state if fact else StepState.NOT_STARTED.value,
        "effective_on": fact.effective_on.isoformat() if fact else None,
        "precision": fact.precision if fact else "",
        "source": fact.source if fact else "",
        "event": fact.event_id if fact else None,
    }


def observation_said(one: Observation) -> dict[str, Any]:
    return {
        "party": one.party.code,
        "name": one.party.name,
        "instrument": one.instrument,
        "status": one.status,
        "step": one.step or None,
        "as_of": one.effective_on,
        "precision": one.precision,
        "is_approximate": one.is_approximate,
        "date_in_source": one.date_in_source,
        "note": one.note,
        "source": one.source,
        "source_url": one.source_url or None,
        "event": one.event_id,
    }
