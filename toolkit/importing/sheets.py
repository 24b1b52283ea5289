"""Reading the cells of a CSV or XLSX file, as text, under the names of their columns.

What is not read must not be thought imported: an unknown column, a cell under no heading, a
formula without its value are faults, and nothing is left out in silence.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Words = str | Promise

MOST_ROWS = 10_000
_MOST_LINES = 100_000  # with empty ones: a small workbook can name a million
# How PDF, ZIP (.xlsx, .ods), old Excel, PNG, JPEG, gzip, RTF, XML and HTML begin. A PDF is text in
# its first lines, and would be told that all its columns are missing.
_NO_CSV = (
    b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b",
    b"{\\rtf", b"<",
)  # fmt: skip


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is a sentence for whoever sent it."""


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading in the file (English, as in the template), and what makes a value
    of a cell's text. `parse` raises ValueError with a sentence. An empty cell gives None.

    `show` turns a value into what the preview says.
    """

    key: str
    heading: str
    parse: Callable[[str], Any] = str
    required: bool = True
    hint: Words = ""
    show: Callable[[Any], Any] = _as_it_is


@dataclass(frozen=True)
class Row:
    """The cells of one line by column key; `number` is the line's number as a spreadsheet shows
    it. `faults`: why a cell could not be read, by column key, or of the line as a whole by ""."""

    number: int
    cells: dict[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    rows: list[Row]


@dataclass(frozen=True)
class Line:
    """One line of a file: its number, its cells from the left, and faults by place."""

    number: int
    cells: Sequence[str]
    faults: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.faults and not any(cell.strip() for cell in self.cells)


def read_csv(upload: UploadedFile, columns: Sequence[Column]) -> Sheet:
    """UTF-8, with commas, semicolons or tabs; the first line names the columns, of which those
    that may be empty may be missing. Raises Unreadable."""
    text = _text_of(upload)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    # Counted, not taken from the reader: a cell of three lines stands in one row.
    lines = (Line(n, cells) for n, cells in enumerate(reader, start=1))
    try:
        return sheet_of(lines, columns, needed=[one for one in columns if one.required])
    except csv.Error as wrong:
        raise Unreadable(
            _(
                "The table breaks off at line %(line)d of the file. Look for a quotation mark that "
                "stands alone, or for a cell that holds very much text."
            )
            % {"line": reader.line_num}
        ) from wrong


def _text_of(upload: UploadedFile) -> str:
    upload.seek(0)
    content = upload.read()
    refuse_other_formats(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(_NOT_UTF_8()) from wrong
    if "\x00" in text:
        raise Unreadable(_NOT_UTF_8())
    return text


def refuse_other_formats(content: bytes) -> None:
    """Raise Unreadable for a workbook, a PDF or whatever else begins as no table of text does."""
    if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_NO_CSV):
        raise Unreadable(
            _(
                "This is not a CSV file. In a spreadsheet, save the table as “CSV UTF-8” and "
                "choose the file that was saved."
            )
        )


def _NOT_UTF_8() -> str:  # noqa: N802 - a sentence, said in the reader's language
    return _(
        "The file is not text in UTF-8. In a spreadsheet, save it as “CSV UTF-8”; a workbook as "
        "such (.xlsx) is not read here."
    )


def sheet_of(
    lines: Iterable[Line], columns: Sequence[Column], needed: Sequence[Column] | None = None
) -> Sheet:
    """Under the first line that is not empty, which names the columns: `needed`, or all of them
    where the file is made from a template and an empty cell takes away what is stored. Raises
    Unreadable."""
    filled = _filled(lines)
    head = next(filled, None)
    if head is None:
        raise Unreadable(_("The file is empty."))
    places = _places(head.cells, columns, columns if needed is None else needed)
    rows: list[Row] = []
    for line in filled:
        if len(rows) == MOST_ROWS:
            raise Unreadable(
                _("The file has more than %(most)d rows. Send it in parts.") % {"most": MOST_ROWS}
            )
        rows.append(_row(line, places))
    if not rows:
        raise Unreadable(_("The file has headings but no rows."))
    return Sheet(rows)


def _filled(lines: Iterable[Line]) -> Iterator[Line]:
    for seen, line in enumerate(lines, start=1):
        if seen > _MOST_LINES:
            raise Unreadable(
                _("The file has more than %(most)d lines, most of them empty. Delete those.")
                % {"most": _MOST_LINES}
            )
        if not line.is_empty:
            yield line


def _row(line: Line, places: Mapping[str, int]) -> Row:
    cells = {key: _cell(line.cells, place) for key, place in places.items()}
    faults = {key: line.faults[place] for key, place in places.items() if place in line.faults}
    known = set(places.values())
    stray = [place for place in line.faults if place not in known]
    stray += [n for n, cell in enumerate(line.cells) if n not in known and cell.strip()]
    if stray:
        faults[""] = _(
            "This row has a cell under no heading. In a CSV file, put text with commas between "
            "quotation marks."
        )
    return Row(line.number, cells, faults)


def _cell(cells: Sequence[str], place: int) -> str:
    """A spreadsheet of ours puts an apostrophe before what looks like a formula."""
    text = cells[place].replace("\r\n", "\n").strip() if place < len(cells) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _places(
    head: Sequence[str], columns: Sequence[Column], needed: Sequence[Column]
) -> dict[str, int]:
    """Where each column stands that is there, whatever the order. Raises Unreadable for one that
    is needed and missing, for a doubled and for an unknown one."""
    names = [cell.strip() for cell in head]
    found = [name.casefold() for name in names]
    known = {column.heading.casefold() for column in columns}
    unknown = [name for name in names if name and name.casefold() not in known]
    missing = [column.heading for column in needed if column.heading.casefold() not in found]
    doubled = sorted({name for name in names if name and found.count(name.casefold()) > 1})
    for wrong, sentence in (
        (missing, _("These columns are missing: %(names)s.")),
        (unknown, _("These columns are not known: %(names)s.")),
        (doubled, _("These columns stand twice: %(names)s.")),
    ):
        if wrong:
            raise Unreadable(sentence % {"names": ", ".join(one[:60] for one in wrong[:20])})
    there = [column for column in columns if column.heading.casefold() in found]
    return {column.key: found.index(column.heading.casefold()) for column in there}
