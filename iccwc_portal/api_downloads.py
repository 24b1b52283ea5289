"""Whole lists of the API as files: `?format=csv` and `?format=xlsx`, or by the `Accept` header.

A file holds every row that the list would show on all its pages, in the same order, with the same
fields, nested ones as `party.code`. CSV is sent while it is read, some rows at a time. A workbook
is written row by row to a temporary file first; what it is stands on its second sheet.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from partners.spreadsheets import XLSX, Sheet, in_lines, in_the_readers_words
from workflow.parameters import InvalidParameter, not_known
from workflow.rows import Rows

MOST_ROWS_OF_A_WORKBOOK = 100_000
_AT_ONCE = 1000
_JSON_WILL_DO = {"*/*", JSONRenderer.media_type}
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")

Row = dict[str, Any]
Way = tuple[str, ...]


class Download(JSONRenderer):
    """A list as a file. It renders no data by itself, but refusals, which are JSON anyway."""

    is_download = True
    charset = None

    def of_queryset(
        self, queryset: "QuerySet[Any]", rows: Rows, request: Request, view: Any
    ) -> HttpResponseBase:
        """The rows of the queryset, read as `rows` shows them."""
        _refuse_pages(request)
        self.check(queryset)
        chunks = view.paginator.chunks(queryset, rows, request, view, _AT_ONCE)
        return self.answer(rows.flat(), chunks, request)

    def of_rows(self, rows: list[Row], request: Request, names: Iterable[str]) -> HttpResponseBase:
        """Rows that have been written out, of a list that no single query gives; the names of
        its fields are the head when there is no row."""
        _refuse_pages(request)
        return self.answer(_ways_of(rows) or [(name,) for name in names], [rows], request)

    def check(self, queryset: "QuerySet[Any]") -> None:
        """Raises InvalidParameter when there is too much for this kind of file."""

    def answer(
        self, ways: list[Way], chunks: Iterable[list[Row]], request: Request
    ) -> HttpResponseBase:
        raise NotImplementedError


class CsvDownload(Download):
    media_type = "text/csv"
    format = "csv"

    def answer(
        self, ways: list[Way], chunks: Iterable[list[Row]], request: Request
    ) -> HttpResponseBase:
        return StreamingHttpResponse(
            in_the_readers_words(_csv(ways, chunks)),
            content_type="text/csv; charset=utf-8",
            headers=_named(request, self.format),
        )


class XlsxDownload(Download):
    media_type = XLSX
    format = "xlsx"

    def check(self, queryset: "QuerySet[Any]") -> None:
        most = MOST_ROWS_OF_A_WORKBOOK
        if queryset.order_by()[most : most + 1].exists():
            sentence = _("This list has more than %(most)d rows. Take it as CSV, or narrow it.")
            raise InvalidParameter({"format": [sentence % {"most": most}]})

    def answer(
        self, ways: list[Way], chunks: Iterable[list[Row]], request: Request
    ) -> HttpResponseBase:
        content: Any = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
            sheet = Sheet(book, _("Rows"), [".".join(way) for way in ways])
            count = 0
            for chunk in chunks:
                sheet.add_all([_cell(row, way) for way in ways] for row in chunk)
                count += len(chunk)
            about = Sheet(book, _("About this file"), [_("What"), _("Says")], widths=40)
            about.add_all(_about(request, count))
        content.seek(0)
        return FileResponse(content, content_type=XLSX, headers=_named(request, self.format))


class WithDownloads(DefaultContentNegotiation):
    """JSON everywhere; a list whose view `downloads` can be had as a file too."""

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        view = request.parser_context["view"]
        if getattr(view, "downloads", False) and getattr(view, "action", "") == "list":
            renderers = [*renderers, CsvDownload(), XlsxDownload()]
            if "format" in request.query_params:
                found = _by_format(request, renderers)
                return found, found.media_type
        first, said = renderers[0], request.META.get("HTTP_ACCEPT", "*/*")
        if said in _JSON_WILL_DO and first.media_type == JSONRenderer.media_type:
            return first, first.media_type  # what every choice among them would come to
        return super().select_renderer(request, renderers, format_suffix)


def _by_format(request: Request, renderers: list[BaseRenderer]) -> BaseRenderer:
    known = {str(one.format): one for one in renderers}
    asked = request.query_params["format"]
    if asked not in known:
        raise InvalidParameter({"format": [not_known(asked, sorted(known))]})
    return known[asked]


def _refuse_pages(request: Request) -> None:
    problems = {
        name: [_("A file holds all rows. Leave this parameter out.")]
        for name in ("cursor", "page_size")
        if name in request.query_params
    }
    if problems:
        raise InvalidParameter(problems)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


def _csv(ways: list[Way], chunks: Iterable[list[Row]]) -> Iterator[bytes]:
    yield in_lines([[".".join(way) for way in ways]]).encode()
    for chunk in chunks:
        yield in_lines([_cell(row, way) for way in ways] for row in chunk).encode()


def _ways_of(rows: list[Row]) -> list[Way]:
    """The way to every value that a row has; none to what holds more values in another row."""
    ways = dict.fromkeys(way for row in rows for way in _ways(row, ()))
    inner = {way[:length] for way in ways for length in range(1, len(way))}
    return [way for way in ways if way not in inner]


def _ways(value: Any, way: Way) -> Iterator[Way]:
    if not isinstance(value, dict):
        yield way
        return
    for name, inner in value.items():
        yield from _ways(inner, (*way, name))


def _cell(row: Row, way: Way) -> Any:
    """The value at the end of the way as one cell can hold it."""
    value: Any = row
    for name in way:
        if value is None:
            return None
        value = value.get(name)
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return _typed(value) if isinstance(value, str) else value


def _typed(text: str) -> date | str:
    """Days and moments that a serializer has written out already are read back."""
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _ISO_MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass  # it only looks like one
    return text


# ── what a file says of itself ───────────────────────────────────────────────────────────────


def _named(request: Request, ending: str) -> dict[str, str]:
    name = request.path.strip("/").rpartition("/")[2]
    day = timezone.now().date().isoformat()
    return {"Content-Disposition": f'attachment; filename="{name}-{day}.{ending}"'}


def _about(request: Request, count: int) -> list[list[Any]]:
    filters = [
        f"{name}={value}"
        for name, values in request.query_params.lists()
        if name != "format"
        for value in values
    ]
    return [
        [_("List"), request.build_absolute_uri(request.path)],
        [_("Filters"), "; ".join(filters) or _("none")],
        [_("Rows"), count],
        [_("Made (UTC)"), timezone.now()],
    ]
