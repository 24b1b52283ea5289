"""Keyset pages: a cursor names a place in the list, not a number of rows to skip."""

import operator
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from iccwc_portal.api_cursor import Cursor, bad_cursor
from workflow.below import fill
from workflow.lists import Kept, Selectable
from workflow.parameters import (
    YEARS,
    InvalidParameter,
    not_known,
    small_number,
)
from workflow.rows import Rows


def page_size(request: Request) -> int:
    asked = request.query_params.get("page_size", str(KeysetPagination.usual_size))
    size = small_number(asked)
    if size is not None and 1 <= size <= KeysetPagination.largest:
        return size
    raise InvalidParameter(
        {"page_size": [_("Give a number from 1 to %(most)d.") % {"most": KeysetPagination.largest}]}
    )


class KeysetPagination(BasePagination):
    """Pages by (ordering field, id): equally quick at any depth, and no row is skipped or shown
    twice while others arrive. A view names its `orderings`; the first is the usual one."""

    usual_size = 50
    largest = 100

    def parameters(self, view: Any) -> list[str]:
        names = ["cursor", "page_size"]
        names += ["ordering"] if len(_orderings(view)) > 1 else []
        names += ["format"] if getattr(view, "downloads", False) else []
        return [*names, *(["fields"] if isinstance(view, Selectable) else [])]

    def page_of(
        self,
        queryset: "QuerySet[Any]",
        rows: Rows,
        request: Request,
        view: Any,
        kept: "Kept | None" = None,
    ) -> list[dict[str, Any]]:
        """One page of the queryset as `rows` shows it, read by columns where that can be. Where
        `kept` is given, the rows (read by columns) come from that, and the queryset says only of
        which model they are."""
        ordering = _chosen_ordering(request, view)
        name, descending = ordering.lstrip("-"), ordering.startswith("-")
        here = _Here(request, ordering)
        down = descending != here.backwards
        pk = queryset.model._meta.pk.attname
        order = [f"{'-' if down else ''}{each}" for each in dict.fromkeys([name, pk])]
        at = _place(here.cursor, queryset.model._meta.get_field(name)) if here.cursor else {}
        size = page_size(request) + 1

        def on_page(found: "QuerySet[Any]", **at: Any) -> "QuerySet[Any]":
            found = found.filter(_beyond(name, "lt" if down else "gt", **at)) if at else found
            return found.order_by(*order)[:size]

        way = _Way(rows, name, pk, view.get_serializer_context())
        select = way.select  # alone: what is kept must not hold on to this call
        if kept is None:
            found = list(select(on_page(queryset, **at)))
        else:
            found = kept.rows(
                (rows, *order, size), lambda some, **at: select(on_page(some, **at)), at
            )
        return way.written(self._cut(found, here, way.place))

    def chunks(
        self, queryset: "QuerySet[Any]", rows: Rows, request: Request, view: Any, size: int
    ) -> Iterator[list[dict[str, Any]]]:
        """All rows of the list in the same order, some at a time; each chunk is a query of its
        own, so that neither a connection nor memory is held for the whole of it. Refuses at once
        what it refuses: when the first chunk is asked for, the answer has begun."""
        return self._chunks(queryset, rows, _chosen_ordering(request, view), view, size)

    def _chunks(
        self, queryset: "QuerySet[Any]", rows: Rows, ordering: str, view: Any, size: int
    ) -> Iterator[list[dict[str, Any]]]:
        name, comparison = ordering.lstrip("-"), "lt" if ordering.startswith("-") else "gt"
        pk = queryset.model._meta.pk.attname
        sign = "-" if comparison == "lt" else ""
        found = queryset.order_by(*(f"{sign}{each}" for each in dict.fromkeys([name, pk])))
        way, part = _Way(rows, name, pk, view.get_serializer_context()), found
        while some := list(way.select(part[:size])):
            yield way.written(some)
            if len(some) < size:
                return
            value, row_id = way.place(some[-1])
            part = found.filter(_beyond(name, comparison, row_id, None if name == pk else value))

    def paginate_rows(
        self, rows: list[Any], request: Request, row_id: Callable[[Any], int]
    ) -> list[Any]:
        """The same pages of a list that no single query gives, in the order it has."""
        here = _Here(request, "rows")
        if here.backwards:
            rows = rows[::-1]
        if here.cursor:
            ids = [row_id(row) for row in rows]
            if here.cursor.row_id not in ids:
                raise bad_cursor()
            rows = rows[ids.index(here.cursor.row_id) + 1 :]
        return self._cut(rows[: page_size(request) + 1], here, lambda row: ("", row_id(row)))

    def _cut(
        self, rows: list[Any], here: "_Here", place: Callable[[Any], tuple[Any, ...]]
    ) -> list[Any]:
        """Drop the row that only shows whether there are more, and write the two links."""
        size = page_size(here.request)
        more, page = len(rows) > size, rows[:size]
        if here.backwards:
            page.reverse()
        follows, precedes = (True, more) if here.backwards else (more, here.cursor is not None)
        self.links = {
            "next": here.link(False, *place(page[-1])) if page and follows else None,
            "previous": here.link(True, *place(page[0])) if page and precedes else None,
        }
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({**self.links, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        known = {
            "fields": (
                "The fields to answer with, separated by commas; all when left out.",
                {"type": "string"},
            ),
            "cursor": ("A place in the list, from `next` or `previous`.", {"type": "string"}),
            "page_size": (
                "Rows a page.",
                {"type": "integer", "minimum": 1, "maximum": 100, "default": self.usual_size},
            ),
            "format": (
                "Anything but `json`: the whole list as a file, without pages.",
                {"type": "string", "enum": _forms(view), "default": "json"},
            ),
            "ordering": ("The order.", {"type": "string", "enum": list(_orderings(view))}),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": known[name][0],
             "schema": known[name][1]}
            for name in self.parameters(view)
        ]  # fmt: skip


def _orderings(view: Any) -> tuple[str, ...]:
    return tuple(getattr(view, "orderings", ("-id",)))


def _forms(view: Any) -> list[str]:
    return ["json", "csv", "xlsx", *(["geojson"] if hasattr(view, "features") else [])]


def _chosen_ordering(request: Request, view: Any) -> str:
    known = _orderings(view)
    asked = request.query_params.get("ordering", known[0])
    if asked not in known:
        raise InvalidParameter({"ordering": [not_known(asked, known)]})
    return asked


class _Way:
    """From a queryset to what is shown, by columns or else by objects: `select` says what is read,
    `place` where one of it stands in the list, `written` what the API shows of some."""

    def __init__(self, rows: Rows, name: str, pk: str, context: dict[str, Any]) -> None:
        self.select: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda found: found
        self.place: Callable[[Any], Any] = operator.attrgetter(name, pk)
        self.written: Callable[[list[Any]], list[dict[str, Any]]]
        self.written = lambda some: list(rows.of_objects(some, context))
        if rows.is_direct:
            columns, write = rows.columns_with(name, pk), rows.writer(context)
            self.select = lambda found: rows.select(found, name, pk)
            self.place = operator.itemgetter(columns.index(name), columns.index(pk))
            self.written = lambda some: fill(list(map(write, some)), context)


class _Here:
    """The list that is asked for, the place in it, and the address of other places."""

    def __init__(self, request: Request, ordering: str) -> None:
        self.request = request
        self.list_name = f"{request.path} {ordering}"
        text = request.query_params.get("cursor")
        self.cursor = Cursor.read(text, self.list_name) if text is not None else None
        self.backwards = bool(self.cursor and self.cursor.backwards)

    def link(self, backwards: bool, value: Any, row_id: int) -> str:
        text = value.isoformat() if isinstance(value, date) else str(value)
        cursor = Cursor(backwards, text, row_id).of(self.list_name)
        others = [
            (name, value)
            for name, values in self.request.query_params.lists()
            if name != "cursor"
            for value in values
        ]
        query = urlencode([*others, ("cursor", cursor)])
        address: str = self.request.build_absolute_uri(f"{self.request.path}?{query}")
        return address


def _place(cursor: Cursor, field: Any) -> dict[str, Any]:
    """The values that stand where the cursor points."""
    try:
        value = field.to_python(cursor.value)
        if isinstance(value, datetime):
            value = value.astimezone(UTC) if value.tzinfo else None
    except (ValidationError, OverflowError):
        raise bad_cursor() from None
    if value is None:
        raise bad_cursor()
    if not cursor.value.isprintable() or (isinstance(value, date) and value.year not in YEARS):
        raise bad_cursor()
    return {"row_id": cursor.row_id} | ({} if field.primary_key else {"value": value})


def _beyond(name: str, comparison: str, row_id: int, value: Any = None) -> Q:
    further = Q(**{f"pk__{comparison}": row_id})
    if value is None:  # in the order of ids
        return further
    same_or_beyond = Q(**{f"{name}__{comparison}e": value})
    return same_or_beyond & (Q(**{f"{name}__{comparison}": value}) | further)
