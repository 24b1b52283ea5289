"""News, events and the document library in the API."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from partners.api_filters import CodeFilter, DayFilter, WordFilter, YesNoFilter
from partners.models import Party
from record.api_base import (
    ALWAYS,
    Page,
    RecordFilter,
    RecordSerializer,
    RecordViewSet,
    languages,
    link,
    with_links,
)
from record.models import Document, DocumentVersion, NewsItem, Picture, Topic
from record.news_page import text_of
from workflow.below import below
from workflow.lists import ListOfRows
from workflow.rows import Context, FromColumns
from workflow.words import words, words_of

# ── news and events ──────────────────────────────────────────────────────────────────────────


@extend_schema_field(
    {
        "type": ["object", "null"],
        "required": ["url", "small_url", "width", "height", "alt", "credit"],
        "properties": {
            "url": {"type": "string", "format": "uri"},
            "small_url": {"type": "string", "format": "uri"},
            "width": {"type": "integer"},
            "height": {"type": "integer"},
            "alt": {"type": "string"},
            "credit": {"type": "string"},
        },
    }
)
class _Picture(FromColumns):
    """Null where there is none, and while it is being checked for viruses."""

    columns = (
        "picture__sha256", "picture__scan", "picture__width", "picture__height",
        "picture__alt_en", "picture__alt_fr", "picture__alt_es", "picture__credit",
    )  # fmt: skip

    def function(self, context: Context) -> Callable[..., dict[str, Any] | None]:
        names = ("sha256", "scan", "width", "height", "alt_en", "alt_fr", "alt_es", "credit")
        here = context["request"].build_absolute_uri

        def shown(*values: Any) -> dict[str, Any] | None:
            picture = Picture(**dict(zip(names, values, strict=True)))
            if values[0] is None or not picture.is_readable:
                return None
            said = {name: getattr(picture, name) for name in ("width", "height", "alt", "credit")}
            return {"url": here(picture.url), "small_url": here(picture.small_url), **said}

        return shown


@extend_schema_field(OpenApiTypes.STR)
class _Html(FromColumns):
    """As the page has it. The address of a link that begins with a slash is the portal's."""

    columns = ("text_en", "text_fr", "text_es")

    def function(self, context: Context) -> Callable[..., str]:
        def html(english: str, french: str, spanish: str) -> str:
            return str(text_of(NewsItem(text_en=english, text_fr=french, text_es=spanish)))

        return html


class NewsSerializer(RecordSerializer[NewsItem]):
    page = Page("record:news_one")
    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    lead = serializers.CharField(read_only=True)
    picture = _Picture()
    parties = words("party_codes", help_text="their codes")
    topics = words("topic_keys", help_text="their keys in `topics/`")
    languages = languages("title", "lead", "text")

    class Meta:
        model = NewsItem
        fields = [
            "slug", "page", "dated_on", "title", "lead", "picture", "event_from", "event_until",
            "event_place", "parties", "topics", "languages", *ALWAYS,
        ]  # fmt: skip


class NewsDetail(NewsSerializer):
    """With the text: as it was written, in Markdown, and as clean HTML."""

    text = serializers.CharField(
        read_only=True, help_text="Markdown as somebody typed it; what is made of it needs cleaning"
    )
    html = _Html(help_text="clean: what readers of the portal see")

    class Meta(NewsSerializer.Meta):
        fields = [*NewsSerializer.Meta.fields[:5], "text", "html", *NewsSerializer.Meta.fields[5:]]


class NewsFilter(RecordFilter):
    topic = CodeFilter(queryset=Topic.objects.all(), to_field_name="key", method="among")
    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code", method="among")
    dated_from = DayFilter(field_name="dated_on", lookup_expr="gte")
    dated_to = DayFilter(field_name="dated_on", lookup_expr="lte")
    is_event = YesNoFilter(
        field_name="event_from", lookup_expr="isnull", exclude=True,
        help_text="events alone, or news alone",
    )  # fmt: skip

    def among(self, found: "QuerySet[Any]", name: str, value: Any) -> "QuerySet[Any]":
        related: dict[str, Any] = {"topic": NewsItem.topics, "party": NewsItem.parties}
        through = related[name].through.objects.filter(**{name: value})
        return found.filter(pk__in=through.values("newsitem"))


