"""The totals over time as a drawing: for each document one band of three lanes, so that numbers
that are counted differently stand below each other and are never joined by a line.

Lengths are attributes, colours classes of static/css/totals.css; each kind of count has a shape of
its own, and each mark its number beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.totals import Row

WIDTH = 360  # units; a telephone shows them as they are
_LEFT, _RIGHT = 12, 34
_LANE = 19
_BAND = 3 * _LANE + 30
_STEP = 10  # countries from one line of the scale to the next


@dataclass(frozen=True)
class Mark:
    """One number: its shape, which says how it is counted, and where it stands."""

    shape: str
    number: int
    x: int
    y: int
    is_rough: bool = False


@dataclass(frozen=True)
class Band:
    """What belongs to one document."""

    row: Row
    top: int
    label_y: int
    marks: list[Mark]


@dataclass(frozen=True)
class TotalsChart:
    width: int
    height: int
    bands: list[Band]
    scale: list[tuple[int, int]]  # a number of countries, and where its line stands
    scale_y: int


def drawn(rows: Sequence[Row]) -> TotalsChart | None:
    """None where there is nothing to draw."""
    bands: list[list[tuple[str, int | None, int, bool]]] = [_numbers(row) for row in rows]
    every = [number for band in bands for _s, number, _l, _r in band if number is not None]
    if not every:
        return None
    most = -(-max(every) // _STEP) * _STEP or _STEP

    def x(number: int) -> int:
        return _LEFT + round(number * (WIDTH - _LEFT - _RIGHT) / most)

    made = []
    for at, (row, band) in enumerate(zip(rows, bands, strict=True)):
        top = at * _BAND
        marks = [
            Mark(shape, number, x(number), top + 36 + lane * _LANE, is_rough)
            for shape, number, lane, is_rough in band
            if number is not None
        ]
        made.append(Band(row, top, top + 17, marks))
    height = len(rows) * _BAND
    scale = [(number, x(number)) for number in range(0, most + 1, _STEP)]
    return TotalsChart(WIDTH, height + 24, made, scale, height + 17)


def _numbers(row: Row) -> list[tuple[str, Any, int, bool]]:
    """Shape, number, lane and whether it is not exact."""
    total = row.total
    complete = "either" if row.counts_both else "complete"
    return [
        ("all", total.in_all, 0, total.is_rough),
        (complete, total.complete, 0, total.is_rough),
        ("requested-here", row.derived.requested, 1, False),
        ("complete-here", row.derived.complete, 1, False),
        ("said-complete", row.said_complete, 2, False),
    ]
