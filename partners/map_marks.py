"""Marks on a map: something at a spot, told by its shape as well as by its colour.

static/css/map.css colours each kind; templates/map/_mark.html draws it around its own centre, so
that the stylesheet can make marks larger on a narrow screen.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from partners.map_projection import Spot

# By kind of mark its outline, about 18 units wide, and as wide as the others to the eye.
_CIRCLE = "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0z"
_SQUARE = "M-8-8h16v16h-16z"
_DIAMOND = "M0-11L11 0 0 11-11 0z"
_TRIANGLE = "M0-11L10 8H-10z"
_CROSS = "M-4-10h8v6h6v8h-6v6h-8v-6h-6v-8h6z"
OUTLINES = {
    "analysis": _CIRCLE, "capacity": _SQUARE, "cross_cutting": _DIAMOND,
    "cites": _CIRCLE, "interpol": _SQUARE, "unodc": _DIAMOND, "wb": _TRIANGLE, "wco": _CROSS,
}  # fmt: skip
BESIDE = 21  # units from one mark to the next of the same spot


@dataclass(frozen=True)
class Mark:
    """`is_open` draws it hollow; `shift` moves it sideways, where several share one spot."""

    kind: str
    spot: Spot
    words: Any
    url: str = ""
    is_open: bool = False
    shift: int = 0
    moved_from: Spot | None = None  # where it belongs, were there no other mark beside it

    @property
    def outline(self) -> str:
        return OUTLINES[self.kind]


def side_by_side(number: int) -> list[int]:
    """How far each of that many marks at one spot is moved, so that all of them are seen."""
    first = -BESIDE * (number - 1) // 2
    return [first + BESIDE * at for at in range(number)]


def legend_of(words: Mapping[str, Any]) -> tuple[tuple[str, str, Any], ...]:
    """Each kind of mark with its outline and what it means."""
    return tuple((kind, OUTLINES[kind], said) for kind, said in words.items())


def moved_apart(marks: Iterable[Mark], least: int) -> list[Mark]:
    """The same marks; of those that lie too near to each other the southern ones are moved further
    south, each with the spot from which it was moved."""
    found: list[Mark] = []
    for mark in sorted(marks, key=lambda one: one.spot[::-1]):
        x, y = mark.spot
        while any(math.dist((x, y), other.spot) < least for other in found):
            y += 3
        is_moved = (x, y) != mark.spot
        found.append(replace(mark, spot=(x, y), moved_from=mark.spot) if is_moved else mark)
    return found
