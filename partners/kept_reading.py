"""Reading for keys without writing every query out anew (see workflow.kept_queries).

`build` is any function that gives what a reader may see: `build(reader, **which)`. For a key it is
called once, with an AgencyReader in the place of the key; for people each time.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from partners.access import AgencyReader, standing
from partners.models import ApiKey
from workflow.kept_queries import KeptQuery
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
    return kept_objects(build).objects(agency_id=agency_id, **which)


@lru_cache(maxsize=500)
def as_agency(build: Build) -> Build:
    return lambda agency_id, **which: build(AgencyReader(agency_id, frozenset()), **which)


@lru_cache(maxsize=500)
def kept_objects(build: Build) -> KeptQuery:
    """As objects, what `build` gives for an agency."""
    return KeptQuery(as_agency(build), is_planned_once=True)
