"""Makes fixtures/world_map.json, the outlines of the Parties; static/img/world.svg, the world as
one picture that lies under every map; and fixtures/world_geometry.json, the outlines in degrees,
for GeoJSON files.

    python -m tools.make_map countries-50m.topojson.json

The file named is the world of Natural Earth (1:50 million, public domain, naturalearthdata.com) as
TopoJSON. Run it again only when a country changes; the results are checked in. What is mended in
the source, and which lines are dashed, stands in tools/world_source.py.

Borders are shared lines there. Each line is projected (Equal Earth: areas compare), thinned out
and put on a grid once, so that neighbours still touch.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from partners.map_projection import CUT, HEIGHT, WIDTH, Point, Spot, placed
from tools.world_source import Arcs, Place, World, ring_of

Ring = list[Spot]

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "fixtures" / "world_map.json"
PICTURE = ROOT / "static" / "img" / "world.svg"
GEOMETRY = ROOT / "fixtures" / "world_geometry.json"
THINNED = 2.6  # a bend that takes away less than this area, in square units, goes
SMALLEST = 6.0  # islands below this area go, but for the largest of each country
DOT_BELOW = 48.0  # a Party whose land is smaller than this gets a dot
THINNED_IN_DEGREES = 0.8  # the same of the geometry, in square units of the drawing
SMALLEST_IN_DEGREES = 1.5


def uncut(line: Iterable[Place]) -> Iterator[Place]:
    """The places of one line, east of the cut by up to 360 degrees; without a jump from edge to
    edge within the line."""
    last = None
    for longitude, latitude in line:
        east = longitude if longitude >= CUT else longitude + 360
        if last is not None and abs(east - last) > 180:
            east += 360 if last > east else -360
        last = east
        yield east, latitude


def kept(line: list[Point], least: float) -> list[int]:
    """Which points of a line stay when the bends that nobody would see go (Visvalingam): those
    that take away less than this area. Ends stay."""
    stay = list(range(len(line)))
    while len(stay) > 2:
        areas = [
            _triangle(line[stay[at - 1]], line[stay[at]], line[stay[at + 1]])
            for at in range(1, len(stay) - 1)
        ]
        smallest = min(areas)
        if smallest >= least:
            break
        del stay[areas.index(smallest) + 1]
    return stay


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def area(ring: Iterable[Point]) -> float:
    points = list(ring)
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def path(ring: Ring, closed: bool = True) -> str:
    """A line in the letters of SVG: steps from point to point."""
    steps, (x, y) = [], ring[0]
    for next_x, next_y in ring[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}".replace(" -", "-"))
        x, y = next_x, next_y
    end = "z" if closed else ""
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}{end}".replace(" -", "-")


class Drawn:
    """The lines of the world in the drawing: as they are, and thinned out on the grid."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.whole: list[list[Point]] = [
            [placed(*place) for place in uncut(line)] for line in world.lines
        ]
        self.stay = [kept(line, THINNED) for line in self.whole]
        self.thin: list[Ring] = [
            [_rounded(line[at]) for at in stay]
            for line, stay in zip(self.whole, self.stay, strict=True)
        ]

    def rings(self, polygons: list[list[Arcs]]) -> list[tuple[float, Ring]]:
        """Each outline of a country with its true area; holes are the land of somebody else."""
        return [
            (area(ring_of(self.whole, arcs)), ring_of(self.thin, arcs))
            for polygon in polygons
            for arcs in polygon
        ]

    def disputed(self) -> str:
        """The lines to be dashed, each cut where its dashed part begins and ends."""
        dashed = []
        for line, first, last in self.world.disputed():
            points = [
                spot
                for at, spot in zip(self.stay[line], self.thin[line], strict=True)
                if first <= at <= last
            ]
            if len(set(points)) > 1:
                dashed.append(path(points, closed=False))
        return "".join(dashed)


