"""Assessments in the API: the head and the answers for those inside; for everybody the bare fact,
where the country has disclosed it."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from partners.api_auth import reader_of
from partners.api_filters import CodeFilter, DayFilter, WordFilter
from partners.models import Party, Scope
from partners.serializers import PartyName
from toolkit import assessing
from toolkit.models import Assessment, AssessmentState, Observation
from workflow.lists import ListOfRows, OneRow


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """What is null is not yours to read: of a disclosed assessment everybody reads its date,
    instrument and lead agency."""

    party = PartyName()
    is_joint = serializers.BooleanField(help_text="Toolkit and Indicator Framework together")
    lead_agency = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    is_inside = serializers.BooleanField(help_text="whether you may read all of it")
    state = serializers.SerializerMethodField()
    edition = serializers.SerializerMethodField(help_text="key of the edition")
    cycle = serializers.SerializerMethodField(help_text="number of the Toolkit cycle")
    national_bodies = serializers.SerializerMethodField()
    agencies = serializers.SerializerMethodField(help_text="codes of the agencies that took part")

    class Meta:
        model = Assessment
        fields = [
            "id", "party", "instrument", "is_joint", "held_on", "precision", "lead_agency",
            "is_disclosed", "is_inside", "state", "edition", "cycle", "national_bodies", "agencies",
        ]  # fmt: skip

    def get_state(self, one: Any) -> str | None:
        return one.state if one.is_inside else None

    def get_edition(self, one: Any) -> str | None:
        return one.edition.key if one.is_inside and one.edition else None

    def get_cycle(self, one: Any) -> int | None:
        return one.implementation.cycle if one.is_inside and one.implementation else None

    def get_national_bodies(self, one: Any) -> str | None:
        return one.national_bodies if one.is_inside else None

    def get_agencies(self, one: Any) -> list[str] | None:
        return sorted(each.code for each in one.agencies.all()) if one.is_inside else None


class ScoreSerializer(serializers.Serializer[Any]):
    """An answer: EA 0 to 3, PA 0 (absent) or 1 (present), DA in words."""

    indicator = serializers.IntegerField(source="indicator.number")
    kind = serializers.CharField(source="indicator.kind")
    value = serializers.IntegerField(allow_null=True)
    words = serializers.CharField()


class WholeAssessmentSerializer(AssessmentSerializer):
    """With contact and answers, for those inside; null for everybody else."""

    contact_person = serializers.SerializerMethodField()
    contact_details = serializers.SerializerMethodField()
    scores = serializers.SerializerMethodField()

    class Meta(AssessmentSerializer.Meta):
        fields = [*AssessmentSerializer.Meta.fields, "contact_person", "contact_details", "scores"]

    def get_contact_person(self, one: Any) -> str | None:
        return one.contact_person if one.is_inside else None

    def get_contact_details(self, one: Any) -> str | None:
        return one.contact_details if one.is_inside else None

    @extend_schema_field(ScoreSerializer(many=True, allow_null=True))
    def get_scores(self, one: Any) -> list[dict[str, Any]] | None:
        if not one.is_inside:
            return None
        stored = assessing.stored_of(one)
        return [ScoreSerializer(stored[number]).data for number in sorted(stored)]


class AssessmentFilter(django_filters.FilterSet):
    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code")
    instrument = WordFilter(choices=Observation.Instrument.choices)
    held_since = DayFilter(field_name="held_on", lookup_expr="gte")
    held_until = DayFilter(field_name="held_on", lookup_expr="lte")


class AssessmentViewSet(ListOfRows, OneRow, GenericViewSet[Assessment]):
    """Assessments of Parties by the Toolkit or the Indicator Framework. Confidential: the Party
    reads its own, the Secretariat and the lead agency those that were submitted, everybody the
    bare fact of those that the country has disclosed."""

    public = True
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TOOLKIT_READ}
    filterset_class = AssessmentFilter
    orderings = ("-held_on", "id")
    queryset = Assessment.objects.none()

    def get_serializer_class(self) -> Any:
        return WholeAssessmentSerializer if self.action == "retrieve" else AssessmentSerializer

    def get_queryset(self) -> "QuerySet[Assessment]":
        reader = reader_of(self.request, Scope.TOOLKIT_READ)
        inside = Assessment.objects.inside(reader).filter(pk=OuterRef("pk"))
        visible = Assessment.objects.visible_to(reader).exclude(state=AssessmentState.DISCARDED)
        named = visible.select_related("party", "lead_agency", "edition", "implementation")
        return named.annotate(is_inside=Exists(inside)).prefetch_related("agencies")
