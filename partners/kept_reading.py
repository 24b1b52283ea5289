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
from workflow.kept_queries import Found, KeptQuery
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
    """Reads what belongs to one answer, all of it before any is made into anything: the answer may
    be one that the caller has. `facts` is all that the answer to a key follows from."""

    def __init__(self, request: Any, actor: Any) -> None:
        self.request, self.actor = request, actor
        self.agency_id = reading_agency(actor)
        self._raw: list[Any] = []
        self._asked_more = False

    def one(self, build: Build, **which: Any) -> tuple[int | None, Callable[[], Any]]:
        """The id, None where there is nothing to see, and what gives the object."""
        if self.agency_id is None:
            one = next(iter(build(self.actor, **which)), None)
            return one and one.pk, lambda: one
        found = self._taken_down(_objects(build).find(agency_id=self.agency_id, **which))
        return next(iter(found.ids()), None), lambda: found.objects()[0]

    def rows(self, rows: Rows, build: Build, **which: Any) -> Callable[[Context], Any]:
        if self.agency_id is None:
            return lambda context: list(rows.read(build(self.actor, **which), context))
        found = rows.find_kept(as_agency(build), agency_id=self.agency_id, **which)
        self._taken_down(found)
        return lambda context: rows.written(found, context)

    def _taken_down(self, found: Found) -> Found:
        self._raw.append(found.raw)
        return found

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
        return facts_of(self.request, asker, self._raw)


@lru_cache(maxsize=500)
def as_agency(build: Build) -> Build:
    return lambda agency_id, **which: build(AgencyReader(agency_id, frozenset()), **which)


@lru_cache(maxsize=500)
def _objects(build: Build) -> KeptQuery:
    return KeptQuery(as_agency(build), is_planned_once=True)
