"""The comparison of two dates as bars, drawn on the server: no script, no style.

Each date has a pattern of its own, so that a print without colour can be read, and each bar ends
with its number. The table beside it holds the same figures.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from toolkit.framework.comparison import Group
from toolkit.models.framework import HIGHEST_SCORE

WIDTH = 320
_LONGEST = 236  # the bar of the highest figure; the number stands behind it
_THICK = 14
_ROW = 62


@dataclass(frozen=True)
class Bar:
    pattern: str  # "before" or "after": a class of css/assessment.css and a pattern of the SVG
    y: int
    width: int
    text: str
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Row:
    label: str
    label_y: int
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    key: str
    title: str
    description: str
    rows: list[Row]
    height: int
    width: int = WIDTH
    longest: int = _LONGEST
    thick: int = _THICK


def means(groups: Iterable[Group]) -> Chart | None:
    """Expert-based indicators: the mean score of each outcome, 0 to 3, rounded as in the table."""

    def pair(group: Group) -> list[tuple[float, str]] | None:
        return group.means and [
            (mean / HIGHEST_SCORE, floatformat(mean, 1)) for mean in group.means
        ]

    return _chart("means", _("Expert-based indicators: mean score, 0 to 3"), groups, pair)


def present(groups: Iterable[Group]) -> Chart | None:
    """Processes and documents: how many are present, of those assessed at both dates."""

    def pair(group: Group) -> list[tuple[float, str]] | None:
        of = group.present_of
        return group.present and [
            (count / of, _("%(count)d of %(all)d") % {"count": count, "all": of})
            for count in group.present
        ]

    return _chart("present", _("Processes and documents: how many are present"), groups, pair)


def _chart(
    key: str,
    title: str,
    groups: Iterable[Group],
    pair: Callable[[Group], list[tuple[float, str]] | None],
) -> Chart | None:
    rows: list[Row] = []
    said: list[str] = []
    for group in groups:
        figures = pair(group)
        if not figures:
            continue
        top = len(rows) * _ROW
        label = _("Outcome %(number)d") % {"number": group.outcome.number}
        rows.append(Row(label, top + 16, _bars(figures, top + 24)))
        said.append(f"{label}: {figures[0][1]} → {figures[1][1]}")
    if not rows:
        return None
    return Chart(key, title, "; ".join(said), rows, len(rows) * _ROW)


def _bars(figures: list[tuple[Any, str]], top: int) -> list[Bar]:
    bars = []
    for place, (share, text) in enumerate(figures):
        width, y = round(share * _LONGEST), top + place * (_THICK + 2)
        pattern = ("before", "after")[place]
        bars.append(Bar(pattern, y, width, text, width + 8, y + _THICK - 2))
    return bars
