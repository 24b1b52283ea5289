"""What happened to an object while somebody had its page open, as far as that person may know."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from history.models import Event

MOST_SHOWN = 5


@dataclass(frozen=True)
class _Reader:
    events: Callable[[Any, Any], "models.QuerySet[Event]"]
    read: Callable[[Iterable[Event], Any], Sequence[Any]]


_readers: dict[type[models.Model], _Reader] = {}


def register_history(
    model: type[models.Model],
    events: Callable[[Any, Any], "models.QuerySet[Event]"],
    read: Callable[[Iterable[Event], Any], Sequence[Any]],
) -> None:
    """`events(object, actor)` gives what the actor may read about the object, newest first;
    `read(events, actor)` turns some of them into the lines of a timeline. Called in ready()."""
    _readers[model] = _Reader(events, read)


def last_event() -> int:
    """A mark for a page: what is recorded after it, its reader has not seen."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def happened_since(
    obj: Any, actor: Any, seen: int | None, *, or_last: bool = True
) -> Sequence[Any]:
    """The lines since that mark, newest first. Without a mark, or when there are none, the last;
    but for `or_last` none: then what happened is not for this reader to know."""
    reader = _readers.get(type(obj))
    if reader is None:
        return []
    events = reader.events(obj, actor)
    found = list(events.filter(pk__gt=seen)[:MOST_SHOWN]) if seen is not None else []
    if not found and (or_last or seen is None):
        found = list(events[:1])
    return reader.read(found, actor)
