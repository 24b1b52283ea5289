"""Statements that PostgreSQL keeps with their plan: for a detail with all that belongs to it, it
plans ten times longer than it reads."""

import itertools
from typing import Any

from django.db import connection

Place = tuple[str, int]
_numbers = itertools.count(1)


def plans_are_kept() -> bool:
    """By PostgreSQL, unless a pooler gives each transaction another of its connections: settings
    tell Django so by the same word."""
    is_pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    return connection.vendor == "postgresql" and not is_pooled


class Prepared:
    """One statement, prepared once on each connection. `params` names the place of each value
    that differs, or gives the value itself where it is fixed."""

    def __init__(self, sql: str, params: list[tuple[Place | None, Any]]) -> None:
        self.sql, self.params = sql, params
        self.name = f"kept_{next(_numbers)}"
        self.places = [place for place, _fixed in params if place]
        values = ", ".join(["%s"] * len(self.places))
        self.call = f"EXECUTE {self.name}({values})" if values else f"EXECUTE {self.name}"
        self._made_on: Any = None

    def execute(
        self,
        cursor: Any,
        flat: dict[Any, Any],
        ahead: "tuple[Prepared, dict[Any, Any]] | None" = None,
    ) -> None:
        """`ahead` is obeyed before, in the same round trip; what it finds is thrown away."""
        self._make(cursor)
        call, values = self.call, [flat[place] for place in self.places]
        if ahead:
            first, of_first = ahead
            first._make(cursor)
            call = f"{first.call}; {call}"
            values = [*(of_first[place] for place in first.places), *values]
        cursor.execute(call, values)

    def _make(self, cursor: Any) -> None:
        # What is open now: Django opens another when this one is lost or old.
        if self._made_on is not cursor.db.connection:
            # Not through Django's cursor, which counts what is asked: nothing is.
            with connection.wrap_database_errors:
                cursor.cursor.execute(f"PREPARE {self.name} AS {self._with_fixed_values(cursor)}")
            self._made_on = cursor.db.connection

    def _with_fixed_values(self, cursor: Any) -> str:
        """Only what differs is a parameter: the plan may rely on the rest."""
        numbers = itertools.count(1)
        return self.sql % tuple(
            f"${next(numbers)}" if place else cursor.mogrify("%s", [fixed]).decode()
            for place, fixed in self.params
        )
