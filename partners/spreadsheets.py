"""Cells and sheets for spreadsheets, which take some texts for formulas and would run them.

Every table that the portal gives away is written here, so that a day is a day and a number a
number in each of them, and a text is a text whatever it begins with.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation

from workflow.characters import without_control

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = (int, float, Decimal)
# What a cell of XLSX can hold (ECMA-376, and the 15 digits that a number keeps in it).
_LONGEST_TEXT = 32_767
_GREATEST_NUMBER = 10**15
_FIRST_YEAR = 1900


def as_text(cell: Any) -> str:
    """A value as it stands in CSV: moments in UTC, true and false, nothing for None."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case datetime() if cell.tzinfo:
            return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return cell.isoformat()
    return without_control(str(cell))


def harmless(cells: Iterable[Any]) -> list[str]:
    """Cells of a CSV file that a spreadsheet will not take for formulas, without characters that
    are no text. A number that is negative stays one."""
    return [_harmless(cell) for cell in cells]


def _harmless(cell: Any) -> str:
    text = as_text(cell)
    return f"'{text}" if text.startswith(_RISKY) and not isinstance(cell, _NUMBERS) else text


def in_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(harmless(row) for row in rows)
    return text.getvalue()


def in_the_readers_words(parts: Iterator[bytes]) -> Iterator[bytes]:
    """A stream in the language and by the clock of the present call: it is read after the
    middleware, which sets both, has finished."""
    return _in_words(parts, translation.get_language(), timezone.get_current_timezone())


def _in_words(parts: Iterator[bytes], language: str | None, zone: tzinfo) -> Iterator[bytes]:
    while True:
        with translation.override(language), timezone.override(zone):
            part = next(parts, None)
        if part is None:
            return
        yield part


class Sheet:
    """A sheet of a workbook, written from top to bottom: a head that stays in view, then rows.

    With a workbook in `constant_memory` a row is on disk as soon as the next one begins.
    """

    def __init__(
        self,
        book: Any,
        title: str,
        head: Sequence[str],
        *,
        widths: Sequence[int] | int = 18,
        columns_in_view: int = 0,
    ) -> None:
        self._sheet = book.add_worksheet(title[:31])
        self._bold = book.add_format({"bold": True})
        self._as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._as_moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        all_widths = [widths] * len(head) if isinstance(widths, int) else widths
        for place, width in enumerate(all_widths):
            self._sheet.set_column(place, place, width)
        self._sheet.freeze_panes(1, columns_in_view)
        for place, words in enumerate(head):
            self._sheet.write_string(0, place, words, self._bold)
        self._next = 1

    def add(self, cells: Iterable[Any]) -> None:
        """One more row. A moment is written in UTC: a cell knows no time zone."""
        for place, cell in enumerate(cells):
            self._write(self._next, place, cell)
        self._next += 1

    def add_all(self, rows: Iterable[Iterable[Any]]) -> None:
        for row in rows:
            self.add(row)

    def _write(self, row: int, place: int, cell: Any) -> None:
        sheet = self._sheet
        match cell:
            case None | "":
                return
            case bool():
                sheet.write_boolean(row, place, cell)
            case int() | float() if abs(cell) < _GREATEST_NUMBER:
                sheet.write_number(row, place, cell)
            case datetime() if cell.tzinfo:
                plain = cell.astimezone(UTC).replace(tzinfo=None)
                sheet.write_datetime(row, place, plain, self._as_moment)
            case date() if cell.year >= _FIRST_YEAR:
                sheet.write_datetime(row, place, cell, self._as_day)
            case _:
                sheet.write_string(row, place, _that_fits(as_text(cell)))


def _that_fits(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
