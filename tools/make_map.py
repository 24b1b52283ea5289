"""Makes fixtures/world_map.json: the outlines of the Parties, small enough for every page.

    python -m tools.make_map countries-50m.topojson.json

The file named is the world of Natural Earth (1:50 million, public domain, naturalearthdata.com) as
TopoJSON. Run it again only when a country changes; the result is checked in.

Borders are shared lines there. Each line is projected (Equal Earth: areas compare), thinned out
and put on a grid once, so that neighbours still touch.
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Spot = tuple[int, int]
Ring = list[Spot]

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "fixtures" / "world_map.json"
WIDTH = 1000  # units of the drawing
THINNED = 1.2  # a bend that takes away less than this area, in square units, goes
SMALLEST = 1.5  # islands below this area go, but for the largest of each country
DOT_BELOW = 12.0  # a Party whose land is smaller than this gets a dot

ANTARCTICA = "010"
# What the outlines hold apart and United Nations maps draw with the State.
DRAWN_WITH = {
    "158": "CHN",
    "344": "CHN",
    "446": "CHN",
    "N. Cyprus": "CYP",
    "Somaliland": "SOM",
}
# The map is cut through the Bering Strait, so that no country but some islets lies on both edges.
CUT, CENTRE = -168.4, 11.6

_A = (1.340264, -0.081106, 0.000893, 0.003796)  # of the Equal Earth projection (Šavrič and others)


def equal_earth(longitude: float, latitude: float) -> Point:
    """East and north of a place, in radii of the Earth."""
    tilt = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    a1, a2, a3, a4 = _A
    square = tilt * tilt
    north = tilt * (a1 + a2 * square + square**3 * (a3 + a4 * square))
    slope = a1 + 3 * a2 * square + square**3 * (7 * a3 + 9 * a4 * square)
    east = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(tilt) / (3 * slope)
    return east, north


_EDGE = equal_earth(180, 0)[0]
_TOP = equal_earth(0, 84)[1]
_BOTTOM = equal_earth(0, -56.5)[1]
SCALE = WIDTH / (2 * _EDGE)
HEIGHT = math.ceil((_TOP - _BOTTOM) * SCALE)


def placed(longitude: float, latitude: float) -> Point:
    """Where a place lies in the drawing."""
    east, north = equal_earth(longitude - CENTRE, latitude)
    return (east + _EDGE) * SCALE, (_TOP - north) * SCALE


def uncut(line: Iterable[Point]) -> Iterator[Point]:
    """The places of one line, east of the cut by up to 360 degrees; without a jump from edge to
    edge within the line."""
    last = None
    for longitude, latitude in line:
        east = longitude if longitude >= CUT else longitude + 360
        if last is not None and abs(east - last) > 180:
            east += 360 if last > east else -360
        last = east
        yield east, latitude


def thinned(line: list[Point]) -> Ring:
    """A line without the bends that nobody would see (Visvalingam), on the grid. Ends stay."""
    kept = list(line)
    while len(kept) > 2:
        least = min(
            range(1, len(kept) - 1),
            key=lambda at: _triangle(kept[at - 1], kept[at], kept[at + 1]),
        )
        if _triangle(kept[least - 1], kept[least], kept[least + 1]) >= THINNED:
            break
        del kept[least]
    return [(round(x), round(y)) for x, y in kept]


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def area(ring: Iterable[Point]) -> float:
    points = list(ring)
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def path(ring: Ring) -> str:
    """A closed outline in the letters of SVG: steps from point to point."""
    steps, (x, y) = [], ring[0]
    for next_x, next_y in ring[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}".replace(" -", "-"))
        x, y = next_x, next_y
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z".replace(" -", "-")


class World:
    """The lines of the source, and the outlines that are made of them."""

    def __init__(self, source: dict[str, Any]) -> None:
        step, origin = source["transform"]["scale"], source["transform"]["translate"]
        self.lines = [
            [
                placed(*place)
                for place in uncut(
                    (x * step[0] + origin[0], y * step[1] + origin[1]) for x, y in _summed(arc)
                )
            ]
            for arc in source["arcs"]
        ]
        self.thin = [thinned(line) for line in self.lines]
        self.shapes = source["objects"]["countries"]["geometries"]

    def rings(self, shape: dict[str, Any]) -> Iterator[tuple[float, Ring]]:
        """Each outline of a country with its true area; holes are the land of somebody else."""
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            for arcs in polygon:
                whole = [point for arc in arcs for point in self._line(self.lines, arc)]
                yield area(whole), [spot for arc in arcs for spot in self._line(self.thin, arc)]

    @staticmethod
    def _line(lines: list[Any], arc: int) -> list[Any]:
        """The points of a line but for the last, with which the next one begins."""
        return (lines[arc] if arc >= 0 else lines[~arc][::-1])[:-1]


def _summed(arc: list[list[int]]) -> Iterator[tuple[int, int]]:
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x, y


def drawing(source: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """The map: a path for each Party, a dot for the small ones, one path for all other land."""
    world = World(source)
    rings: dict[str, list[tuple[float, Ring]]] = defaultdict(list)
    for shape in world.shapes:
        number, name = shape.get("id"), shape["properties"]["name"]
        if number != ANTARCTICA:
            code = DRAWN_WITH.get(number or name) or codes.get(number, "")
            rings[code] += world.rings(shape)
    dots: dict[str, Spot] = {}
    for code, found in rings.items():
        if code and sum(size for size, _ring in found) < DOT_BELOW:
            dots[code] = _middle(max(found)[1])
    others = rings.pop("", [])
    return {
        "viewBox": f"0 0 {WIDTH} {HEIGHT}",
        "land": _outline(others),
        "shapes": {code: outline for code in sorted(rings) if (outline := _outline(rings[code]))},
        "dots": dict(sorted(dots.items())),
    }


def _outline(found: list[tuple[float, Ring]]) -> str:
    largest = max((size for size, _ring in found), default=0)
    seen = [ring for size, ring in found if size >= min(SMALLEST, largest)]
    return "".join(path(ring) for ring in seen if len(set(ring)) > 2)


def _middle(ring: Ring) -> Spot:
    return _rounded((sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)))


def _rounded(point: Point) -> Spot:
    return round(point[0]), round(point[1])


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    source = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    parties = json.loads((ROOT / "fixtures" / "parties.json").read_text(encoding="utf-8"))
    codes = {row["m49"]: row["code"] for row in parties if row.get("m49")}
    made = {
        "source": "Natural Earth, 1:50 million, admin 0 (naturalearthdata.com), public domain; "
        "Equal Earth projection, simplified. See tools/make_map.py.",
        **drawing(source, codes),
    }
    text = json.dumps(made, separators=(",", ":")).replace('","', '",\n"')
    RESULT.write_text(text + "\n", encoding="utf-8")
    missing = [
        row["code"] for row in parties if row["code"] not in {*made["shapes"], *made["dots"]}
    ]
    print(f"{len(made['shapes'])} shapes, {len(made['dots'])} dots, {len(text):,} characters.")
    print(f"Parties not on the map: {', '.join(missing) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
