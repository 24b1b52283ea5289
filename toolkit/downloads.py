"""The tracker's table for other programs: CSV and JSON that carry date, sources and filters."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from partners.spreadsheets import harmless
from toolkit.asof import Fact, Row, totals
from toolkit.models import Observation
from toolkit.steps import Step, StepState, number

DERIVED = {
    "phase": (
        "Derived from the steps; the correspondence of steps and phases is inferred from the "
        "legend of the map in CITES SC66 Inf. 9."
    ),
    "cites_region": "Derived, unless region_confirmed is true.",
}


@dataclass(frozen=True)
class Printed:
    """One table as it was asked for."""

    as_of: date
    known_at: datetime | None
    rows: list[Row]
    observations: list[Observation]


def as_json(printed: Printed) -> dict[str, Any]:
    count = totals(printed.rows, printed.as_of)
    return {
        "as_of": printed.as_of,
        "known_at": printed.known_at,
        "derived": DERIVED,
        "totals": {
            "requested": count.requested,
            "complete": count.complete,
            "at_other_stages": count.at_other_stages,
            "by_phase": {phase.value: n for phase, n in count.by_phase.items()},
        },
        "rows": [_row(row) for row in printed.rows],
        "observations": [_observation(one) for one in printed.observations],
    }


def as_csv(printed: Printed) -> str:
    """One line an implementation; each step with its state, date, precision and source."""
    text = io.StringIO()
    writer = csv.writer(text)
    head = ["as_of", "known_at", "party", "name", "cites_region", "cites_region_confirmed", "cycle"]
    head += ["phase (derived)"]
    for step in Step:
        name = f"{number(step)}_{step.value}"
        head += [name, f"{name}_on", f"{name}_precision", f"{name}_source"]
    writer.writerow(head)
    known_at = printed.known_at.isoformat() if printed.known_at else ""
    for row in printed.rows:
        said = _row(row)
        line = [printed.as_of.isoformat(), known_at, said["party"], said["name"]]
        line += [said["cites_region"], str(said["cites_region_confirmed"]).lower()]
        line += [str(said["cycle"]), said["phase"] or ""]
        for one in said["steps"]:
            line += [one["state"], one["effective_on"] or "", one["precision"], one["source"]]
        writer.writerow(harmless(line))
    return text.getvalue()


def _row(row: Row) -> dict[str, Any]:
    party = row.implementation.party
    return {
        "party": party.code,
        "name": party.name,
        "cites_region": party.region.name,
        "cites_region_confirmed": party.region_confirmed,
        "cycle": row.implementation.cycle,
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
    }


def _observation(one: Observation) -> dict[str, Any]:
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
    }
