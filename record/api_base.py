"""What all resources of the public record share in the API: the same answer for everybody.

Lists, details, files and filters begin with `visible_to`: a draft, a record whose moment has not
come and one that was withdrawn answer as an address that never was, to the Secretariat too, whose
place to read them is the desk. What the Secretariat keeps for itself (notes for editors, the
request or recommendation that an activity came from) is in no field, filter or order.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from history.precision import Precision
from partners.api_filters import MomentFilter, WordFilter
from record.models import CheckedLink, Confidence
from workflow.addresses import with_gap
from workflow.details import OneWithTag
from workflow.lists import ListOfRows
from workflow.rows import Context, FromColumns

M = TypeVar("M", bound=Any)
SLUG = "[-a-zA-Z0-9_]{1,80}"


# ── fields ───────────────────────────────────────────────────────────────────────────────────


@extend_schema_field(OpenApiTypes.URI)
class Page(FromColumns):
    """Where people read the record."""

    columns = ("slug",)

    def __init__(self, name: str, **kwargs: Any) -> None:
        self.name = name
        super().__init__(**{"help_text": "where people read it", **kwargs})

    def function(self, context: Context) -> Callable[[str], str]:
        before, after = with_gap(self.name, context["request"])
        return lambda slug: f"{before}{slug}{after}"


def is_dead(column: str) -> Exists:
    """Whether nobody has answered for some nights at the address in that column."""
    found = CheckedLink.objects.filter(url=OuterRef(column), dead_since__isnull=False)
    return Exists(found)


class _Link(FromColumns):
    def function(self, context: Context) -> Callable[[str, bool], str]:
        return lambda url, dead: "" if dead else url


def link(column: str) -> FromColumns:
    """An address; empty where there is none, and while it is dead. The queryset is annotated with
    `<column>_dead` (see `with_links`)."""
    of_column = type("Link", (_Link,), {"columns": (column, f"{column}_dead")})
    described = extend_schema_field(OpenApiTypes.STR)(of_column)
    return described(help_text="empty while nothing is found there")


def with_links(found: "QuerySet[M]", *columns: str) -> "QuerySet[M]":
    """The queryset with what `link` asks about each of the columns."""
    return found.annotate(**{f"{column}_dead": is_dead(column) for column in columns})


class _Languages(FromColumns):
    def function(self, context: Context) -> Callable[..., list[str]]:
        def written_in(*texts: str) -> list[str]:
            english, french, spanish = texts[::3], texts[1::3], texts[2::3]
            return [
                code
                for code, others in (("en", english), ("fr", french), ("es", spanish))
                if all(there or not first for first, there in zip(english, others, strict=True))
            ]

        return written_in


def languages(*texts: str) -> FromColumns:
    """Those in which a record has all of these texts; in others English stands for what lacks."""
    columns = tuple(f"{text}_{code}" for text in texts for code in ("en", "fr", "es"))
    made = type("Languages", (_Languages,), {"columns": columns})
    described = extend_schema_field(serializers.ListField(child=serializers.CharField()))(made)
    return described(help_text="languages that it is wholly written in; else English stands in")


@extend_schema_field(serializers.ChoiceField(choices=Precision.choices))
class EndsPrecision(FromColumns):
    """How exact the last day is: as the first, unless something else is said."""

    columns = ("precision", "ends_precision")

    def function(self, context: Context) -> Callable[[str, str], str]:
        return lambda precision, ends: ends or precision


class RecordSerializer(serializers.ModelSerializer[M]):
    """What stands at the end of each record: where it is from, how sure it is, since when."""

    source_url = link("source_url")
    published_at = serializers.DateTimeField(source="publish_at", read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


ALWAYS = ["source", "source_url", "confidence", "published_at", "updated_at"]


# ── views ────────────────────────────────────────────────────────────────────────────────────


class RecordFilter(django_filters.FilterSet):
    confidence = WordFilter(choices=Confidence.choices)
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")


class RecordViewSet(OneWithTag, ListOfRows, GenericViewSet[Any]):
    """The published records of one kind. A subclass names its serializer and filters, and in
    `links` the columns that hold addresses."""

    public = True
    lookup_field = "slug"
    lookup_value_regex = SLUG
    orderings: ClassVar[tuple[str, ...]] = ("-id", "updated_at")
    links: ClassVar[tuple[str, ...]] = ("source_url",)
    beside: ClassVar[dict[str, Any]] = {}  # annotations that the serializer shows

    def get_queryset(self) -> "QuerySet[Any]":
        serializer: Any = self.get_serializer_class()
        visible = serializer.Meta.model.objects.visible_to(self.request.user)
        return with_links(visible, *self.links).annotate(**self.beside)
