"""Where a place lies in the drawing of the world: Equal Earth, in which areas compare.

tools/make_map.py draws the outlines with it, pages place offices and activities on them.
"""

import math

Point = tuple[float, float]
Spot = tuple[int, int]

WIDTH = 2000  # units of the drawing

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
    """Where a place lies in the drawing; its longitude is counted eastwards from the cut."""
    east, north = equal_earth(longitude - CENTRE, latitude)
    return (east + _EDGE) * SCALE, (_TOP - north) * SCALE


def spot_of(longitude: float, latitude: float) -> Spot:
    """The same of a place as maps name it, from 180 degrees west to 180 east, on the grid."""
    x, y = placed(longitude if longitude >= CUT else longitude + 360, latitude)
    return round(x), round(y)
