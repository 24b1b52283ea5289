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
import operator
from collections.abc import Callable, Collection, Iterator, Sequence
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
        written, ahead = self._written(values), None
        if first:
            query, of_first = first
            ahead = query._written(of_first).prepared, _flat(of_first)
            if not (written.prepared and ahead[0]):
                query.rows(**of_first)
                ahead = None
        return Found(written, written.fetched(_flat(values), ahead)).objects()

    def find(self, **values: Any) -> "Found":
        """What there is, of which nothing is made before somebody asks for it."""
        written = self._written(values)
        return Found(written, written.fetched(_flat(values)))

    def _written(self, values: Values) -> "_Written":
        return _kept(self, values, self._write)

    def _write(self, values: Values) -> "_Written":
        written = _Written(self.build, values)
        if self.is_planned_once and plans_are_kept():
            written.prepared = Prepared(written.sql, written.params)
        return written


class AskedTogether:
    """Several kept queries, of which each takes those of the values that its `names` name (all,
    where none are given). PostgreSQL is asked for all of them at once: one round trip instead of
    one for each, and all see the database at the same moment."""

    def __init__(self, *queries: KeptQuery, names: "Sequence[Collection[str]]" = ()) -> None:
        self.queries, self.names = queries, names

    def find(self, **values: Any) -> "list[Found]":
        """What each finds, in the order of the queries."""
        flat = _flat(values)
        parts, joined = _kept(self, values, self._write)
        if joined is None:
            return [Found(one, one.fetched(flat)) for one in parts]
        raw = joined.fetched(flat)
        return [Found(one, joined.rows_of(place, raw)) for place, one in enumerate(parts)]

    def _write(self, values: Values) -> "tuple[list[_Written], _Joined | None]":
        names = self.names or [list(values)] * len(self.queries)
        parts = [
            one._written({name: values[name] for name in its})
            for one, its in zip(self.queries, names, strict=True)
        ]
        at_once = len(parts) > 1 and all(one.prepared for one in parts)
        return parts, _Joined(parts) if at_once else None


def _kept(query: Any, values: Values, write: Callable[[Values], Kept]) -> Kept:
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

    written: "_Written"
    raw: list[tuple[Any, ...]]

    def rows(self) -> list[tuple[Any, ...]]:
        return self.written.converted(self.raw)

    def objects(self) -> list[Any]:
        return [self.written.loaded(row) for row in self.rows()]

    def ids(self) -> list[int]:
        """Of the objects, which need not be made for that."""
        place = self.written.place_of_id
        return [row[place] for row in self.raw]


class _Statement:
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


class _Written(_Statement):
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
        self.params = _places(params, again[1], _flat(first), _flat(second))
        unused = set(_flat(first)) - {place for place, _fixed in self.params}
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
        """For _Joined: the SQL, which of its columns says of what place a row is, and with which
        its own begin. Of few rows that show their ids, and come by them, PostgreSQL makes ready to
        number and sort for longer than it reads them: those are sorted here."""
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


class _Joined(_Statement):
    """The rows of all parts in one statement, each with the number of its part. Values of one type
    share the columns that hold them, whatever part they are of: the driver needs longer for a
    column than for a value."""

    def __init__(self, parts: list[_Written]) -> None:
        if any(one.compiler.query.distinct for one in parts):  # may have more columns than it shows
            raise CannotBeKept([one.sql for one in parts])
        shared: list[str] = []
        asked = []
        self.places = []
        for part in parts:
            sql, place, begin = part.to_join()
            columns = _columns_for(["bigint"] * begin + part.types, shared)
            asked.append((sql, columns))
            self.places.append((columns[place], columns[begin:]))
        self.sql = " UNION ALL ".join(
            _part_of_union(number, sql, columns, shared)
            for number, (sql, columns) in enumerate(asked)
        )
        self.params = [one for part in parts for one in part.params]
        self.prepared = Prepared(self.sql, self.params)

    def rows_of(self, part: int, raw: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        place, columns = self.places[part]
        mine = [row for row in raw if row[-1] == part]
        mine.sort(key=operator.itemgetter(place))
        return [tuple([row[column] for column in columns]) for row in mine]


def _columns_for(types: list[str], shared: list[str]) -> list[int]:
    """The column for each value of a row. Adds to `shared`, the types of all columns, what there
    is no room for."""
    taken: list[int] = []
    for kind in types:
        free = (n for n, one in enumerate(shared) if one == kind and n not in taken)
        taken.append(next(free, len(shared)))
        if taken[-1] == len(shared):
            shared.append(kind)
    return taken


def _part_of_union(number: int, sql: str, columns: list[int], shared: list[str]) -> str:
    own = {column: f"own_{place}" for place, column in enumerate(columns)}
    shown = [own.get(column, f"NULL::{kind}") for column, kind in enumerate(shared)]
    names = ", ".join(own.values())
    return f"SELECT {', '.join(shown)}, {number} FROM ({sql}) part_{number}({names})"  # noqa: S608 - what the ORM wrote


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


def _flat(values: Values) -> dict[Any, Any]:
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
