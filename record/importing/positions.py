"""Does a position lie where its row says?

Asked of the land in fixtures/world_geometry.json, which is simplified for small scales: coasts and
borders are a little off, and small islands are not in it. Land that is no Party's is only in the
drawing, fixtures/world_map.json.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import shapely
from django.conf import settings
from shapely.geometry.base import BaseGeometry

from partners.map import geometry
from partners.map_projection import spot_of

# In degrees of the map; 0.1 is about 11 kilometres at the equator.
_AT_A_BORDER = 0.2
_AT_A_COAST = 0.5
# States of islands that are too small to be drawn: how far from the one point that stands for
# them their islands lie.
_SPREAD = {"MDV": 4.5, "SYC": 8.0, "TON": 4.0, "PLW": 6.0}
_FEWEST_CORNERS = 4
_HALF, _WHOLE = 180, 360
_NEAR_THE_EDGE = 175
_AT_A_DRAWN_COAST = 3  # units of the drawing: about 60 kilometres

SEA = "sea"
NO_PARTY = "land"  # of a territory or State that is no Party


def looked_at(longitude: float, latitude: float, codes: tuple[str, ...]) -> str:
    """ "" where the position lies in one of these Parties, or on a coast of theirs; else the code
    of the Party in which it lies, NO_PARTY on other land, SEA where no land is near."""
    return _looked_at(round(longitude, 3), round(latitude, 3), codes)


def seems_exchanged(longitude: float, latitude: float, codes: tuple[str, ...]) -> bool:
    """Would it lie in one of them, were its two numbers exchanged?"""
    if abs(longitude) > 90:  # noqa: PLR2004 - no latitude
        return False
    return bool(codes) and any(_is_within(code, latitude, longitude, 0) for code in codes)


@lru_cache(maxsize=20_000)
def _looked_at(longitude: float, latitude: float, codes: tuple[str, ...]) -> str:
    if any(_is_within(code, longitude, latitude, _AT_A_BORDER) for code in codes):
        return ""
    if holder := _holder(longitude, latitude):
        return holder
    if any(_is_within(code, longitude, latitude, _SPREAD.get(code, _AT_A_COAST)) for code in codes):
        return ""
    if _is_on_other_land(longitude, latitude):
        return NO_PARTY
    return _nearest(longitude, latitude) or SEA


def _is_within(code: str, longitude: float, latitude: float, distance: float) -> bool:
    land = _land().get(code)
    return land is not None and any(
        shapely.dwithin(land, point, distance) for point in _points(longitude, latitude)
    )


def _points(longitude: float, latitude: float) -> Iterator[BaseGeometry]:
    """The position, and beside the edge of the map the same one on its other side."""
    yield shapely.Point(longitude, latitude)
    if abs(longitude) > _NEAR_THE_EDGE:
        yield shapely.Point(longitude - (_WHOLE if longitude > 0 else -_WHOLE), latitude)


def _holder(longitude: float, latitude: float) -> str:
    """The code of the Party on whose land it lies."""
    codes, tree = _tree()
    found = tree.query(shapely.Point(longitude, latitude), predicate="intersects")
    return codes[int(found[0])] if len(found) else ""


def _nearest(longitude: float, latitude: float) -> str:
    """The code of the Party nearest to it whose coast is not too far away."""
    codes, tree = _tree()
    near = tree.query_nearest(shapely.Point(longitude, latitude), max_distance=_AT_A_COAST)
    return codes[int(near[0])] if len(near) else ""


def _is_on_other_land(longitude: float, latitude: float) -> bool:
    return bool(
        shapely.dwithin(
            _other_land(), shapely.Point(spot_of(longitude, latitude)), _AT_A_DRAWN_COAST
        )
    )


@cache
def _other_land() -> BaseGeometry:
    """In the drawing: the outlines that belong to no Party."""
    file = settings.BASE_DIR / "fixtures" / "world_map.json"
    drawn: str = json.loads(file.read_text(encoding="utf-8"))["land"]
    pieces = [_outline(one) for one in drawn.split("z") if one]
    land = shapely.union_all(pieces)
    shapely.prepare(land)
    return land


def _outline(path: str) -> BaseGeometry:
    """An outline as partners.map draws it, from its first point by steps: "M12 7l3 0-1 2"."""
    numbers = [int(one) for one in re.findall(r"-?\d+", path)]
    (x, y), *steps = zip(numbers[::2], numbers[1::2], strict=True)
    points = [(x, y)]
    for across, down in steps:
        x, y = x + across, y + down
        points.append((x, y))
    return _piece([points])


@cache
def _land() -> dict[str, BaseGeometry]:
    """By the code of a Party its land, or a point; prepared for being asked often."""
    land = {code: _shape(said) for code, said in geometry().items()}
    for shape in land.values():
        shapely.prepare(shape)
    return land


@cache
def point_on_land(code: str) -> tuple[float, float] | None:
    """Longitude and latitude of a point on the largest piece of land of a Party, which stands for
    it where no position is known; None for one without land."""
    land = _land().get(code)
    if land is None:
        return None
    largest = max(shapely.get_parts(land), key=_extent)
    point = largest.representative_point()
    return round(point.x, 3), round(point.y, 3)


def _extent(piece: BaseGeometry) -> float:
    """A degree of longitude is shorter in the north."""
    return float(piece.area) * math.cos(math.radians(piece.centroid.y))


@cache
def _tree() -> tuple[list[str], shapely.STRtree]:
    codes = list(_land())
    return codes, shapely.STRtree([_land()[code] for code in codes])


def _shape(said: dict[str, Any]) -> BaseGeometry:
    if said["type"] == "Point":
        return shapely.Point(said["coordinates"])
    pieces = [_piece(rings) for rings in said["coordinates"]]
    return shapely.union_all([one for one in pieces if not one.is_empty])


def _piece(rings: Sequence[Any]) -> BaseGeometry:
    """A piece of land with its holes; simplifying has made some rings into lines or dots."""
    shell, *holes = [ring for ring in rings if len(ring) >= _FEWEST_CORNERS] or [[]]
    whole = shapely.Polygon(shell, holes) if shell else shapely.MultiPoint(rings[0])
    return shapely.make_valid(whole)
