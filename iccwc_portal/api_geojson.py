"""Lists of the API as maps: `?format=geojson`, or by the `Accept` header.

A view that has a place for its rows gives `features(row, said)`: the row with all that `located_by`
names, and what of it was asked for. Like a table, a map holds every row that the list would show
on all its pages, is sent while it is read, and leaves out nothing: what lies nowhere is a feature
without geometry (RFC 7946, §3.2).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from rest_framework.request import Request

from iccwc_portal.api_downloads import AT_ONCE, Download, named, refuse_pages
from partners.spreadsheets import in_the_readers_words
from workflow.api_json import written
from workflow.geojson import MEDIA_TYPE
from workflow.rows import Rows, rows_of

Row = dict[str, Any]


class GeoJsonDownload(Download):
    media_type = MEDIA_TYPE
    format = "geojson"

    def of_queryset(
        self, queryset: "QuerySet[Any]", rows: Rows, request: Request, view: Any
    ) -> HttpResponseBase:
        refuse_pages(request)
        whole = rows_of(view.get_serializer_class(), [*rows.names, *view.located_by])
        chunks = view.paginator.chunks(queryset, whole, request, view, AT_ONCE)
        return StreamingHttpResponse(
            in_the_readers_words(_collection(_features(chunks, rows.names, view))),
            content_type=MEDIA_TYPE,
            headers=named(request, self.format),
        )


def _features(chunks: Iterable[list[Row]], names: Iterable[str], view: Any) -> Iterator[list[Row]]:
    asked_for = list(names)
    for chunk in chunks:
        rows = ((row, {name: row[name] for name in asked_for}) for row in chunk)
        yield [one for row, said in rows for one in view.features(row, said)]


def _collection(chunks: Iterable[list[Row]]) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    before = b""
    for chunk in chunks:
        for_this = b",".join(map(written, chunk))
        yield before + for_this if for_this else b""
        before = b"," if for_this else before
    yield b"]}"