def drawing(source: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """The map: a path for each Party, a dot for the small ones, one path for all other land, one
    for the lines to be dashed; and of each Party the spot where it is to be pointed at."""
    drawn = Drawn(World(source))
    of_parties = drawn.world.of_parties(codes)
    rings = {code: drawn.rings(polygons) for code, polygons in of_parties.items()}
    others = rings.pop("", [])
    small = {code for code, found in rings.items() if sum(size for size, _r in found) < DOT_BELOW}
    middles = {code: _middle(max(found)[1]) for code, found in sorted(rings.items())}
    return {
        "viewBox": f"0 0 {WIDTH} {HEIGHT}",
        "land": _outline(others),
        "disputed": drawn.disputed(),
        "shapes": {code: outline for code in sorted(rings) if (outline := _outline(rings[code]))},
        "dots": {code: middles[code] for code in sorted(small)},
        "middles": middles,
    }


def picture(made: dict[str, Any]) -> str:
    """The world without a word, in the colours of static/css/map.css for land and for a Party of
    which nothing is said. Pages lay what they say over it."""
    outlines = "".join(made["shapes"].values())
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="7"/>' for x, y in made["dots"].values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{made["viewBox"]}"'
        f' width="{WIDTH}" height="{HEIGHT}">'
        f'<path fill="#d9dddb" stroke="#fff" d="{made["land"]}"/>'
        f'<g fill="#c3ccc8" stroke="#fff"><path d="{outlines}"/><g stroke="#4a5751">{dots}</g></g>'
        f'<path fill="none" stroke="#3d4a44" stroke-width="1.6" stroke-dasharray="6 5"'
        f' d="{made["disputed"]}"/></svg>\n'
    )


def geometry(source: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """Of each Party a GeoJSON MultiPolygon in degrees (RFC 7946), thinned out; a Point of those
    whose land is too small for it."""
    world = World(source)
    whole = [[placed(*place) for place in uncut(line)] for line in world.lines]
    thin = [
        [
            (round(places[at][0], 2), round(places[at][1], 2))
            for at in kept(line, THINNED_IN_DEGREES)
        ]
        for places, line in zip(world.lines, whole, strict=True)
    ]
    made: dict[str, Any] = {}
    for code, polygons in sorted(world.of_parties(codes).items()):
        if not code:
            continue
        sizes = [area(ring_of(whole, polygon[0])) for polygon in polygons]
        largest = max(sizes)
        made[code] = [
            [_turned(ring_of(thin, arcs), outer=at == 0) for at, arcs in enumerate(polygon)]
            for polygon, size in zip(polygons, sizes, strict=True)
            if size >= min(SMALLEST_IN_DEGREES, largest) and len(set(ring_of(thin, polygon[0]))) > 2
        ]
        if not made[code]:
            ring = ring_of(world.lines, polygons[sizes.index(largest)][0])
            made[code] = [round(sum(part) / len(ring), 2) for part in zip(*ring, strict=True)]
    return made


def _turned(ring: list[Place], *, outer: bool) -> list[Place]:
    """Closed, and counter-clockwise if it is an outer one, as RFC 7946 wants it."""
    closed = [*ring, ring[0]]
    turn = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(closed, closed[1:], strict=False))
    return closed if (turn > 0) == outer else closed[::-1]


def _to_two_places(place: Place) -> Place:
    return round(place[0], 2), round(place[1], 2)


def _outline(found: list[tuple[float, Ring]]) -> str:
    largest = max((size for size, _ring in found), default=0)
    seen = [ring for size, ring in found if size >= min(SMALLEST, largest)]
    return "".join(path(ring) for ring in seen if len(set(ring)) > 2)


def _middle(ring: Ring) -> Spot:
    """The centre of an area; of a speck the mean of its points."""
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)
    if abs(doubled) < 1:
        return _rounded(
            (sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring))
        )
    east = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs)
    north = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs)
    return _rounded((east / (3 * doubled), north / (3 * doubled)))


def _rounded(point: Point) -> Spot:
    return round(point[0]), round(point[1])


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    source = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    parties = json.loads((ROOT / "fixtures" / "parties.json").read_text(encoding="utf-8"))
    codes = {row["m49"]: row["code"] for row in parties if row.get("m49")}
    origin = "Natural Earth, 1:50 million, admin 0 (naturalearthdata.com), public domain"
    made = {
        "source": f"{origin}; Equal Earth projection, simplified. See tools/make_map.py.",
        **drawing(source, codes),
    }
    shapes = geometry(source, codes)
    _write(RESULT, made)
    PICTURE.write_text(picture(made), encoding="utf-8")
    _write(GEOMETRY, {"source": f"{origin}; simplified.", "places": shapes})
    missing = [row["code"] for row in parties if row["code"] not in made["middles"]]
    print(f"{len(made['shapes'])} shapes, {len(made['dots'])} dots.")
    print(f"Parties not on the map: {', '.join(missing) or 'none'}")
    return 0


def _write(file: Path, made: dict[str, Any]) -> None:
    text = json.dumps(made, separators=(",", ":")).replace('","', '",\n"').replace('],"', '],\n"')
    file.write_text(text + "\n", encoding="utf-8")
    print(f"{file.name}: {len(text):,} characters")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
