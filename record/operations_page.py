"""Operations as their pages show them: a table with a column for each measure, and for each
measure a chart of its own. Numbers of different measures are never drawn on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from record.models import Operation, OperationFigure, Series

Measure = OperationFigure.Measure
WIDTH = 640  # units of the drawings
_LABEL, _NUMBER, _LINE = 200, 130, 30
# What was counted of people: three measures that mean three things.
OF_PEOPLE = (Measure.SUSPECTS, Measure.OFFENDERS, Measure.ARRESTS)


@dataclass(frozen=True)
class Bar:
    operation: Operation
    figure: OperationFigure
    y: int
    length: int


@dataclass(frozen=True)
class Chart:
    """One measure over the operations of one series, in the order of time; where several sources
    give a number of an operation, the newest one."""

    measure: Measure
    bars: list[Bar]

    @property
    def height(self) -> int:
        return len(self.bars) * _LINE + 6


@dataclass(frozen=True)
class Group:
    """A series with its operations; None for those that stand alone."""

    series: Series | None
    operations: list[Operation]
    charts: list[Chart]


def figures_of(operation: Operation, *measures: Measure) -> list[OperationFigure]:
    """What sources say of a measure, the oldest source first; uses what was prefetched."""
    return [one for one in operation.figures.all() if one.measure in measures]


def grouped(operations: Sequence[Operation]) -> list[Group]:
    """By series, in their order; operations that stand alone come last."""
    series = {one.series.pk: one.series for one in operations if one.series}
    ordered = sorted(series.values(), key=lambda one: one.position)
    groups: list[Series | None] = [*ordered, None]
    return [
        Group(one, some, charts_of(some) if one else [])
        for one in groups
        if (some := [op for op in operations if op.series == one])
    ]


def charts_of(operations: Sequence[Operation]) -> list[Chart]:
    """A chart for each measure that at least two operations of the series know."""
    ordered = sorted(operations, key=lambda one: (str(one.starts_on), one.pk))
    charts = [_chart(measure, ordered) for measure in Measure]
    return [chart for chart in charts if len(chart.bars) > 1]


def _chart(measure: Measure, operations: Sequence[Operation]) -> Chart:
    found = [(one, figure) for one in operations for figure in figures_of(one, measure)[-1:]]
    most = max((figure.number for _one, figure in found), default=1)
    room = WIDTH - _LABEL - _NUMBER
    return Chart(
        measure,
        [
            Bar(one, figure, at * _LINE + 4, max(2, round(figure.number * room / most)))
            for at, (one, figure) in enumerate(found)
        ],
    )
