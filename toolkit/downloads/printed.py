"""A table as it was asked for, and what every file says of itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from toolkit.asof import Fact, Row
from toolkit.models import Observation

DERIVED = {
    "phase": (
        "Derived from the steps; the correspondence of steps and phases is inferred from the "
        "legend of the map in CITES SC66 Inf. 9."
    ),
    "cites_region": "Derived, unless region_confirmed is true.",
}
CONSENT = (
    "To the public: steps that a published document prints, and the steps of implementations "
    "whose Party has consented to their publication; a consent can be withdrawn. A file of "
    "somebody concerned may hold rows that are not public (publicity)."
)
OUTLINES = (
    "Outlines: Natural Earth, 1:50 million, public domain, simplified. They do not imply the "
    "expression of any opinion concerning the legal status of any country or territory or the "
    "delimitation of its frontiers."
)


@dataclass(frozen=True)
class Printed:
    """One table as it was asked for."""

    as_of: date
    known_at: datetime | None
    rows: list[Row]
    observations: list[Observation]
    filters: Mapping[str, str] = field(default_factory=dict)
    made_at: datetime = field(default_factory=timezone.now)

    @property
    def sources(self) -> list[str]:
        return sources_of(fact for row in self.rows for fact in row.facts.values())

    @property
    def latest_entry(self) -> date | None:
        """The newest day of a step in the table; none when it is empty."""
        days = (fact.effective_on for row in self.rows for fact in row.facts.values())
        return max(days, default=None)

    @property
    def is_before_all_records(self) -> bool:
        """Whether at the moment asked for nothing was known of that day, of any country."""
        return bool(self.known_at and not self.rows and not self.filters)

    @property
    def sources_of_observations(self) -> list[str]:
        return sorted({one.source for one in self.observations})


def sources_of(facts: Iterable[Fact]) -> list[str]:
    return sorted({fact.source for fact in facts} - {""})


def head_of(printed: Printed) -> dict[str, Any]:
    """What a file says of itself, by name."""
    return {
        "as_of": printed.as_of.isoformat(),
        "known_at": moment(printed.known_at),
        "made_at": moment(printed.made_at),
        "filters": dict(printed.filters),
        "sources": printed.sources,
        "consent": CONSENT,
        "derived": DERIVED,
    }


def moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def in_one_cell(said: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in said.items())
