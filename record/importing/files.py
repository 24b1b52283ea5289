"""A CSV file of activities as rows of cells: whatever its encoding, delimiter and headings."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from partners.models.bodies import plain_spelling
from toolkit.importing.sheets import Unreadable, refuse_other_formats

MOST_ROWS = 50_000
_MOST_LINES = 500_000  # with empty ones

# A reason or remark: a code of `sentences.SENTENCES`, and what stands in the sentence. Kept as
# JSON, so that each reader has it in their language.
Reason = tuple[str, dict[str, Any]]

# By plain spelling: what lists call the columns, in the three languages.
_HEADINGS = {
    "place": (
        "title", "country", "country or territory", "party", "place", "pays", "partie", "lieu",
        "país", "parte", "lugar",
    ),
    "description": (
        "description", "activity", "activities", "activité", "activités", "actividad",
        "actividades", "descripción",
    ),
    "kind": (
        "group", "kind", "type", "category", "groupe", "genre", "catégorie", "grupo", "tipo",
        "categoría",
    ),
    "stage": ("stage", "status", "statut", "stade", "etapa", "situación"),
    "link": ("url", "link", "address", "website", "lien", "adresse", "enlace"),
    "visible": ("visible", "public", "published", "publié", "publicado", "público"),
    "longitude": ("longitude", "lon", "lng", "long", "longitud"),
    "latitude": ("latitude", "lat", "latitud"),
}  # fmt: skip
_COLUMN_OF = {plain_spelling(word): column for column, words in _HEADINGS.items() for word in words}
_NEEDED = ("place", "description")


@dataclass(frozen=True)
class FileRow:
    """One row: its number as a spreadsheet counts, its cells by column, and what is wrong with
    the row itself."""

    number: int
    cells: dict[str, str]
    faults: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class File:
    """A file that can be read to its end."""

    name: str
    sha256: str
    encoding: str
    delimiter: str
    text: str = field(repr=False)
    columns: Mapping[str, int] = field(default_factory=dict)  # where each one stands
    width: int = 0  # how many cells have a heading
    remarks: tuple[Reason, ...] = ()
    count: int = 0  # of rows

    def rows(self) -> Iterator[FileRow]:
        """The rows under the headings, without empty ones; read again with every call, so that no
        more than one of them is held."""
        lines = _filled(self.text, self.delimiter)
        next(lines)
        for number, cells in lines:
            yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> FileRow:
        said = {
            column: text
            for column, at in self.columns.items()
            if at < len(cells) and (text := _as_typed(cells[at]))
        }
        stray = [cell.strip() for cell in cells[self.width :] if cell.strip()]
        faults = [("stray_cell", {"text": stray[0][:80]})] if stray else []
        return FileRow(number, said, tuple(faults))


def open_file(name: str, content: bytes) -> File:
    """Read once to the end, so that what comes after never breaks off. Raises Unreadable."""
    refuse_other_formats(content)
    text, encoding, remarks = _decoded(content)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    number_of_rows, heading = _read_through(text, delimiter)
    columns, unknown = _columns(heading)
    if unknown:
        remarks.append(("unknown_columns", {"names": ", ".join(unknown)}))
    return File(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        delimiter=delimiter,
        text=text,
        columns=columns,
        width=len(heading),
        remarks=tuple(remarks),
        count=number_of_rows,
    )


def _decoded(content: bytes) -> tuple[str, str, list[Reason]]:
    """The text, what it was read as, and what the editor should look at because of it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _whole(_decode(content, "utf-16"))
        return text, "UTF-16", [("read_as", {"encoding": "UTF-16"})]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes as "CSV" in Western Europe and the Americas.
        text = _decode(content, "cp1252")
        said = {"encoding": "Windows-1252", "example": _example(text)}
        return _whole(text), "Windows-1252", [("read_as_cp1252", said)]
    return _whole(text), "UTF-8", []


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise Unreadable(_unknown_encoding()) from wrong


def _whole(text: str) -> str:
    if "\x00" in text:
        raise Unreadable(_unknown_encoding())
    return text


def _unknown_encoding() -> str:
    return _(
        "The file is in an encoding that is not known here. In a spreadsheet, save the table as "
        "“CSV UTF-8” and choose the file that was saved."
    )


def _example(text: str) -> str:
    """The first words with a letter on which the encodings differ."""
    at = next((at for at, letter in enumerate(text) if not letter.isascii()), 0)
    around = " ".join(text[max(at - 30, 0) : at + 30].split())
    return around.replace('"', "")


def _read_through(text: str, delimiter: str) -> tuple[int, Sequence[str]]:
    """How many rows there are, and the headings. Raises Unreadable."""
    lines = _filled(text, delimiter)
    heading = next(lines, None)
    if heading is None:
        raise Unreadable(_("The file is empty."))
    count = 0
    for _line in lines:
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(
                _("The file has more than %(most)d rows. Send it in parts.") % {"most": MOST_ROWS}
            )
    if not count:
        raise Unreadable(_("The file has headings but no rows."))
    return count, heading[1]


def _filled(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that are not empty, each with the number that a spreadsheet shows: a cell of three
    lines stands in one row. Raises Unreadable."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > _MOST_LINES:
                raise Unreadable(
                    _("The file has more than %(most)d lines, most of them empty. Delete those.")
                    % {"most": _MOST_LINES}
                )
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as wrong:
        raise Unreadable(
            _(
                "The table breaks off at line %(line)d of the file. Look for a quotation mark that "
                "stands alone, or for a cell that holds very much text."
            )
            % {"line": reader.line_num}
        ) from wrong


def _columns(heading: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, and the headings that stand for none. Raises Unreadable."""
    places: dict[str, int] = {}
    unknown = []
    for at, words in enumerate(heading):
        column = _COLUMN_OF.get(plain_spelling(words))
        if column is None:
            unknown.append(words.strip()[:60] or _("column %(number)d") % {"number": at + 1})
        elif column in places:
            both = {"first": heading[places[column]].strip(), "second": words.strip()}
            raise Unreadable(
                _("“%(first)s” and “%(second)s” stand for the same column. Delete one of them.")
                % both
            )
        else:
            places[column] = at
    if missing := [_HEADINGS[column][:2] for column in _NEEDED if column not in places]:
        names = "; ".join(" / ".join(words) for words in missing)
        raise Unreadable(_("These columns are missing: %(names)s.") % {"names": names})
    return places, unknown


def _as_typed(cell: str) -> str:
    """A file of ours puts an apostrophe before what looks like a formula, as in "'-1.29"."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
