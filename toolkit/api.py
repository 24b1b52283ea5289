"""The Toolkit tracker in the API: the table as of any date, and what documents say."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from history.precision import Precision
from partners.api_auth import reader_of
from partners.api_filters import CodeFilter, DayFilter, MomentFilter, WordFilter
from partners.models import Party, Region, Scope
from partners.serializers import PartyName
from toolkit.asof import Row, table
from toolkit.forms import AsOfForm
from toolkit.models import Implementation, Observation
from toolkit.steps import Phase, Step, StepState

_SCOPES: dict[str, str] = {"GET": Scope.TOOLKIT_READ}


class StepSerializer(serializers.Serializer[Any]):
    """One step as it stood; dates and sources are null for what had not begun."""

    state = serializers.ChoiceField(choices=StepState.choices)
    effective_on = serializers.DateField(allow_null=True)
    precision = serializers.ChoiceField(choices=Precision.choices, allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # also a Field’s attribute


_NOT_BEGUN = {
    "state": StepState.NOT_STARTED.value,
    "effective_on": None,
    "precision": None,
    "source": "",
}
StepsSerializer = type(
    "StepsSerializer",
    (serializers.Serializer,),
    {step.value: StepSerializer(help_text=step.label) for step in Step},
)


class RegionName(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class TrackedParty(PartyName):
    region = RegionName()


class ImplementationSerializer(serializers.Serializer[Row]):
    """One cycle of one Party, as it stood on the day asked for. The phase is derived from the
    steps done."""

    id = serializers.IntegerField(source="implementation.pk")
    party = TrackedParty(source="implementation.party")
    cycle = serializers.IntegerField(source="implementation.cycle")
    phase = serializers.ChoiceField(choices=Phase.choices, allow_null=True)
    is_public = serializers.SerializerMethodField(
        help_text="whether everybody can see this row now"
    )
    steps = serializers.SerializerMethodField()

    def get_is_public(self, row: Row) -> bool:
        return row.implementation.state == row.implementation.Publicity.PUBLIC

    @extend_schema_field(StepsSerializer)
    def get_steps(self, row: Row) -> dict[str, Any]:
        return {
            step.value: StepSerializer(fact).data if fact else dict(_NOT_BEGUN)
            for step, fact in row.cells
        }


class ImplementationFilter(django_filters.FilterSet):
    """The parameters of the table; it is read from the log, so none narrows a query."""

    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code", method="kept")
    phase = WordFilter(choices=Phase.choices, method="kept")
    region = CodeFilter(queryset=Region.objects.all(), to_field_name="key", method="kept")
    as_of = DayFilter(method="kept", help_text="the table on this day; today when left out")
    known_at = MomentFilter(
        method="kept",
        whole_day=True,
        help_text="the table as it was known then; a day alone means its end (UTC)",
    )

    class Meta:
        form = AsOfForm  # the page of the tracker judges the two dates by the same rules

    def kept(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset

    def keeps(self, row: Row) -> bool:
        asked = self.form.cleaned_data
        party = row.implementation.party
        return (
            (asked["party"] is None or party == asked["party"])
            and (asked["region"] is None or party.region_id == asked["region"].pk)
            and (not asked["phase"] or row.phase in asked["phase"])
        )


class ImplementationPage(serializers.Serializer[Any]):
    """A page of the table, with the day and the moment of knowledge it is read for."""

    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ImplementationSerializer(many=True)


class ImplementationViewSet(GenericViewSet[Any]):
    """The tracker as of any date, as known at any moment. Everybody reads public rows."""

    public = True
    scopes: ClassVar[dict[str, str]] = _SCOPES
    filterset_class = ImplementationFilter
    queryset = Implementation.objects.none()  # the rows come from the log
    serializer_class = ImplementationSerializer

    @extend_schema(responses=forced_singular_serializer(ImplementationPage), filters=True)
    def list(self, request: Request) -> Response:
        """The tracker as of a day, in the order of the Parties' names."""
        asked = self.filter_backends[0]().checked(request, self.queryset, self)  # type: ignore[attr-defined]
        as_of, known_at = (asked.form.cleaned_data[name] for name in ("as_of", "known_at"))
        actor = reader_of(request, Scope.TOOLKIT_READ)
        rows = [row for row in table(actor, as_of, known_at) if asked.keeps(row)]
        pages: Any = self.paginator
        page = pages.paginate_rows(rows, request, lambda row: row.implementation.pk)
        results = ImplementationSerializer(page, many=True).data
        said = {"as_of": as_of, "known_at": known_at, **pages.links, "results": results}
        return Response(said)


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    party = PartyName()
    recorded_at = serializers.DateTimeField(source="event.recorded_at")

    class Meta:
        model = Observation
        fields = [
            "id", "party", "instrument", "status", "step", "effective_on", "precision",
            "is_approximate", "date_in_source", "note", "source", "source_url", "recorded_at",
        ]  # fmt: skip


class ObservationFilter(django_filters.FilterSet):
    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code")
    instrument = WordFilter(choices=Observation.Instrument.choices)
    status = WordFilter(choices=Observation.Status.choices)
    as_of = DayFilter(
        field_name="effective_on", lookup_expr="lte", help_text="what documents said by this day"
    )
    known_at = MomentFilter(
        field_name="event__recorded_at",
        lookup_expr="lte",
        whole_day=True,
        help_text="what was known then; a day alone means its end (UTC)",
    )

    class Meta:
        form = AsOfForm


class ObservationViewSet(ListModelMixin, GenericViewSet[Observation]):
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
