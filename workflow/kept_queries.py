"""Queries that the ORM writes once, and that run with other values ever after.

Writing a query out takes Django longer than PostgreSQL takes to answer it, and for the calls that
come by the thousand only the values differ. A KeptQuery is built from marks in the place of the
values; the SQL is kept, and each call puts its values where the marks went. The rules stay where
they are: what is built begins with `visible_to`, as every query does.

Only what is handed in may differ between two calls. A queryset that looks at the clock, or at
anything else that changes, must be handed that as a value: `build` is called twice, at different
moments, and what then differs without being a mark is refused.

What is asked for one object can be planned once as well (`is_planned_once`): for a detail with all
that belongs to it PostgreSQL plans ten times longer than it reads.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property

from workflow.planned_once import Prepared, plans_are_kept

_FIRST_NUMBER = 8_000_000_000_000_000_000
_FIRST_MOMENT = datetime(9000, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(9000, 1, 1)
_MOST = 1000  # kept by a connection: callers choose fields and sizes of pages
Values = dict[str, Any]
Kept = TypeVar("Kept")


class CannotBeKept(RuntimeError):
    """The query has something in it that is neither fixed nor handed in."""


class KeptQuery:
    """`build` gets a mark for each value that will be handed in: a number, a text, a moment, a day,
    or a list of one of them. `rows` is for tuples (`values_list`), `objects` for rows of a model
    with what `select_related` and annotations add.

    One that `is_planned_once` is for a query by keys, whose plan is the same for all values."""

    def __init__(
        self, build: "Callable[..., QuerySet[Any]]", *, is_planned_once: bool = False
    ) -> None:
        self.build, self.is_planned_once = build, is_planned_once

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        return self.find(**values).rows()

    def objects(self, **values: Any) -> list[Any]:
        return self.find(**values).objects()

    def objects_after(self, first: "Asked | None", **values: Any) -> list[Any]:
        """The same, after another query of which nobody wants to know what it finds: a lock. Each
        sees the database as it is when its turn comes. PostgreSQL is told both at once."""
        written, ahead = self.written(values), None
        if first:
            query, of_first = first
            ahead = query.written(of_first).prepared, flat_of(of_first)
            if not (written.prepared and ahead[0]):
                query.rows(**of_first)
                ahead = None
        return Found(written, written.fetched(flat_of(values), ahead)).objects()

    def find(self, **values: Any) -> "Found":
        """What there is, of which nothing is made before somebody asks for it."""
        written = self.written(values)
        return Found(written, written.fetched(flat_of(values)))

    def written(self, values: Values) -> "Written":
        """For values of this shape. Raises CannotBeKept."""
        return kept_by_connection(self, values, self._write)

    def _write(self, values: Values) -> "Written":
        written = Written(self.build, values)
        if self.is_planned_once and plans_are_kept():
            written.prepared = Prepared(written.sql, written.params)
        return written


def kept_by_connection(query: Any, values: Values, write: Callable[[Values], Kept]) -> Kept:
    """What was written for values of this shape. By connection: a thread has its own, and what is
    kept speaks its dialect. `connection` itself only stands for it: it is one for all threads."""
    kept: dict[Any, Kept] = connections[DEFAULT_DB_ALIAS].__dict__.setdefault("kept_queries", {})
    key = (query, *[(name, _shape(value)) for name, value in values.items()])
    if key not in kept:
        if len(kept) > _MOST:
            kept.clear()
        kept[key] = write(values)
    return kept[key]


# A query and its values, to be asked before another.
Asked = tuple[KeptQuery, Values]


@dataclass(frozen=True)
class Found:
    """`raw` is what the database said: all that can be made of it follows from that alone."""

    written: "Written"
    raw: list[tuple[Any, ...]]

    def rows(self) -> list[tuple[Any, ...]]:
        return self.written.converted(self.raw)

    def objects(self) -> list[Any]:
        return [self.written.loaded(row) for row in self.rows()]

    def ids(self) -> list[int]:
        """Of the objects, which need not be made for that."""
        place = self.written.place_of_id
        return [row[place] for row in self.raw]


class Statement:
    """SQL that is kept, and the place of each value in it; with its plan, where that is kept."""

    sql: str
    params: list[tuple[Any, Any]]
    prepared: Prepared | None = None

    def fetched(self, flat: dict[Any, Any], ahead: Any = None) -> list[Any]:
        with connection.cursor() as cursor:
            if self.prepared:
                try:
                    self.prepared.execute(cursor, flat, ahead)
                    return list(cursor.fetchall())
                except NotSupportedError:  # a migration changed the type of a column meanwhile
                    if connection.in_atomic_block:
                        raise
                    self.prepared = None
            cursor.execute(self.sql, [flat[place] if place else one for place, one in self.params])
            return list(cursor.fetchall())


class Written(Statement):
    """One queryset, written out. Raises CannotBeKept."""

    def __init__(self, build: "Callable[..., QuerySet[Any]]", values: Values) -> None:
        numbers = itertools.count()
        first, second = (
            {name: _mark(value, numbers) for name, value in values.items()} for _time in range(2)
        )
        query = build(**first).query
        self.compiler = query.get_compiler(connection=connection)
        self.sql, params = self.compiler.as_sql()
        shown = [one[0] for one in self.compiler.select]
        self.converters = self.compiler.get_converters(shown)
        again = build(**second).query.get_compiler(connection=connection).as_sql()
        self.params = _places(params, again[1], flat_of(first), flat_of(second))
        unused = set(flat_of(first)) - {place for place, _fixed in self.params}
        if again[0] != self.sql or unused:
            raise CannotBeKept(self.sql)

    def converted(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        if not self.converters:
            return found
        return list(map(tuple, self.compiler.apply_converters(found, self.converters)))

    @cached_property
    def place_of_id(self) -> int:
        return [one[0] for one in self.compiler.select].index(self._id())

    def _shows_id(self) -> bool:
        return self._id() in [one[0] for one in self.compiler.select]

    def _id(self) -> Any:
        meta = self.compiler.query.get_meta()
        return meta.pk.get_col(meta.db_table)

    @cached_property
    def types(self) -> list[str]:
        """Of the columns, as the database calls them: texts are texts, however long."""
        fields = [one[0].output_field for one in self.compiler.select]
        names = [str(one.db_type(connection)).partition("(")[0] for one in fields]
        return ["text" if name == "varchar" else name for name in names]

    def to_join(self) -> tuple[str, int, int]:
        """For workflow.asked_together: the SQL, which of its columns says of what place a row is,
        and with which its own begin. Of few rows that show their ids, and come by them, PostgreSQL
        makes ready to number and sort for longer than it reads them: those are sorted there."""
        query = self.compiler.query
        is_ordered = query.order_by or query.default_ordering and query.get_meta().ordering
        is_by_id = query.order_by == ("pk",) or not is_ordered
        if is_by_id and self._shows_id() and not query.is_sliced:
            any_order = query.clone()
            any_order.clear_ordering(force=True)
            sql, _params = any_order.get_compiler(connection=connection).as_sql()
            return sql, self.place_of_id, 0
        return f"SELECT row_number() OVER () AS place, own.* FROM ({self.sql}) own", 0, 1  # noqa: S608 - what the ORM wrote

    def loaded(self, row: tuple[Any, ...]) -> Any:
        """As the ORM's own ModelIterable makes an object of a row."""
        info = self.compiler.klass_info
        assert info  # noqa: S101 - a query for tuples has none
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [one[0].target.attname for one in self.compiler.select[first:last]]
        one = info["model"].from_db(connection.alias, names, row[first:last])
        for related in get_related_populators(  # type: ignore[call-arg]  # of a later Django
            info, self.compiler.select, connection.alias
        ):
            related.populate(row, one)
        for name, place in (self.compiler.annotation_col_map or {}).items():
            setattr(one, name, row[place])
        return one


def _shape(value: Any) -> Any:
    return (type(value[0]), len(value)) if isinstance(value, list) else type(value)


def _mark(value: Any, numbers: Iterator[int]) -> Any:
    if isinstance(value, list):
        return [_mark(one, numbers) for one in value]
    number = next(numbers)
    if isinstance(value, datetime):
        return _FIRST_MOMENT + timedelta(seconds=number)
    if isinstance(value, date):
        return _FIRST_DAY + timedelta(days=number)
    return _FIRST_NUMBER + number if isinstance(value, int) else f"mark {number}"


def flat_of(values: Values) -> dict[Any, Any]:
    """Each single value as the database takes it, by its place."""
    flat = {}
    for name, value in values.items():
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            flat[name, place] = _adapted(one)
    return flat


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _places(
    params: Any, again: Any, first: dict[Any, Any], second: dict[Any, Any]
) -> list[tuple[Any, Any]]:
    """For each parameter the place of its value, or None and the fixed value."""
    by_mark = {(first[place], second[place]): place for place in first}
    found = []
    for one, other in zip(params, again, strict=True):
        place = by_mark.get((one, other))
        if place is None and one != other:
            raise CannotBeKept(one)
        found.append((place, one))
    return found