class NewsViewSet(RecordViewSet):
    """News, and announcements of events."""

    serializer_class = NewsSerializer
    detail_serializer_class = NewsDetail
    filterset_class = NewsFilter
    orderings = ("-dated_on", "dated_on", "updated_at")
    beside: ClassVar[dict[str, Any]] = {
        "party_codes": words_of(NewsItem.parties.through.objects.all(), "newsitem", "party__code"),
        "topic_keys": words_of(NewsItem.topics.through.objects.all(), "newsitem", "topic__key"),
    }


# ── the library ──────────────────────────────────────────────────────────────────────────────


@extend_schema_field(
    {
        "type": ["object", "null"],
        "required": ["url", "name", "content_type", "size", "sha256"],
        "properties": {
            "url": {"type": "string", "format": "uri"},
            "name": {"type": "string"},
            "content_type": {"type": "string"},
            "size": {"type": "integer"},
            "sha256": {"type": "string"},
        },
    }
)
class _File(FromColumns):
    """Null where there is none, and while it is being checked for viruses."""

    columns = (
        "document__slug", "language", "file", "scan", "name", "content_type", "size", "sha256",
    )  # fmt: skip

    def function(self, context: Context) -> Callable[..., dict[str, Any] | None]:
        names = ("name", "content_type", "size", "sha256")

        def shown(slug: str, language: str, file: str, scan: str, *rest: Any) -> Any:
            if not DocumentVersion(file=file, scan=scan).file_is_open:
                return None
            address = reverse("record:document_file", args=[slug, language])
            here = context["request"].build_absolute_uri(address)
            return {"url": here, **dict(zip(names, rest, strict=True))}

        return shown


class DocumentVersionSerializer(serializers.ModelSerializer[DocumentVersion]):
    """In one language: a file that is kept here, or a link."""

    url = link("url")
    file = _File()

    class Meta:
        model = DocumentVersion
        fields = ["language", "url", "file"]


class DocumentSerializer(RecordSerializer[Document]):
    page = Page("record:document")
    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    note = serializers.CharField(read_only=True)
    versions = below(
        DocumentVersionSerializer,
        with_links(DocumentVersion.objects.order_by("language"), "url"),
        "document",
    )
    topics = words("topic_keys", help_text="their keys in `topics/`")
    languages = languages("title", "note")

    class Meta:
        model = Document
        fields = [
            "slug", "page", "kind", "title", "symbol", "effective_on", "precision", "versions",
            "topics", "note", "languages", *ALWAYS,
        ]  # fmt: skip


class DocumentFilter(RecordFilter):
    kind = WordFilter(choices=Document.Kind.choices)
    topic = CodeFilter(queryset=Topic.objects.all(), to_field_name="key", method="about")
    language = django_filters.CharFilter(
        method="readable_in", max_length=10, help_text="documents with a version in that language"
    )

    def about(self, found: "QuerySet[Any]", name: str, value: Topic) -> "QuerySet[Any]":
        through = Document.topics.through.objects.filter(topic=value)
        return found.filter(pk__in=through.values("document"))

    def readable_in(self, found: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        versions = DocumentVersion.objects.filter(language__iexact=value)
        return found.filter(pk__in=versions.values("document"))


class DocumentViewSet(RecordViewSet):
    """The documents of the library, with their language versions."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    beside: ClassVar[dict[str, Any]] = {
        "topic_keys": words_of(Document.topics.through.objects.all(), "document", "topic__key"),
    }


# ── topics ───────────────────────────────────────────────────────────────────────────────────


class TopicSerializer(serializers.ModelSerializer[Topic]):
    name = serializers.CharField(read_only=True, help_text="in the reader's language")

    class Meta:
        model = Topic
        fields = ["key", "name"]


class TopicViewSet(ListOfRows, GenericViewSet[Topic]):
    """What news and documents can be about."""

    public = True
    serializer_class = TopicSerializer
    orderings = ("key",)
    queryset = Topic.objects.all()
