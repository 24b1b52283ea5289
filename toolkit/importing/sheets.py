"""Reading the cells of a CSV or XLSX file, as text, under the names of their columns."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

Words = str | Promise

MOST_ROWS = 10_000
MOST_UNPACKED = 60_000_000  # bytes: a small file can hold very much more
LONGEST_CELL = 10_000  # characters
EDITION_LABEL = "Template edition"  # in A1; the edition itself in B1


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is a sentence for whoever sent it."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading in the file (English, as in the template), and what makes a value
    of a cell's text. `parse` raises ValueError with a sentence. An empty cell gives None."""

    key: str
    heading: str
    parse: Callable[[str], Any] = str
    required: bool = True
    hint: Words = ""


@dataclass(frozen=True)
class Row:
    """The cells of one line by column key; `number` is the line's number as the file shows it."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    rows: list[Row]


def read_csv(upload: UploadedFile, columns: Sequence[Column]) -> Sheet:
    """UTF-8, comma or semicolon; the first line names the columns. Raises Unreadable."""
    upload.seek(0)
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(_("The file is not written in UTF-8. Save it as “CSV UTF-8”.")) from wrong
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        lines = list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as wrong:
        raise Unreadable(_("The file is not a table of comma-separated values.")) from wrong
    return _sheet(lines, columns)


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    for cells in reader:
        yield reader.line_num, cells


def read_xlsx(upload: UploadedFile, columns: Sequence[Column], edition: str) -> Sheet:
    """The first sheet of a workbook made from our template: its edition in the first line, the
    headings in the second. Raises Unreadable, also for a template of another edition."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("The workbook is too large."))
        upload.seek(0)
        book = load_workbook(upload, read_only=True, data_only=True)
        lines = [
            (number, [_as_text(cell) for cell in cells])
            for number, cells in enumerate(book.worksheets[0].values, start=1)
            if number <= MOST_ROWS + 2
        ]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as wrong:
        raise Unreadable(_("The file is not an Excel workbook (.xlsx).")) from wrong
    if not lines or lines[0][1][:1] != [EDITION_LABEL]:
        raise Unreadable(_("The file is not made from the template. Download it and fill it in."))
    found = (lines[0][1] + ["", ""])[1].strip()
    if found != edition:
        raise Unreadable(
            _(
                "The file is made from the template of edition “%(found)s”; the present edition "
                "is “%(edition)s”. Download it and copy your rows."
            )
            % {"found": found[:40], "edition": edition}
        )
    return _sheet(lines[1:], columns)


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _sheet(lines: Iterable[tuple[int, list[str]]], columns: Sequence[Column]) -> Sheet:
    filled = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    if not filled:
        raise Unreadable(_("The file is empty."))
    places = _places(filled[0][1], columns)
    if len(filled) - 1 > MOST_ROWS:
        raise Unreadable(
            _("The file has more than %(most)d rows. Send it in parts.") % {"most": MOST_ROWS}
        )
    rows = [
        Row(number, {key: _cell(cells, place) for key, place in places.items()})
        for number, cells in filled[1:]
    ]
    if not rows:
        raise Unreadable(_("The file has headings but no rows."))
    return Sheet(rows)


def _cell(cells: list[str], place: int) -> str:
    """A spreadsheet of ours puts an apostrophe before what looks like a formula."""
    text = cells[place].replace("\x00", "").strip() if place < len(cells) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _places(head: list[str], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands, whatever the order. Raises Unreadable for a missing, doubled or
    unknown one: what is not read must not be thought imported."""
    names = [cell.strip() for cell in head]
    found = [name.casefold() for name in names]
    known = {column.heading.casefold() for column in columns}
    unknown = [name for name in names if name and name.casefold() not in known]
    missing = [column.heading for column in columns if column.heading.casefold() not in found]
    doubled = sorted({name for name in names if name and found.count(name.casefold()) > 1})
    for wrong, sentence in (
        (missing, _("These columns are missing: %(names)s.")),
        (unknown, _("These columns are not known: %(names)s.")),
        (doubled, _("These columns stand twice: %(names)s.")),
    ):
        if wrong:
            raise Unreadable(sentence % {"names": ", ".join(one[:60] for one in wrong[:20])})
    return {column.key: found.index(column.heading.casefold()) for column in columns}
