"""Recognition, operations, activities, meetings, news and documents: searched in one query.

Each kind gives the same columns of the rows that are shown, ranked, and how many there are, so that
one union says all of it. Which rows those are is asked of their ids alone: a common word is in tens
of thousands of rows, and to sort or count those with their texts takes seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Cast, Concat, Left, RowNumber, StrIndex
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.precision import span_in_words
from iccwc_portal.search.found import Found, Result, Text, in_languages, title_of
from iccwc_portal.search.terms import Term
from record.markup import html
from record.models import (
    Activity,
    Document,
    GlobalMeeting,
    NewsItem,
    Operation,
    Publication,
    Recognition,
    Record,
)

MOST = 1000  # of each kind are counted; whoever reads further than that searches for more words
_LANGUAGES = ("en", "fr", "es")


@dataclass(frozen=True)
class Kind:
    """One kind of record: where its page is, and which of its columns stand for what."""

    key: str
    label: Any
    model: type[Record]
    page: str
    day: str
    texts: tuple[str, ...] = ()  # columns in three languages
    title: str = "title"  # in three languages; "" for what has none
    exactness: str = "precision"
    lasts: bool = False
    about: str = ""  # a symbol, or a place
    party_paths: tuple[str, ...] = ()  # to rows of other tables
    support: str = ""  # the key of a kind of support: everybody in the trade says "WIST"
    is_markdown: bool = False


class _Row(NamedTuple):
    kind: str
    slug: str
    state: str
    publish_at: datetime | None
    about: str
    day: date | None
    exactness: str
    last_day: date | None
    last_exactness: str
    titles: tuple[str, str, str]
    texts: tuple[str, str, str]
    nth: int
    total: int


ACTIVITIES = Kind(
    "activities", gettext_lazy("Activities"), Activity, "record:activity", "starts_on", ("text",),
    lasts=True, party_paths=("places__party",), support="support__key",
)  # fmt: skip
OPERATIONS = Kind(
    "operations", gettext_lazy("Operations"), Operation, "record:operation", "starts_on",
    ("led_by", "role", "remark"), lasts=True,
)  # fmt: skip
NEWS = Kind(
    "news", gettext_lazy("News and events"), NewsItem, "record:news_one", "dated_on",
    ("lead", "text"), exactness="", about="event_place", party_paths=("parties",),
    is_markdown=True,
)  # fmt: skip
DOCUMENTS = Kind(
    "documents", gettext_lazy("Documents"), Document, "record:document", "effective_on", ("note",),
    about="symbol",
)  # fmt: skip
RECOGNITION = Kind(
    "recognition", gettext_lazy("Recognition"), Recognition, "record:recognition_one",
    "effective_on", ("body", "asks", "note"), about="symbol",
)  # fmt: skip
MEETINGS = Kind(
    "meetings", gettext_lazy("Global meetings of networks"), GlobalMeeting, "record:meeting",
    "starts_on", title="", lasts=True, about="place",
)  # fmt: skip
KINDS = (ACTIVITIES, OPERATIONS, NEWS, DOCUMENTS, RECOGNITION, MEETINGS)


def found(kinds: Iterable[Kind], actor: Any, term: Term, first: int, last: int) -> dict[str, Found]:
    """From the `first` to the `last` of each kind, by its key; one query."""
    by_key = {one.key: one for one in kinds}
    one, *others = (_of_kind(kind, actor, term, first, last) for kind in by_key.values())
    rows = one.union(*others, all=True) if others else one
    got: dict[str, list[_Row]] = {}
    for row in sorted(map(_read, rows), key=lambda row: row.nth):
        got.setdefault(row.kind, []).append(row)
    return {
        key: Found(
            min(some[0].total, MOST),
            [_result(by_key[key], row) for row in some],
            is_more=some[0].total > MOST,
        )
        for key, some in got.items()
    }


def _of_kind(kind: Kind, actor: Any, term: Term, first: int, last: int) -> "QuerySet[Any, Any]":
    """What the reader may open and the term is about: titles before texts, then the newest.

    Whoever sees drafts opens them, and so finds them, marked; everybody else finds what is public.
    """
    head = Left("search_text", StrIndex("search_text", Value("\n")))
    matching = kind.model.objects.inside(actor).filter(_about(kind, term)).order_by()
    rank = Case(When(term.within("head"), then=0), default=1)
    order = [rank, F(kind.day).desc(nulls_last=True), F("pk").desc()]
    ids = matching.annotate(head=head).order_by(*order).values("pk")[first - 1 : last]
    shown = kind.model._base_manager.filter(pk__in=ids).annotate(
        head=head, nth=Window(RowNumber(), order_by=order), total=_number_of(kind, matching)
    )
    return shown.order_by().values_list(*_columns(kind))


def _number_of(kind: Kind, matching: "QuerySet[Any]") -> Subquery:
    """How many there are, or one more than are counted; asked by the database only if one is."""
    some = kind.model._base_manager.filter(pk__in=matching.values("pk")[: MOST + 1]).order_by()
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(some.annotate(of_all=count).values("of_all"))


def _about(kind: Kind, term: Term) -> Q:
    """Whatever lies in several countries is looked for by its id, or it would be found twice."""
    found = Q()
    for unit in term.units:
        here = unit.within("search_text")
        for path in kind.party_paths if unit.parties else ():
            there = kind.model._base_manager.filter(**{f"{path}__in": unit.parties})
            here |= Q(pk__in=there.values("pk"))
        for stem in unit.stems if kind.support else ():
            here |= Q(**{f"{kind.support}__startswith": stem})
        found &= here
    return found


def _columns(kind: Kind) -> list[Any]:
    """As `_read` takes them."""
    nothing = Value("", models.TextField())
    no_day = Cast(Value(None), models.DateField())
    titles = [F(f"{kind.title}_{code}") if kind.title else nothing for code in _LANGUAGES]
    return [
        Value(kind.key, models.TextField()), "slug", "state", "publish_at",
        F(kind.about) if kind.about else nothing, kind.day,
        F(kind.exactness) if kind.exactness else Value("day", models.TextField()),
        F("ends_on") if kind.lasts else no_day,
        F("ends_precision") if kind.lasts else nothing,
        *titles, *(_text(kind, code) for code in _LANGUAGES), "nth", "total",
    ]  # fmt: skip


def _text(kind: Kind, code: str) -> Any:
    columns = [F(f"{name}_{code}") for name in kind.texts]
    if not columns:
        return Value("", models.TextField())
    parts = [part for column in columns for part in (column, Value("\n\n"))][:-1]
    return Concat(*parts, output_field=models.TextField()) if len(parts) > 1 else columns[0]


def _read(row: Any) -> _Row:
    *said, t_en, t_fr, t_es, x_en, x_fr, x_es, nth, total = row
    return _Row._make([*said, (t_en, t_fr, t_es), (x_en, x_fr, x_es), nth, total])


def _result(kind: Kind, row: _Row) -> Result:
    title = title_of(row.titles) if kind.title else Text(_("Global meeting of networks"))
    texts = in_languages([_plain(one) if kind.is_markdown else one for one in row.texts])
    about = (Text(row.about),) if row.about else ()
    return Result(
        reverse(kind.page, args=[row.slug]),
        title,
        (*texts, *about) if texts else about,
        span_in_words(row.day, row.exactness, row.last_day, row.last_exactness),
        _remark(row),
    )


def _plain(markdown: str) -> str:
    return unescape(strip_tags(html(markdown))) if markdown else ""


def _remark(row: _Row) -> str:
    """What is not public says so."""
    if row.state != Publication.PUBLISHED:
        return str(Publication(row.state).label)
    is_public = row.publish_at and row.publish_at <= timezone.now()
    return "" if is_public else _("will be published")
