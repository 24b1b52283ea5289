"""What documents say of Parties, as lines."""

from typing import Any

from partners.spreadsheets import in_lines
from toolkit.downloads.plain import observation_said
from toolkit.downloads.printed import Printed, in_one_cell
from toolkit.models import Observation

_COLUMNS = (
    "party", "name", "instrument", "status", "step", "as_of", "precision", "is_approximate",
    "date_in_source", "note", "source", "source_url", "event",
)  # fmt: skip


def observations_as_csv(printed: Printed) -> str:
    """One line an observation. The days asked for stand first: `as_of` is the observation's own."""
    filters = in_one_cell(printed.filters)
    asked = [printed.as_of, printed.known_at, printed.made_at, filters]
    head = ["asked_as_of", "asked_known_at", "made_at", "filters", *_COLUMNS]
    return in_lines([head, *([*asked, *cells(one)] for one in printed.observations)])


def columns() -> list[str]:
    return list(_COLUMNS)


def cells(one: Observation) -> list[Any]:
    said = observation_said(one)
    return [said[name] for name in _COLUMNS]
