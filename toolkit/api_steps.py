"""The steps of a cycle in the API, for those who read the cycle inside: what is recorded, what
waits for a second pair of eyes, and what the lead agency's own system proposes."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from history.precision import Precision
from partners.api_auth import reader_of
from partners.api_filters import CodeFilter, MomentFilter, WordFilter
from partners.models import Party, Scope
from partners.serializers import PartyName
from toolkit.models import Proposal, StepStatus
from toolkit.steps import StepState
from toolkit.workflow import STEPS
from workflow.addresses import AddressById
from workflow.api import ActionView, DetailById, Resource
from workflow.lists import ListOfRows
from workflow.offers import OfferSerializer
from workflow.parameters import LARGEST_ID
from workflow.rows import Context, FromColumns, given

_SCOPES: dict[str, str] = {"GET": Scope.TOOLKIT_READ, "POST": Scope.TOOLKIT_WRITE}


@extend_schema_field(serializers.ChoiceField(choices=Precision.choices, allow_null=True))
class _PrecisionOfDate(FromColumns):
    """How exactly the date is known; null where there is none, as in the table."""

    columns = ("effective_on", "precision")

    def function(self, context: Context) -> Any:
        return lambda day, precision: precision if day else None


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A change that somebody proposed and that somebody else has to confirm."""

    proposed_by = serializers.CharField(source="who", help_text="a person, or an agency's system")
    proposed_at = serializers.DateTimeField(source="at")

    class Meta:
        model = Proposal
        fields = [
            "state", "effective_on", "precision", "note", "source", "is_correction", "despite",
            "proposed_by", "proposed_at",
        ]  # fmt: skip


class StepRowSerializer(serializers.ModelSerializer[StepStatus]):
    """One step of one cycle, as it is recorded now."""

    url = AddressById("api:step-detail")
    implementation = serializers.IntegerField(source="implementation_id", help_text="its id")
    party = PartyName(source="implementation.party")
    cycle = serializers.IntegerField(source="implementation.cycle")
    precision = _PrecisionOfDate()
    responsible_agency = serializers.CharField(
        source="agency.code", allow_null=True, help_text="its code"
    )
    updated_at = serializers.DateTimeField(
        source="moved_at", help_text="when anything last happened to it"
    )
    proposal = serializers.SerializerMethodField(help_text="what waits to be confirmed")

    class Meta:
        model = StepStatus
        fields = [
            "id", "url", "implementation", "party", "cycle", "step", "state", "effective_on",
            "precision", "note", "source", "responsible_agency", "national_lead", "expected_on",
            "proposal", "updated_at", "version",
        ]  # fmt: skip

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, step: StepStatus) -> Any:
        return ProposalSerializer(step.waiting).data if step.waiting else None


class StepRowDetail(StepRowSerializer):
    allowed_actions = given(OfferSerializer(many=True), help_text="what you may do now")

    class Meta(StepRowSerializer.Meta):
        fields = [*StepRowSerializer.Meta.fields, "allowed_actions"]


class _Steps(Resource):
    request: Any
    scopes = _SCOPES
    detail_serializer_class = StepRowDetail

    def get_queryset(self) -> "QuerySet[StepStatus]":
        inside = StepStatus.objects.inside(reader_of(self.request, Scope.TOOLKIT_READ))
        return inside.select_related(
            "implementation__party", "agency", "proposal__by", "proposal__agency"
        )


class _IdFilter(django_filters.Filter):
    field_class = forms.IntegerField


class StepFilter(django_filters.FilterSet):
    """Every filter works on what the caller can see, so that none answers for hidden rows."""

    party = CodeFilter(
        queryset=Party.objects.all(), to_field_name="code", field_name="implementation__party"
    )
    implementation = _IdFilter(
        field_name="implementation_id", min_value=1, max_value=LARGEST_ID, help_text="its id"
    )
    state = WordFilter(choices=StepState.choices)
    updated_since = MomentFilter(field_name="moved_at", lookup_expr="gte")


class StepViewSet(_Steps, DetailById, ListOfRows, GenericViewSet[StepStatus]):
    """The steps of cycles that you read inside: those that your agency leads, or of your country.
    The public reads the table of `toolkit/implementations/`."""

    serializer_class = StepRowSerializer
    filterset_class = StepFilter
    orderings = ("id", "moved_at")


class StepActionView(_Steps, ActionView):
    """A key proposes in the name of its agency; nobody of that agency confirms what it proposed.
    The key has to have toolkit:read too."""

    table = STEPS
