"""Keyset pages: a cursor names a place in the list, not a number of rows to skip."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from iccwc_portal.api_problems import InvalidParameter
from workflow.serializers import printable

LARGEST_ID = 2**63 - 1
_YEARS = range(1900, 2200)


def page_size(request: Request) -> int:
    asked = request.query_params.get("page_size", str(KeysetPagination.usual_size))
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= KeysetPagination.largest:
        return int(asked)
    raise InvalidParameter(
        {"page_size": [_("Give a number from 1 to %(most)d.") % {"most": KeysetPagination.largest}]}
    )


@dataclass(frozen=True)
class Cursor:
    """A place in a list: just before or just after the row with this value and id."""

    ordering: str
    backwards: bool
    value: str
    row_id: int

    def __str__(self) -> str:
        said = json.dumps([self.ordering, self.backwards, self.value, self.row_id])
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, ordering: str) -> "Cursor":
        try:
            said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            cursor = cls(*said)
            shapes = [type(part) for part in said]
        except (ValueError, TypeError, RecursionError):
            raise bad_cursor() from None
        # Only what no page of ours could have written is refused here: a cursor grants nothing.
        fits = shapes == [str, bool, str, int] and 0 <= cursor.row_id <= LARGEST_ID
        if not fits or cursor.ordering != ordering or not cursor.value.isascii():
            raise bad_cursor()
        return cursor


def bad_cursor() -> InvalidParameter:
    return InvalidParameter(
        {"cursor": [_("This is not a cursor of this list. Begin without one.")]}
    )


class KeysetPagination(BasePagination):
    """Pages by (ordering field, id): equally quick at any depth, and no row is skipped or shown
    twice while others arrive. A view names its `orderings`; the first is the usual one."""

    usual_size = 50
    largest = 100

    def parameters(self, view: Any) -> list[str]:
        return ["cursor", "page_size", *(["ordering"] if len(_orderings(view)) > 1 else [])]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        ordering = _chosen_ordering(request, view)
        name, descending = ordering.lstrip("-"), ordering.startswith("-")
        field = queryset.model._meta.get_field(name)
        text = request.query_params.get("cursor")
        cursor = Cursor.read(text, ordering) if text is not None else None
        down = descending != bool(cursor and cursor.backwards)
        rows = queryset.order_by(*(f"{'-' if down else ''}{each}" for each in (name, "pk")))
        if cursor:
            rows = rows.filter(_beyond(cursor, field, "lt" if down else "gt"))
        return self._cut(
            list(rows[: page_size(request) + 1]),
            request,
            cursor,
            lambda row, backwards: Cursor(ordering, backwards, field.value_to_string(row), row.pk),
        )

    def paginate_rows(
        self, rows: list[Any], request: Request, row_id: Callable[[Any], int]
    ) -> list[Any]:
        """The same pages of a list that no single query gives, in the order it has."""
        text = request.query_params.get("cursor")
        cursor = Cursor.read(text, "rows") if text is not None else None
        if cursor and cursor.backwards:
            rows = rows[::-1]
        if cursor:
            ids = [row_id(row) for row in rows]
            if cursor.row_id not in ids:
                raise bad_cursor()
            rows = rows[ids.index(cursor.row_id) + 1 :]
        return self._cut(
            rows[: page_size(request) + 1],
            request,
            cursor,
            lambda row, backwards: Cursor("rows", backwards, "", row_id(row)),
        )

    def _cut(
        self,
        rows: list[Any],
        request: Request,
        cursor: Cursor | None,
        at: Callable[[Any, bool], Cursor],
    ) -> list[Any]:
        """Drop the row that only shows whether there are more, and write the two links."""
        size = page_size(request)
        more, page = len(rows) > size, rows[:size]
        backwards = bool(cursor and cursor.backwards)
        if backwards:
            page.reverse()
        follows, precedes = (True, more) if backwards else (more, cursor is not None)
        self.links = {
            "next": _link(request, at(page[-1], False)) if page and follows else None,
            "previous": _link(request, at(page[0], True)) if page and precedes else None,
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
            "cursor": ("A place in the list, from `next` or `previous`.", {"type": "string"}),
            "page_size": (
                "Rows a page.",
                {"type": "integer", "minimum": 1, "maximum": 100, "default": self.usual_size},
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


def _chosen_ordering(request: Request, view: Any) -> str:
    known = _orderings(view)
    asked = request.query_params.get("ordering", known[0])
    if asked not in known:
        said = _("“%(value)s” is not known here. Known are: %(names)s.")
        names = {"value": printable(asked), "names": ", ".join(known)}
        raise InvalidParameter({"ordering": [said % names]})
    return asked


def _beyond(cursor: Cursor, field: Any, comparison: str) -> Q:
    try:
        value = field.to_python(cursor.value)
    except ValidationError:
        raise bad_cursor() from None
    if not cursor.value.isprintable() or (isinstance(value, date) and value.year not in _YEARS):
        raise bad_cursor()
    same_or_beyond = Q(**{f"{field.name}__{comparison}e": value})
    beyond = Q(**{f"{field.name}__{comparison}": value})
    return same_or_beyond & (beyond | Q(**{f"pk__{comparison}": cursor.row_id}))


def _link(request: Request, cursor: Cursor) -> str:
    return replace_query_param(request.build_absolute_uri(), "cursor", str(cursor))
