"""Links that records lead to, looked at each night: one that is dead is marked for editors, and
its words stay for readers, without it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from record.markup import links_in
from record.models import (
    Activity,
    CheckedLink,
    Document,
    DocumentVersion,
    GlobalMeeting,
    NetworkAssessment,
    NewsItem,
    Operation,
    OperationFigure,
    Recognition,
)

TEXTS = ("text_en", "text_fr", "text_es")  # of news, in Markdown
LONGEST = 500  # as the columns have it; a longer one in a text is not looked at


@dataclass(frozen=True)
class Column:
    """A column with an address that a page shows, and the record on whose page it stands."""

    model: type[models.Model]
    name: str
    record: type[models.Model]
    record_id: str = "pk"
    title: str = "title_en"


HOLDERS = (
    Column(Recognition, "url", Recognition),
    Column(Recognition, "source_url", Recognition),
    Column(Activity, "link", Activity),
    Column(Activity, "source_url", Activity),
    Column(Operation, "source_url", Operation),
    Column(OperationFigure, "source_url", Operation, "operation_id", "operation__title_en"),
    Column(GlobalMeeting, "source_url", GlobalMeeting, title="place"),
    Column(NetworkAssessment, "source_url", NetworkAssessment, title="network__name"),
    Column(Document, "source_url", Document),
    Column(DocumentVersion, "url", Document, "document_id", "document__title_en"),
    Column(NewsItem, "source_url", NewsItem),
)


def in_use() -> set[str]:
    """Every address that some record leads to."""
    held = {url for column in HOLDERS for url in _held(column)}
    texts = NewsItem.objects.values_list(*TEXTS)
    held |= {url for row in texts.iterator() for text in row if text for url in links_in(text)}
    return {url for url in held if len(url) <= LONGEST and _leads_to_a_host(url)}


def _held(column: Column) -> Iterator[str]:
    rows = column.model._default_manager.exclude(**{column.name: ""})
    yield from rows.order_by().values_list(column.name, flat=True).distinct()


def _leads_to_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


@dataclass(frozen=True)
class Holder:
    """A record that leads to an address."""

    record: type[models.Model]
    pk: int
    title: str


def held_by(urls: Collection[str]) -> dict[str, list[Holder]]:
    """The records that lead to each of the addresses now; two queries."""
    found: dict[str, list[Holder]] = defaultdict(list)
    if not urls:
        return found
    for number, url, pk, title in _rows_that_hold(urls):
        holder = Holder(HOLDERS[number].record, pk, title)
        if holder not in found[url]:
            found[url].append(holder)
    named = Q()
    for url in urls:
        for text in TEXTS:
            named |= Q(**{f"{text}__contains": url.split("&")[0]})  # "&" may be written "&amp;"
    for row in NewsItem.objects.filter(named).only("pk", "title_en", *TEXTS):
        for url in set(urls) & {one for text in TEXTS for one in links_in(getattr(row, text))}:
            holder = Holder(NewsItem, row.pk, row.title_en)
            if holder not in found[url]:
                found[url].append(holder)
    return found


def _rows_that_hold(urls: Collection[str]) -> "QuerySet[Any, Any]":
    def of(number: int, column: Column) -> Any:
        rows = column.model._default_manager.filter(**{f"{column.name}__in": urls}).order_by()
        return rows.values_list(
            Value(number),
            Cast(column.name, CharField(max_length=LONGEST)),
            F(column.record_id),
            Cast(column.title, CharField(max_length=300)),
        )

    first, *others = (of(number, column) for number, column in enumerate(HOLDERS))
    return first.union(*others)


# ── what readers see ─────────────────────────────────────────────────────────────────────────


def dead_among(urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are known to be dead."""
    asked = {url for url in urls if url}
    if not asked:
        return set()
    dead = CheckedLink.objects.filter(url__in=asked).exclude(dead_since=None)
    return set(dead.values_list("url", flat=True))


def all_dead() -> set[str]:
    return set(CheckedLink.objects.exclude(dead_since=None).values_list("url", flat=True))


def alive(urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are not known to be dead."""
    asked = {url for url in urls if url}
    return asked - dead_among(asked)
