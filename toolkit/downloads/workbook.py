"""The table as a workbook: the steps, what documents say, and what the file is."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from partners.spreadsheets import Sheet
from toolkit.downloads import documents, plain
from toolkit.downloads.printed import CONSENT, DERIVED, Printed, in_one_cell


def as_xlsx(printed: Printed) -> bytes:
    """Days are days and numbers numbers; texts are texts, whatever they begin with."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        lines = [plain.line(printed, row) for row in printed.rows]
        Sheet(book, _("Steps"), plain.head()).add_all(lines)
        said = [documents.cells(one) for one in printed.observations]
        Sheet(book, _("What documents say"), documents.columns()).add_all(said)
        Sheet(book, _("About this file"), [_("What"), _("Says")]).add_all(_about(printed))
    return content.getvalue()


def _about(printed: Printed) -> list[list[Any]]:
    return [
        [_("State on"), printed.as_of],
        [_("As known on"), printed.known_at or _("when the file was made")],
        [_("Made (UTC)"), printed.made_at],
        [_("Filters"), in_one_cell(printed.filters) or _("none")],
        # A row each: a cell holds no more than 32,767 characters.
        *([_("Sources of the steps"), one] for one in printed.sources),
        *([_("Sources of what documents say"), one] for one in printed.sources_of_observations),
        [_("Publication"), CONSENT],
        *([name, words] for name, words in DERIVED.items()),
    ]
