"""Recognition as its page shows it: rows by heading, a timeline by year, a count by year and
category that is drawn on the server."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from record.models import Recognition

WIDTH, HEIGHT = 640, 220  # units of the drawing
_LEFT, _RIGHT, _TOP, _BOTTOM = 28, 8, 22, 24
_MOST_GAP = 8
CATEGORIES = list(Recognition.Category)


@dataclass(frozen=True)
class Group:
    """One heading of SC66 Inf. 9 with what stands under it, in its order; later ones after."""

    category: Recognition.Category
    rows: list[Recognition]


@dataclass(frozen=True)
class Bar:
    category: Recognition.Category
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Year:
    year: int
    middle: float
    total: int
    bars: list[Bar]

    @property
    def top(self) -> float:
        return min((bar.y for bar in self.bars), default=HEIGHT - _BOTTOM) - 6


def grouped(rows: Sequence[Recognition]) -> list[Group]:
    """In the order of the document first, then by date."""

    def place(row: Recognition) -> tuple[bool, int, object]:
        return row.position is None, row.position or 0, row.effective_on

    return [
        Group(category, sorted((one for one in rows if one.category == category), key=place))
        for category in CATEGORIES
        if any(one.category == category for one in rows)
    ]


def by_year(rows: Sequence[Recognition]) -> list[tuple[int, list[Recognition]]]:
    """The newest year first."""
    ordered = sorted(rows, key=lambda one: (-one.effective_on.year, one.effective_on, one.pk))
    return [
        (year, list(some)) for year, some in groupby(ordered, lambda one: one.effective_on.year)
    ]


def counted(rows: Sequence[Recognition]) -> list[tuple[int, list[int], int]]:
    """Each year from the first to the last, with its count by category and in all."""
    numbers = Counter((one.effective_on.year, one.category) for one in rows)
    years = [year for year, _category in numbers]
    if not years:
        return []
    found = []
    for year in range(min(years), max(years) + 1):
        counts = [numbers[year, category] for category in CATEGORIES]
        found.append((year, counts, sum(counts)))
    return found


def drawn(rows: Sequence[Recognition]) -> list[Year]:
    """A column a year, a part of it a category; the page says the same in a table."""
    table = counted(rows)
    most = max((total for _year, _counts, total in table), default=0)
    if not most:
        return []
    step = (WIDTH - _LEFT - _RIGHT) / len(table)
    unit = (HEIGHT - _TOP - _BOTTOM) / most
    width = max(step - _MOST_GAP, step * 0.7)
    return [
        _column(year, counts, _LEFT + at * step + (step - width) / 2, width, unit)
        for at, (year, counts, _total) in enumerate(table)
    ]


def _column(year: int, counts: list[int], x: float, width: float, unit: float) -> Year:
    bars, floor = [], float(HEIGHT - _BOTTOM)
    for category, number in zip(CATEGORIES, counts, strict=True):
        if number:
            floor -= number * unit
            bars.append(
                Bar(category, number, round(x, 1), round(floor, 1), round(width, 1),
                    round(number * unit, 1))
            )  # fmt: skip
    return Year(year, round(x + width / 2, 1), sum(counts), bars)
