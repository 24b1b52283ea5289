"""Links that records lead to, looked at each night: one that is dead is marked for editors, and
its words stay for readers, without it."""

from collections.abc import Iterable, Iterator

from django.db.models import Model

from record.models import (
    Activity,
    CheckedLink,
    Document,
    DocumentVersion,
    GlobalMeeting,
    NewsItem,
    Operation,
    OperationFigure,
    Recognition,
)

GIVEN_UP = 3  # looks in vain, on as many nights, before a link counts as dead

# Each column that holds an address which a page shows.
HOLDERS: tuple[tuple[type[Model], str], ...] = (
    (Recognition, "url"),
    (Recognition, "source_url"),
    (Activity, "link"),
    (Activity, "source_url"),
    (Operation, "source_url"),
    (OperationFigure, "source_url"),
    (GlobalMeeting, "source_url"),
    (Document, "source_url"),
    (DocumentVersion, "url"),
    (NewsItem, "source_url"),
)


def in_use() -> set[str]:
    """Every address that some record leads to."""
    return {url for model, column in HOLDERS for url in _held(model, column)}


def _held(model: type[Model], column: str) -> Iterator[str]:
    held = model._default_manager.exclude(**{column: ""}).values_list(column, flat=True)
    yield from held.distinct().order_by()


def dead_among(urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are known to be dead."""
    asked = {url for url in urls if url}
    if not asked:
        return set()
    dead = CheckedLink.objects.filter(url__in=asked).exclude(dead_since=None)
    return set(dead.values_list("url", flat=True))


def alive(urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are not known to be dead."""
    asked = {url for url in urls if url}
    return asked - dead_among(asked)
