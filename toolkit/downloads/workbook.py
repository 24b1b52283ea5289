"""The table as a workbook: the steps, what documents say, and what the file is."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from toolkit.downloads import documents, plain
from toolkit.downloads.printed import CONSENT, DERIVED, Printed, in_one_cell, moment


def as_xlsx(printed: Printed) -> bytes:
    """Every cell is written as text, whatever it begins with: none is a formula or a link."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        lines = [plain.line(printed, row) for row in printed.rows]
        _sheet(book, _("Steps"), plain.head(), lines)
        said = [documents.cells(one) for one in printed.observations]
        _sheet(book, _("What documents say"), documents.columns(), said)
        _sheet(book, _("About this file"), [_("What"), _("Says")], _about(printed))
    return content.getvalue()


def _about(printed: Printed) -> list[list[str]]:
    return [
        [_("State on"), printed.as_of.isoformat()],
        [_("As known on"), moment(printed.known_at) or _("when the file was made")],
        [_("Made"), moment(printed.made_at) or ""],
        [_("Filters"), in_one_cell(printed.filters) or _("none")],
        # A row each: a cell holds no more than 32,767 characters.
        *([_("Sources of the steps"), one] for one in printed.sources),
        *([_("Sources of what documents say"), one] for one in printed.sources_of_observations),
        [_("Publication"), CONSENT],
        *([name, words] for name, words in DERIVED.items()),
    ]


def _sheet(book: Any, title: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    for place, words in enumerate(columns):
        sheet.write_string(0, place, words, bold)
    for row, cells in enumerate(lines, start=1):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(columns) - 1, 0), 18)
