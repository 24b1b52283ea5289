"""The world of Natural Earth as shared lines, mended where United Nations maps draw it otherwise.

The source shows who holds a place; United Nations maps show what the Organization takes as its
status. What differs, and is mended here:

* Crimea is a piece of its own there, with the Russian Federation. It is joined to Ukraine
  (General Assembly resolution 68/262), without a line at the isthmus.
* Kosovo, northern Cyprus, "Somaliland", Taiwan, Hong Kong and Macao are apart there. They are
  drawn with the State of which M49, the United Nations list of countries and areas, holds them to
  be a part; for Kosovo see Security Council resolution 1244 (1999).
* Western Sahara ends at the sand wall there, and the land west of it is with Morocco. It is given
  back its coast, up to the parallel of 27° 40' N: the United Nations list it as a
  Non-Self-Governing Territory.
* The Golan is with Israel there. It is drawn with the Syrian Arab Republic (Security Council
  resolution 497 (1981)); the line is a rough one, by hand, exact enough for the scale.
* Western Sahara, Palestine and the Siachen Glacier stay apart: no Party's colour covers them.

Lines whose course is not settled are dashed: `DISPUTED` names them by their two sides. Of the line
between India and Pakistan only the Line of Control is, and of that between China and India the
western sector beside it: the source has each as one line with the rest, so they are cut there.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

Place = tuple[float, float]  # longitude, latitude
T = TypeVar("T")
Arcs = list[int]  # numbers of lines; ~n is line n from its end to its beginning

ANTARCTICA = "010"
_PARALLEL = 27.653  # the end of Western Sahara in the north; in the source a little off 27° 40'
DRAWN_WITH = {
    "158": "CHN",
    "344": "CHN",
    "446": "CHN",
    "Kosovo": "SRB",
    "N. Cyprus": "CYP",
    "Somaliland": "SOM",
}
# From the Yarmouk along the east of Lake Tiberias and of the Jordan to the foot of Mount Hermon.
_GOLAN = [
    (35.61, 32.68), (35.65, 32.75), (35.65, 32.86), (35.62, 32.95), (35.63, 33.1), (35.65, 33.2),
    (35.63, 33.28),
]  # fmt: skip
# Two sides of a line, and which part of it is dashed: all, or where the test of a place says so.
DISPUTED: dict[frozenset[str], Callable[[Place], bool] | None] = {
    frozenset({"Morocco", "W. Sahara"}): None,
    frozenset({"Serbia", "Kosovo"}): None,
    frozenset({"Cyprus", "N. Cyprus"}): None,
    frozenset({"Somalia", "Somaliland"}): None,
    frozenset({"Israel", "Palestine"}): None,
    frozenset({"Israel", "Syria"}): None,
    frozenset({"North Korea", "South Korea"}): None,  # the demarcation line of the armistice
    frozenset({"Sudan", "S. Sudan"}): None,
    frozenset({"India", "Siachen Glacier"}): None,
    frozenset({"Pakistan", "Siachen Glacier"}): None,
    frozenset({"China", "Siachen Glacier"}): None,
    frozenset({"India", "Pakistan"}): lambda place: place[1] > 32.7,
    frozenset({"China", "India"}): lambda place: place[0] < 80,
}


class World:
    """The lines of the source, and which of them make the outline of whom."""

    def __init__(self, source: dict[str, Any]) -> None:
        step, origin = source["transform"]["scale"], source["transform"]["translate"]
        self.lines: list[list[Place]] = [
            [(x * step[0] + origin[0], y * step[1] + origin[1]) for x, y in _summed(arc)]
            for arc in source["arcs"]
        ]
        shapes = source["objects"]["countries"]["geometries"]
        self.polygons: dict[str, list[list[Arcs]]] = {}
        self.number: dict[str, str] = {}
        for shape in shapes:
            name = shape["properties"]["name"]
            one = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            self.polygons.setdefault(name, []).extend(deepcopy(one))
            self.number[name] = shape.get("id", "")
        self._join_crimea()
        self._restore_western_sahara()
        self._restore_golan()

    def of_parties(self, codes: dict[str, str]) -> dict[str, list[list[Arcs]]]:
        """The polygons of each Party, by its code; under "" all other land but Antarctica."""
        found: dict[str, list[list[Arcs]]] = defaultdict(list)
        for name, polygons in self.polygons.items():
            number = self.number[name]
            if number != ANTARCTICA:
                found[DRAWN_WITH.get(number or name) or codes.get(number, "")] += polygons
        return found

    def disputed(self) -> Iterator[tuple[int, int, int]]:
        """Lines to be dashed: the number of each, and its first and last point that is."""
        sides: dict[int, set[str]] = defaultdict(set)
        for name, polygons in self.polygons.items():
            for arc in (arc for polygon in polygons for ring in polygon for arc in ring):
                sides[max(arc, ~arc)].add(name)
        for line, between in sides.items():
            if frozenset(between) not in DISPUTED:
                continue
            test = DISPUTED[frozenset(between)]
            within = [
                at for at, place in enumerate(self.lines[line]) if test is None or test(place)
            ]
            if len(within) > 1:
                yield line, within[0], within[-1]

    def _join_crimea(self) -> None:
        """Its outline takes the place of the line at the isthmus in the outline of Ukraine."""
        russia, ukraine = (self.polygons.get(name, []) for name in ("Russia", "Ukraine"))
        for crimea in [polygon for polygon in russia if self._is_crimea(polygon)]:
            for outline in [polygon[0] for polygon in ukraine]:
                for isthmus in [arc for arc in crimea[0] if ~arc in outline]:
                    at, start = outline.index(~isthmus), crimea[0].index(isthmus)
                    outline[at : at + 1] = crimea[0][start + 1 :] + crimea[0][:start]
                    russia.remove(crimea)

    def _restore_western_sahara(self) -> None:
        """A straight line along the parallel takes the place of the sand wall, and Morocco's coast
        is parted where it begins."""
        if "W. Sahara" not in self.polygons:
            return
        sahara, morocco = (self.polygons[name][0][0] for name in ("W. Sahara", "Morocco"))
        wall = next(arc for arc in morocco if ~arc in sahara)
        coast = morocco[morocco.index(wall) + 1]
        parting = next(at for at, place in enumerate(self.lines[coast]) if place[1] >= _PARALLEL)
        south, _north = self._parted(coast, parting)
        border = self._drawn([self.lines[wall][0], self.lines[south][-1]])
        at = morocco.index(wall)
        morocco[at : at + 2] = [border]
        at = sahara.index(~wall)
        sahara[at : at + 1] = [south, ~border]

    def _restore_golan(self) -> None:
        """The rough line takes the place of the one that the source has east of the Golan; north
        and south of it the land of Syria meets Lebanon and Jordan."""
        if "Syria" not in self.polygons:
            return
        israel, syria, jordan, lebanon = (
            self.polygons[name][0][0] for name in ("Israel", "Syria", "Jordan", "Lebanon")
        )
        east = next(arc for arc in syria if ~arc in israel)
        yarmouk = ~israel[(israel.index(~east) + 1) % len(israel)]
        hermon = ~israel[israel.index(~east) - 1]
        if yarmouk not in jordan or hermon not in lebanon:
            raise ValueError("The source has other lines around the Golan than it had.")
        _west, yarmouk = self._parted(yarmouk, self._nearest(yarmouk, _GOLAN[0]))
        hermon, _coast = self._parted(hermon, self._nearest(hermon, _GOLAN[-1]))
        ends = self.lines[yarmouk][0], self.lines[hermon][-1]
        border = self._drawn([ends[0], *_GOLAN[1:-1], ends[1]])
        at = syria.index(east)
        syria[at : at + 1] = [~yarmouk, border, ~hermon]
        israel[israel.index(~east)] = ~border
        israel.remove(~yarmouk)
        israel.remove(~hermon)

    def _nearest(self, line: int, place: Place) -> int:
        return min(
            range(len(self.lines[line])), key=lambda at: math.dist(self.lines[line][at], place)
        )

    def _drawn(self, places: list[Place]) -> int:
        """The number of a new line."""
        self.lines.append(places)
        return len(self.lines) - 1

    def _parted(self, line: int, at: int) -> tuple[int, int]:
        """The numbers of the two parts of a line, which take its place wherever it is used."""
        first = self._drawn(self.lines[line][: at + 1])
        rest = self._drawn(self.lines[line][at:])
        for ring in (ring for each in self.polygons.values() for one in each for ring in one):
            for old, new in ((line, [first, rest]), (~line, [~rest, ~first])):
                if old in ring:
                    ring[ring.index(old) : ring.index(old) + 1] = new
        return first, rest

    def _is_crimea(self, polygon: list[Arcs]) -> bool:
        return all(32 < x < 37 and 44 < y < 46.5 for x, y in ring_of(self.lines, polygon[0]))


def line_of(lines: list[list[T]], arc: int) -> list[T]:
    """The points of a line but for the last, with which the next one begins."""
    return (lines[arc] if arc >= 0 else lines[~arc][::-1])[:-1]


def ring_of(lines: list[list[T]], arcs: Arcs) -> list[T]:
    return [point for arc in arcs for point in line_of(lines, arc)]


def _summed(arc: list[list[int]]) -> Iterator[tuple[int, int]]:
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x, y
