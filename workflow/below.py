"""What belongs to the rows of a list, read for all rows of a page at once.

A field of a serializer that rows are read by in columns (see workflow.rows) says which further rows
stand below each: the places of an activity, the figures of an operation. Rows are written with
lists that are empty at first; `fill` asks one query for each such field, and puts what it finds
where it belongs. So a page costs the same number of queries whatever stands on it.

    places = below(PlaceSerializer, ActivityPlace.objects.order_by("pk"), "activity")

The context of such a serializer comes from `with_room`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field

from workflow.rows import Context, FromColumns, rows_of

_ROOM = "below"
Lists = dict[Any, list[Any]]


def with_room(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context, with room for what is to be filled in; for one answer."""
    return {**context, _ROOM: {}}


def fill(rows: list[dict[str, Any]], context: Context) -> list[dict[str, Any]]:
    """The rows, which have just been written with this context, with what stands below them."""
    waiting: dict[Below, Lists] = context.get(_ROOM, {})
    for field, lists in waiting.items():
        if lists:
            field.read_into(lists, context)
            lists.clear()  # those of the next rows wait anew; the lists themselves are the rows'
    return rows


class Below(FromColumns):
    """The rows of `found` whose column `of` names the row, in the order of `found`, as the
    serializer `shown` shows them."""

    columns = ("id",)

    def __init__(self, shown: Any, found: "QuerySet[Any]", of: str, **kwargs: Any) -> None:
        self.shown, self.found, self.of = shown, found, of
        super().__init__(**kwargs)

    def function(self, context: Context) -> Callable[[Any], list[Any]]:
        waiting: Lists = context[_ROOM].setdefault(self, {})
        return lambda pk: waiting.setdefault(pk, [])

    def read_into(self, lists: Lists, context: Context) -> None:
        belonging = self.found.filter(**{f"{self.of}__in": list(lists)})
        rows = rows_of(self.shown)
        write, place = rows.writer(context), rows.columns_with(self.of).index(self.of)
        for row in rows.select(belonging, self.of):
            lists[row[place]].append(write(row))


def below(shown: Any, found: "QuerySet[Any]", of: str, **kwargs: Any) -> Below:
    """A `Below` that the API's document describes."""
    described = extend_schema_field(shown(many=True))(type("Below", (Below,), {}))
    return described(shown, found, of, **kwargs)
