"""Reading the first sheet of an Excel workbook that was made from one of our templates."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from toolkit.importing.sheets import Column, Line, Sheet, Unreadable, sheet_of

EDITION_LABEL = "Template edition"  # in A1; the edition itself in B1
_MOST_UNPACKED = 20_000_000  # bytes: a small file can hold very much more
_MOST_COLUMNS = 60  # the widest template has far fewer
_MOST_WIDE = 1_000  # lines with empty cells beyond: each is looked through to its end


def read_xlsx(upload: UploadedFile, columns: Sequence[Column], edition: str) -> Sheet:
    """The edition of the template in the first line, the headings in the second. Raises
    Unreadable, also for a template of another edition."""
    try:
        lines = _lines(upload)
        _refuse_another(next(lines, Line(1, [])), edition)
        return sheet_of(lines, columns)
    except Unreadable:
        raise
    # openpyxl answers a damaged file with whatever its parts happen to raise.
    except Exception as wrong:
        raise Unreadable(_("The file is not an Excel workbook (.xlsx).")) from wrong


def _lines(upload: UploadedFile) -> Iterator[Line]:
    upload.seek(0)
    with zipfile.ZipFile(upload) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
            raise Unreadable(_("The workbook is too large."))
    upload.seek(0)
    # With the formulas: a value that Excel never worked out would read as an empty cell.
    book = load_workbook(upload, read_only=True, data_only=False)
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()  # what it says of its own size may be wrong
    for number, cells in enumerate(_narrow(sheet.iter_rows()), start=1):
        faults = {place: said for place, cell in enumerate(cells) if (said := _fault(cell))}
        yield Line(number, [_as_text(cell.value) for cell in cells], faults)


def _narrow(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows up to the widest that a template has. Raises Unreadable for what stands beyond."""
    wide = 0
    for number, cells in enumerate(rows, start=1):
        if len(cells) > _MOST_COLUMNS:
            wide += 1
            if wide > _MOST_WIDE or any(cell.value is not None for cell in cells[_MOST_COLUMNS:]):
                raise Unreadable(
                    _(
                        "Line %(line)d of the workbook goes on far to the right of the table. "
                        "Delete the columns there."
                    )
                    % {"line": number}
                )
        yield cells[:_MOST_COLUMNS]


def _refuse_another(first: Line, edition: str) -> None:
    label, found = ([cell.strip() for cell in first.cells] + ["", ""])[:2]
    if label != EDITION_LABEL:
        raise Unreadable(_("The file is not made from the template. Download it and fill it in."))
    if found != edition:
        raise Unreadable(
            _(
                "The file is made from the template of edition “%(found)s”; the present edition "
                "is “%(edition)s”. Download it and copy your rows."
            )
            % {"found": found[:40], "edition": edition}
        )


def _fault(cell: Any) -> str:
    if cell.data_type == "f":
        return _("This cell holds a formula. Put its value in its place.")
    if cell.data_type == "e":
        return _("This cell holds an error of the spreadsheet.")
    return ""


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
