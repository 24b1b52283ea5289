"""Recommendations of action plans in the API: whole for those who read the cycle inside, and
their words and states for everybody where the country has consented."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from partners.api_auth import reader_of
from partners.api_filters import CodeFilter, MomentFilter, WordFilter
from partners.models import Party, Scope
from partners.serializers import PartyName
from toolkit.models import Horizon, Implementation, Part, Priority, Recommendation
from toolkit.models import RecommendationState as State
from workflow.lists import ListOfRows, OneRow


class SuccessorSerializer(serializers.Serializer[Recommendation]):
    id = serializers.IntegerField(source="pk")
    cycle = serializers.IntegerField(source="implementation.cycle")
    number = serializers.IntegerField()


# Null for the public: its consent covers the recommendation and how far it is.
_INSIDE = ("superseded_by", "due_on", "responsible", "supporting")


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    """One recommendation of an action plan. What was written about it, and its files, are not
    here. For the public superseded_by, due_on, responsible and supporting are null."""

    party = PartyName(source="implementation.party")
    cycle = serializers.IntegerField(source="implementation.cycle")
    superseded_by = SuccessorSerializer(allow_null=True)
    is_public = serializers.SerializerMethodField(help_text="whether everybody can see it now")
    responsible = serializers.CharField(allow_null=True, help_text="responsible national body")
    supporting: Any = serializers.SlugRelatedField(
        slug_field="code",
        many=True,
        read_only=True,
        allow_null=True,
        help_text="codes of the supporting agencies",
    )

    # The largest number that a column holds differs between databases: no limit is promised.
    number = serializers.IntegerField(read_only=True)

    class Meta:
        model = Recommendation
        fields = [
            "id", "party", "cycle", "number", "part", "text", "state", "priority", "horizon",
            "is_public", "superseded_by", "due_on", "responsible", "supporting", "updated_at",
        ]  # fmt: skip

    def get_is_public(self, recommendation: Recommendation) -> bool:
        return recommendation.is_public

    def to_representation(self, instance: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(instance)
        return said if instance.is_inside else said | dict.fromkeys(_INSIDE)


class RecommendationFilter(django_filters.FilterSet):
    """Every filter works on what the caller can see, so that none answers for hidden rows."""

    party = CodeFilter(
        queryset=Party.objects.all(), to_field_name="code", field_name="implementation__party"
    )
    state = WordFilter(choices=State.choices)
    part = WordFilter(choices=Part.choices)
    priority = WordFilter(choices=Priority.choices)
    horizon = WordFilter(choices=Horizon.choices)
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")


class RecommendationViewSet(ListOfRows, OneRow, GenericViewSet[Recommendation]):
    """The recommendations of action plans. The public reads those that a country has accepted and
    consented to publish; the lead agency every one of its cycles."""

    public = True
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TOOLKIT_READ}
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilter
    orderings = ("id", "-updated_at")

    def get_queryset(self) -> "QuerySet[Recommendation]":
        actor = reader_of(self.request, Scope.TOOLKIT_READ)
        inside = Implementation.objects.inside(actor).filter(pk=OuterRef("implementation"))
        return (
            Recommendation.objects.visible_to(actor)
            .annotate(is_inside=Exists(inside))
            .select_related("implementation__party", "superseded_by__implementation")
            .prefetch_related("supporting")
        )
