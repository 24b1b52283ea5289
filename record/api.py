"""Recognition, operations and the meetings of networks in the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from partners.api_filters import CodeFilter, DayFilter, WordFilter
from record.api_base import (
    ALWAYS,
    EndsPrecision,
    Page,
    RecordFilter,
    RecordSerializer,
    RecordViewSet,
    languages,
    link,
    with_links,
)
from record.models import GlobalMeeting, Operation, OperationFigure, Recognition, Series
from workflow.below import below

# ── recognition ──────────────────────────────────────────────────────────────────────────────


class RecognitionSerializer(RecordSerializer[Recognition]):
    page = Page("record:recognition_one")
    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    body = serializers.CharField(read_only=True)
    asks = serializers.CharField(read_only=True, help_text="what it asks of whom, in our words")
    note = serializers.CharField(read_only=True)
    link: Any = link("url")
    position = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="its row in SC66 Inf. 9; null for later ones"
    )
    languages = languages("title", "body", "asks", "note")

    class Meta:
        model = Recognition
        fields = [
            "slug", "page", "category", "title", "body", "symbol", "adopted_as", "effective_on",
            "precision", "place", "asks", "note", "link", "position", "languages", *ALWAYS,
        ]  # fmt: skip


class RecognitionFilter(RecordFilter):
    category = WordFilter(choices=Recognition.Category.choices)
    dated_from = DayFilter(field_name="effective_on", lookup_expr="gte")
    dated_to = DayFilter(field_name="effective_on", lookup_expr="lte")


class RecognitionViewSet(RecordViewSet):
    """Resolutions, declarations and statements that recognize ICCWC: the 17 of SC66 Inf. 9, and
    later ones with how sure they are."""

    serializer_class = RecognitionSerializer
    filterset_class = RecognitionFilter
    orderings = ("-effective_on", "effective_on", "updated_at")
    links = ("source_url", "url")


# ── operations ───────────────────────────────────────────────────────────────────────────────


class OperationFigureSerializer(serializers.ModelSerializer[OperationFigure]):
    """One number of one source. Numbers of different measures are never to be added or compared:
    “suspects identified” are not “arrests”."""

    # The largest number that a column holds differs between databases: no limit is promised.
    number = serializers.IntegerField(read_only=True)
    source_url = link("source_url")

    class Meta:
        model = OperationFigure
        fields = [
            "measure", "qualifier", "number", "effective_on", "precision", "source", "source_url",
        ]  # fmt: skip


class SeriesName(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class OperationSerializer(RecordSerializer[Operation]):
    page = Page("record:operation")
    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    series = SeriesName(allow_null=True)
    led_by = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True, help_text="what ICCWC did in it")
    remark = serializers.CharField(read_only=True)
    ends_precision = EndsPrecision()
    figures = below(
        OperationFigureSerializer,
        with_links(OperationFigure.objects.order_by("measure", "effective_on", "pk"), "source_url"),
        "operation",
    )
    languages = languages("title", "led_by", "role", "remark")

    class Meta:
        model = Operation
        fields = [
            "slug", "page", "title", "series", "led_by", "role", "remark", "starts_on",
            "precision", "ends_on", "ends_precision", "figures", "languages", *ALWAYS,
        ]  # fmt: skip


class OperationFilter(RecordFilter):
    series = CodeFilter(queryset=Series.objects.all(), to_field_name="key")
    measure = django_filters.ChoiceFilter(
        choices=OperationFigure.Measure.choices, method="counted",
        help_text="operations of which a source gives such a figure",
    )  # fmt: skip

    def counted(self, found: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        figures = OperationFigure.objects.filter(measure=value)
        return found.filter(pk__in=figures.values("operation"))


class OperationViewSet(RecordViewSet):
    """Operations that ICCWC coordinated or supported, each figure with its measure, date and
    source."""

    serializer_class = OperationSerializer
    filterset_class = OperationFilter


# ── global meetings of networks ──────────────────────────────────────────────────────────────


class GlobalMeetingSerializer(RecordSerializer[GlobalMeeting]):
    page = Page("record:meeting")
    number = serializers.IntegerField(read_only=True)
    attendance = serializers.IntegerField(read_only=True, allow_null=True)
    attendance_qualifier = serializers.CharField(
        read_only=True, help_text="`over` where the source says so of the attendance"
    )
    note = serializers.CharField(read_only=True, help_text="in the reader's language")
    ends_precision = EndsPrecision()

    class Meta:
        model = GlobalMeeting
        fields = [
            "slug", "page", "number", "place", "beside", "starts_on", "precision", "ends_on",
            "ends_precision", "attendance", "attendance_qualifier", "note", *ALWAYS,
        ]  # fmt: skip


class GlobalMeetingViewSet(RecordViewSet):
    """The global meetings of Wildlife Enforcement Networks."""

    serializer_class = GlobalMeetingSerializer
    filterset_class = RecordFilter
    orderings: ClassVar[tuple[str, ...]] = ("number", "-number", "updated_at")
