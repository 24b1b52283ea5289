"""The map of the Parties, for any page: templates/map/world.html draws what `drawn` gives.

The world itself is one picture, static/img/world.svg, which a reader loads once for all maps. Pages
add what they say: outlines of Parties in a colour (fixtures/world_map.json) and marks on spots
(partners/map_marks.py). Both files come from tools/make_map.py. Colour never stands alone: every
place says its value in words, and the page shows a table with the same data.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners.map_marks import Mark
from partners.map_projection import HEIGHT, WIDTH, Spot
from partners.models import Party

# As under every map of the United Nations; the page of ICCWC's implementation support prints it.
DISCLAIMER = _(
    "The designations employed and the presentation of the material on this map do not imply "
    "the expression of any opinion whatsoever on the part of the Secretariat of the United "
    "Nations concerning the legal status of any country, territory, city or area or of its "
    "authorities, or concerning the delimitation of its frontiers or boundaries."
)
STEPS = 5  # of colour; static/css/map.css has one for each, and one for "nothing"
APART = 44  # units of the drawing between dots that lead somewhere: 24 pixels on a wide screen


@dataclass(frozen=True)
class Said:
    """What the map says of one Party: a step of colour (0 for nothing), words, where it leads."""

    step: int
    words: Any
    url: str = ""


@dataclass(frozen=True)
class Place:
    """A Party on the map: its outline, and a dot where the outline is too small to be seen."""

    party: Party
    said: Said
    outline: str
    dot: Spot | None
    middle: Spot | None  # of its largest piece of land
    moved_from: Spot | None = None  # where the dot would lie, were there no other beside it
    marks: tuple[Mark, ...] = ()  # what is said at spots of this Party, beside its colour

    @property
    def spot(self) -> Spot | None:
        return self.dot or self.middle


@dataclass(frozen=True)
class WorldMap:
    view_box: str
    disputed: str  # lines that are dashed: their course is not settled
    land: str  # what belongs to no Party, or to one that is drawn elsewhere
    places: list[Place]
    elsewhere: list[Place]  # Parties that have no place on it
    legend: list[tuple[int, Any]]
    marks: tuple[Mark, ...] = ()  # at spots that belong to no Party
    mark_legend: tuple[tuple[str, str, Any], ...] = ()  # kind of mark, outline, what it means
    detail: str = ""  # "half": about half of the world is shown, so marks are smaller
    width: int = WIDTH  # of the whole drawing, of which `view_box` shows all or a part
    height: int = HEIGHT

    @property
    def said(self) -> list[Place]:
        """The places of which something is said; all the others are in the picture beneath."""
        return [one for one in self.places if one.said.step or one.said.url or one.marks]


@cache
def _outlines() -> dict[str, Any]:
    file = settings.BASE_DIR / "fixtures" / "world_map.json"
    outlines: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return outlines


@cache
def geometry() -> dict[str, dict[str, Any]]:
    """By the code of a Party its land as GeoJSON, in degrees, simplified for small scales; a Point
    where the land is too small for an outline. The European Union has none."""
    file = settings.BASE_DIR / "fixtures" / "world_geometry.json"
    places: dict[str, list[Any]] = json.loads(file.read_text(encoding="utf-8"))["places"]
    return {
        code: {
            "type": "MultiPolygon" if isinstance(found[0], list) else "Point",
            "coordinates": found,
        }
        for code, found in places.items()
    }


def drawn(
    parties: Iterable[Party],
    said: Mapping[str, Said],
    nothing: Said,
    legend: Iterable[tuple[int, Any]],
) -> WorldMap:
    """The map with what is said of each Party, by its code, and of all the others."""
    world = _outlines()
    every = [
        Place(
            party,
            said.get(party.code, nothing),
            world["shapes"].get(party.code, ""),
            _spot(world["dots"].get(party.code)),
            _spot(world["middles"].get(party.code)),
        )
        for party in parties
    ]
    # Who is said something of comes last: it lies on top, and in this order in the page.
    placed = _apart([one for one in every if one.outline or one.dot])
    return WorldMap(
        world["viewBox"],
        world["disputed"],
        world["land"],
        sorted(placed, key=lambda one: one.said.step > 0),
        [one for one in every if not (one.outline or one.dot) and one.said.step > 0],
        list(legend),
    )


def _spot(pair: list[int] | None) -> Spot | None:
    return (pair[0], pair[1]) if pair else None


def _apart(places: list[Place]) -> list[Place]:
    """The same places; of dots that lead somewhere and lie too near to each other, the southern
    ones are moved further south, each with the spot from which it was moved."""
    taken: list[Spot] = []
    found: dict[str, Place] = {}
    dots = [one for one in places if one.dot and one.said.url]
    for place in sorted(dots, key=lambda one: (one.dot or (0, 0))[::-1]):
        x, y = at = place.dot or (0, 0)
        while any(math.dist((x, y), other) < APART for other in taken):
            y += 4
        taken.append((x, y))
        if (x, y) != at:
            found[place.party.code] = replace(place, dot=(x, y), moved_from=at)
    return [found.get(place.party.code, place) for place in places]


def drawn_alone(
    parties: Iterable[Party], said: Mapping[str, Said], legend: Iterable[tuple[int, Any]]
) -> WorldMap:
    """The map with these Parties alone; all the others are land without a name."""
    few = drawn(parties, said, Said(0, ""), legend)
    named = {place.party.code for place in few.places}
    others = [shape for code, shape in _outlines()["shapes"].items() if code not in named]
    return replace(few, land=" ".join([few.land, *others]))


def steps_up_to(most: int) -> list[int]:
    """The highest number of each step of colour, so that small numbers can be told apart."""
    if most <= STEPS:
        return list(range(1, most + 1))
    bounds: list[int] = []
    for step in range(1, STEPS + 1):
        bound = max(round(most ** (step / STEPS)), (bounds[-1] if bounds else 0) + 1)
        bounds.append(bound)
    return [*bounds[:-1], most]


def step_of(number: int, bounds: list[int]) -> int:
    """0 for nothing; else which step of colour the number falls into."""
    if not number:
        return 0
    reached = next(at for at, bound in enumerate(bounds, start=1) if number <= bound)
    return reached + STEPS - len(bounds)  # few steps: the darker ones, which are seen


def legend_of(bounds: list[int]) -> list[tuple[int, Any]]:
    """Each step of colour with the numbers it stands for."""
    first, legend = 1, []
    for bound in bounds:
        words = str(bound) if bound == first else format_lazy("{}–{}", first, bound)
        legend.append((step_of(bound, bounds), words))
        first = bound + 1
    return legend
