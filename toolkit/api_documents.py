"""What published documents say, in the API: of a Party, and of all countries together."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from partners.api_filters import CodeFilter, DayFilter, MomentFilter, WordFilter
from partners.models import Party, Scope
from partners.serializers import PartyName
from toolkit.forms import AsOfForm
from toolkit.models import Observation, PublishedTotal
from workflow.lists import ListOfRows

_SCOPES: dict[str, str] = {"GET": Scope.TOOLKIT_READ}
_DATED = (
    "effective_on", "precision", "is_approximate", "date_in_source", "source", "source_url",
    "recorded_at",
)  # fmt: skip


class _StatementFilter(django_filters.FilterSet):
    """By instrument, day and knowledge: what stood at `known_at`, now when it is left out."""

    instrument = WordFilter(choices=Observation.Instrument.choices)
    as_of = DayFilter(
        field_name="effective_on", lookup_expr="lte", help_text="what documents said by this day"
    )
    known_at = MomentFilter(
        method="kept",
        whole_day=True,
        help_text="what was known then; a day alone means its end (UTC)",
    )

    class Meta:
        form = AsOfForm

    def kept(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        known_at = self.form.cleaned_data["known_at"]
        visible = queryset.model.objects.visible_to(self.request.user, known_at)
        if queryset.query.select_related:
            visible.query.select_related = queryset.query.select_related
        return super().filter_queryset(visible)


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    party = PartyName()
    recorded_at = serializers.DateTimeField(source="event.recorded_at")

    class Meta:
        model = Observation
        fields = ["id", "party", "instrument", "status", "step", "note", *_DATED]


class ObservationFilter(_StatementFilter):
    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code")
    status = WordFilter(choices=Observation.Status.choices)


class ObservationViewSet(ListOfRows, GenericViewSet[Observation]):
    """What published documents say of a Party, with date and source. They stand beside the
    steps, never change them, and may disagree."""

    public = True
    scopes: ClassVar[dict[str, str]] = _SCOPES
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter
    orderings = ("-effective_on", "id")

    def get_queryset(self) -> "QuerySet[Observation]":
        observations = Observation.objects.visible_to(self.request.user)
        return observations.select_related("party", "event")


class TotalSerializer(serializers.ModelSerializer[PublishedTotal]):
    # The largest number that a column holds differs between databases: no limit is promised.
    in_all = serializers.IntegerField(allow_null=True, read_only=True)
    complete = serializers.IntegerField(allow_null=True, read_only=True)
    under_way = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = PublishedTotal
        fields = [
            "id", "instrument", "text", "in_all", "complete", "under_way", "is_rough", *_DATED,
        ]  # fmt: skip


class TotalViewSet(ListOfRows, GenericViewSet[PublishedTotal]):
    """What published documents say of all countries together. They count differently (the Toolkit
    alone, or with the Indicator Framework): these totals are no one series. Numbers are null where
    the text gives none."""

    public = True
    scopes: ClassVar[dict[str, str]] = _SCOPES
    serializer_class = TotalSerializer
    filterset_class = _StatementFilter
    orderings = ("-effective_on", "id")

    def get_queryset(self) -> "QuerySet[PublishedTotal]":
        return PublishedTotal.objects.visible_to(self.request.user)
