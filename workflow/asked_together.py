"""Several kept queries at once: one round trip of PostgreSQL instead of one for each."""

import operator
from collections.abc import Collection, Sequence
from typing import Any

from workflow.kept_queries import (
    CannotBeKept,
    Found,
    KeptQuery,
    Statement,
    Values,
    Written,
    flat_of,
    kept_by_connection,
)
from workflow.planned_once import Prepared


class AskedTogether:
    """Several kept queries, of which each takes those of the values that its `names` name (all,
    where none are given). PostgreSQL is asked for all of them at once: one round trip instead of
    one for each, and all see the database at the same moment."""

    def __init__(self, *queries: KeptQuery, names: "Sequence[Collection[str]]" = ()) -> None:
        self.queries, self.names = queries, names

    def find(self, **values: Any) -> "list[Found]":
        """What each finds, in the order of the queries."""
        flat = flat_of(values)
        parts, joined = kept_by_connection(self, values, self._write)
        if joined is None:
            return [Found(one, one.fetched(flat)) for one in parts]
        raw = joined.fetched(flat)
        return [Found(one, joined.rows_of(place, raw)) for place, one in enumerate(parts)]

    def _write(self, values: Values) -> "tuple[list[Written], _Joined | None]":
        names = self.names or [list(values)] * len(self.queries)
        parts = [
            one.written({name: values[name] for name in its})
            for one, its in zip(self.queries, names, strict=True)
        ]
        at_once = len(parts) > 1 and all(one.prepared for one in parts)
        return parts, _Joined(parts) if at_once else None


class _Joined(Statement):
    """The rows of all parts in one statement, each with the number of its part. Values of one type
    share the columns that hold them, whatever part they are of: the driver needs longer for a
    column than for a value."""

    def __init__(self, parts: list[Written]) -> None:
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
