"""The tracker as a map: the phase that each Party has reached on a date, and the same as a table.

Of a Party with several cycles the last one that the reader may see counts: a country that begins
anew stands where the new cycle stands, and nowhere while no request is recorded of that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from partners import map as world_map
from partners.map import Said, WorldMap
from partners.models import Party
from toolkit.asof import Row
from toolkit.steps import Phase

# Steps of colour of partners.map; each but the darkest has a pattern, too.
SHADES = {Phase.REQUEST_RECEIVED: 1, Phase.PLANNING: 2, Phase.IN_PROCESS: 3, Phase.COMPLETE: 5}


@dataclass(frozen=True)
class Category:
    """The Parties of one phase, in the order of names."""

    phase: Phase
    shade: int
    parties: list[Party]


@dataclass(frozen=True)
class TrackerMap:
    """What templates/toolkit/_map.html and templates/map/alone.svg set."""

    as_of: date
    known_at: datetime | None
    world: WorldMap
    categories: list[Category]  # the furthest first
    query: str  # the dates as in an address, for links that lead to the same day

    @property
    def number_of_parties(self) -> int:
        return sum(len(category.parties) for category in self.categories)


def of(
    rows: Iterable[Row], as_of: date, known_at: datetime | None = None, query: str = ""
) -> TrackerMap:
    """The map of rows of `toolkit.asof.table`, which are in the order of names and cycles."""
    last = {row.implementation.party: row.phase for row in rows}
    reached = {party: phase for party, phase in last.items() if phase}
    said = {
        party.code: Said(SHADES[phase], phase.label, _address(party, query))
        for party, phase in reached.items()
    }
    legend = [(shade, phase.label) for phase, shade in reversed(SHADES.items())]
    return TrackerMap(
        as_of,
        known_at,
        world_map.drawn_alone(reached, said, legend),
        [
            Category(phase, shade, [one for one, its in reached.items() if its is phase])
            for phase, shade in reversed(SHADES.items())
        ],
        query,
    )


def _address(party: Party, query: str) -> str:
    address = reverse("toolkit:party", args=[party.code.lower()])
    return f"{address}?{query}" if query else address
