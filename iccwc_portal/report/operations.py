"""Operations in the report: each figure with what it counts, and when it was said."""

from typing import Any

from django.db.models import Prefetch
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from history.precision import first_possible_day
from iccwc_portal.report.asking import Asked
from iccwc_portal.report.document import Block, Heading, Paragraph, Table
from iccwc_portal.report.recorded import as_known, earliest, known, sources_of, with_confidence
from iccwc_portal.report.wording import source_of
from record.models import Operation, OperationFigure


def operations(actor: Any, asked: Asked) -> list[Block]:
    """Those that had begun by the day, with the figures that were known by then."""
    rows = known(Operation, actor, asked).prefetch_related(
        Prefetch("figures", OperationFigure.objects.order_by("effective_on", "pk"))
    )
    found = [
        one
        for one in as_known(rows.order_by("starts_on", "pk"), asked)
        if (begun := earliest(one)) and begun <= asked.as_of
    ]
    if not found:
        return []
    lines = [line for one in found for line in _lines(one, asked)]
    measures = _(
        "Figures of different measures are never added up: “suspects identified” is not “arrests”."
    )
    head = [_("Operation"), _("Dates"), _("What is counted"), _("Number"), _("Said on")]
    cited = [*found, *(one for op in found for one in _told(op, asked))]
    return [
        Heading(_("Operations"), 3),
        Table("operations", _("Operations, oldest first"), head, lines, numbers=frozenset({3})),
        Paragraph(measures, "source"),
        source_of(sources_of(cited)),
    ]


def _told(one: Operation, asked: Asked) -> list[OperationFigure]:
    return [
        figure
        for figure in one.figures.all()
        if first_possible_day(figure.effective_on, figure.precision) <= asked.as_of
    ]


def _lines(one: Operation, asked: Asked) -> list[list[str]]:
    head = [with_confidence(one.title, one), one.when_in_words]
    told = [
        [figure.get_measure_display(), _number(figure), figure.when_in_words]
        for figure in _told(one, asked)
    ]
    return [[*head, *line] for line in told or [["–", "–", "–"]]]


def _number(one: OperationFigure) -> str:
    number = number_format(one.number, force_grouping=True)
    return f"{one.get_qualifier_display()} {number}" if one.qualifier else number
