"""The second sheet of a workbook to fill in: what it is, and what each column holds."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from toolkit.importing.sheets import Column


def write_instructions(
    book: Any, before: Iterable[tuple[Any, Any]], columns: Sequence[Column]
) -> None:
    """Add the sheet to an xlsxwriter workbook: `before`, then each column with its hint."""
    sheet = book.add_worksheet(_("Instructions")[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    lines = list(before)
    for column in columns:
        needed = _("required") if column.required else _("may be left empty")
        lines.append((column.heading, f"{column.hint} ({needed})".strip()))
    for row, (label, words) in enumerate(lines):
        sheet.write_string(row, 0, str(label), bold)
        sheet.write_string(row, 1, str(words), wrapped)
