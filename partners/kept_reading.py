"""Reading for keys without writing every query out anew (see workflow.kept_queries).

`build` is any function that gives what a reader may see: `build(reader, **which)`. For a key it is
called once, with an AgencyReader in the place of the key; for people each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from partners.access import AgencyReader, standing
from partners.models import ApiKey
from workflow.kept_queries import AskedTogether, Found, KeptQuery
from workflow.known_tags import Facts, facts_of
from workflow.rows import Context, Rows

Build = Callable[..., "QuerySet[Any]"]


def reading_agency(actor: Any) -> int | None:
    """The agency as which a key reads, where that is all there is to say of its reading: then
    every `visible_to` gives for the key what it gives for the AgencyReader of the same scopes."""
    if not isinstance(actor, ApiKey):
        return None
    mine = standing(actor).all_agencies
    return next(iter(mine)) if mine else None


def rows_for(
    actor: Any, rows: Rows, build: Build, context: Context, **which: Any
) -> list[dict[str, Any]]:
    """What the actor may see of it, as `rows` shows it."""
    agency_id = reading_agency(actor)
    if agency_id is None:
        return list(rows.read(build(actor, **which), context))
    return rows.read_kept(as_agency(build), context, agency_id=agency_id, **which)


def objects_for(actor: Any, build: Build, **which: Any) -> list[Any]:
    """The same as objects."""
    agency_id = reading_agency(actor)
    if agency_id is None:
        return list(build(actor, **which))
    return _objects(build).objects(agency_id=agency_id, **which)


class Reading:
    """Reads one object and the rows that belong to its answer, before any is made into anything:
    the answer may be one that the caller has. For a key all of it is asked at once, so `which`
    names the object for each part alike. `facts` is all that the answer to a key follows from.

    `pk` is None where there is nothing to see.
    """

    def __init__(
        self, request: Any, actor: Any, one: Build, *parts: tuple[Rows, Build], **which: Any
    ) -> None:
        self.request, self.actor, self.which = request, actor, which
        self._parts, self._asked_more = parts, False
        self._found: list[Found] = []
        self.agency_id = reading_agency(actor)
        if self.agency_id is None:
            self._one = next(iter(one(actor, **which)), None)
            self.pk: int | None = self._one and self._one.pk
        else:
            self._found = _together(one, parts).find(agency_id=self.agency_id, **which)
            self.pk = next(iter(self._found[0].ids()), None)

    def made(self) -> Any:
        """The object."""
        return self._found[0].objects()[0] if self._found else self._one

    def rows(self, part: int, context: Context) -> list[dict[str, Any]]:
        """What the actor may see of that part, as its `Rows` shows it."""
        rows, build = self._parts[part]
        if self._found:
            return rows.written(self._found[part + 1], context)
        return list(rows.read(build(self.actor, **self.which), context))

    @contextmanager
    def making(self) -> Iterator[None]:
        """While this lasts the answer is made of what was read."""

        def note(execute: Callable[..., Any], *asked: Any) -> Any:
            self._asked_more = True
            return execute(*asked)

        with connection.execute_wrapper(note):
            yield

    @property
    def facts(self) -> Facts | None:
        """None for people, of whom more counts than can be named here; and where the database was
        asked for more while the answer was made."""
        if self.agency_id is None or self._asked_more:
            return None
        asker = (self.agency_id, sorted(self.request.user.scopes))
        return facts_of(self.request, asker, [one.raw for one in self._found])


@lru_cache(maxsize=500)
def as_agency(build: Build) -> Build:
    return lambda agency_id, **which: build(AgencyReader(agency_id, frozenset()), **which)


@lru_cache(maxsize=500)
def _objects(build: Build) -> KeptQuery:
    return KeptQuery(as_agency(build), is_planned_once=True)


@lru_cache(maxsize=500)
def _together(one: Build, parts: tuple[tuple[Rows, Build], ...]) -> AskedTogether:
    return AskedTogether(_objects(one), *(rows.kept(as_agency(build)) for rows, build in parts))
