"""Bars as SVG drawn on the server, and the tables with the same data that stand beside them.

No script, no style: lengths are attributes, colours classes of static/css/charts.css, and each
series has a pattern of its own, so that a print without colour can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH = 360
_SIDE = 122  # for short labels beside the bars
_NUMBER = 48  # for the sum at the end of each bar
_SHORT = 14  # letters
_LONGEST = 50  # letters that fit above a bar; the table has them all
_THICK = 18


@dataclass(frozen=True)
class Cell:
    """One figure of a table and the address of its rows; no address where there are none."""

    text: Any
    url: str = ""


@dataclass(frozen=True)
class Row:
    label: Any
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True)
class Table:
    caption: Any
    columns: Sequence[Any]  # with the heading of the labels first
    rows: Sequence[Row]
    total: Row | None = None


@dataclass(frozen=True)
class Series:
    """A part of each bar. `pattern` is one of charts.css and templates/admin/overview/patterns."""

    label: Any
    pattern: str


@dataclass(frozen=True)
class Part:
    """A drawn part of a bar."""

    pattern: str
    x: int
    width: int
    y: int


@dataclass(frozen=True)
class Bar:
    """A drawn bar: where its words and its sum stand."""

    label: Any
    label_y: int
    parts: list[Part]
    total: int
    total_x: int
    total_y: int


@dataclass(frozen=True)
class Chart:
    """Bars of parts that add up. `description` says in words what is to be seen."""

    key: str
    title: Any
    description: Any
    series: Sequence[Series]
    rows: Sequence[tuple[Any, Sequence[int]]]
    width: int = WIDTH
    thick: int = _THICK
    bars: list[Bar] = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        longest = max((len(str(label)) for label, _values in self.rows), default=0)
        left, step = (_SIDE, _THICK + 10) if longest <= _SHORT else (0, _THICK + 34)
        most = max((sum(values) for _label, values in self.rows), default=0) or 1
        scale = (self.width - left - _NUMBER) / most
        bars = [
            _bar(label, values, self.series, left, place * step, scale)
            for place, (label, values) in enumerate(self.rows)
        ]
        object.__setattr__(self, "bars", bars)
        object.__setattr__(self, "height", len(bars) * step + 4)


def _bar(
    label: Any,
    values: Sequence[int],
    series: Sequence[Series],
    left: int,
    top: int,
    scale: float,
) -> Bar:
    y = top if left else top + 22
    parts, x = [], float(left)
    for one, value in zip(series, values, strict=True):
        if value:
            # Rounded where it begins and ends, so that parts touch; the least is still seen.
            width = max(round(x + value * scale) - round(x), 2)
            parts.append(Part(one.pattern, round(x), width, y))
            x += max(value * scale, 2)
    middle = y + _THICK - 4
    return Bar(
        _fitting(str(label)), middle if left else top + 15, parts, sum(values), round(x) + 8, middle
    )


def _fitting(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"
