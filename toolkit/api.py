"""The Toolkit tracker in the API: the table as of any date, and what documents say."""

from collections import defaultdict
from typing import Any, ClassVar

import django_filters
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from history.precision import Precision
from partners.api_auth import reader_of
from partners.api_filters import CodeFilter, DayFilter, MomentFilter, WordFilter
from partners.models import Party, Region, Scope
from partners.serializers import PartyName
from toolkit.asof import Fact, Row, table
from toolkit.forms import AsOfForm
from toolkit.models import Implementation, Publicity, StepStatus
from toolkit.steps import Phase, Step, StepState
from workflow.lists import Selectable, chosen_fields
from workflow.rows import rows_of

_SCOPES: dict[str, str] = {"GET": Scope.TOOLKIT_READ}


class StepSerializer(serializers.Serializer[Any]):
    """One step as it stood, and the event that says so; null for what had not begun. Who is
    responsible and the expected date are those of today, for whoever reads the cycle inside."""

    state = serializers.ChoiceField(choices=StepState.choices)
    effective_on = serializers.DateField(allow_null=True)
    precision = serializers.ChoiceField(choices=Precision.choices, allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # also a Field’s attribute
    event = serializers.IntegerField(allow_null=True, help_text="its number in the events")
    responsible_agency = serializers.CharField(allow_null=True, help_text="its code")
    expected_on = serializers.DateField(allow_null=True)


StepsSerializer = type(
    "StepsSerializer",
    (serializers.Serializer,),
    {step.value: StepSerializer(help_text=step.label) for step in Step},
)


def _step(fact: Fact | None, plan: StepStatus | None) -> dict[str, Any]:
    return {
        "state": fact.state if fact else StepState.NOT_STARTED.value,
        "effective_on": fact.effective_on.isoformat() if fact else None,
        "precision": fact.precision if fact else None,
        "source": fact.source if fact else "",
        "event": fact.event_id if fact else None,
        "responsible_agency": plan.agency.code if plan and plan.agency else None,
        "expected_on": plan.expected_on.isoformat() if plan and plan.expected_on else None,
    }


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
    lead_agency = serializers.SerializerMethodField(
        help_text="its code; null where there is none or it is not public"
    )
    is_public = serializers.SerializerMethodField(
        help_text="whether everybody can see this row now, or what a document prints of it"
    )
    publicity = serializers.ChoiceField(choices=Publicity.choices, source="implementation.state")
    steps = serializers.SerializerMethodField()

    def get_lead_agency(self, row: Row) -> str | None:
        one = row.implementation
        is_open = one.state == Publicity.PUBLIC or one.pk in self.context["plans"]
        return one.lead_agency.code if is_open and one.lead_agency else None

    def get_is_public(self, row: Row) -> bool:
        return row.implementation.state != Publicity.PRIVATE

    @extend_schema_field(StepsSerializer)
    def get_steps(self, row: Row) -> dict[str, Any]:
        plans = self.context["plans"].get(row.implementation.pk, {})
        return {step.value: _step(fact, plans.get(step)) for step, fact in row.cells}


def plans_of(rows: list[Row], actor: Any) -> dict[int, dict[str, StepStatus]]:
    """By implementation and step, what is planned, where the actor reads it inside; one query."""
    found: dict[int, dict[str, StepStatus]] = defaultdict(dict)
    ids = [row.implementation.pk for row in rows]
    inside = StepStatus.objects.inside(actor).filter(implementation__in=ids)
    for one in inside.select_related("agency"):
        found[one.implementation_id][one.step] = one
    return found


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


class ImplementationViewSet(Selectable, GenericViewSet[Any]):
    """The tracker as of any date, as known at any moment. Everybody reads public rows."""

    public = True
    scopes: ClassVar[dict[str, str]] = _SCOPES
    filterset_class = ImplementationFilter
    downloads = True
    queryset = Implementation.objects.none()  # the rows come from the log
    serializer_class = ImplementationSerializer

    @extend_schema(responses=forced_singular_serializer(ImplementationPage), filters=True)
    def list(self, request: Request) -> Response:
        """The tracker as of a day, in the order of the Parties' names."""
        asked = self.filter_backends[0]().checked(request, self.queryset, self)  # type: ignore[attr-defined]
        as_of, known_at = (asked.form.cleaned_data[name] for name in ("as_of", "known_at"))
        actor = reader_of(request, Scope.TOOLKIT_READ)
        shown = rows_of(ImplementationSerializer, chosen_fields(request))
        rows = [row for row in table(actor, as_of, known_at) if asked.keeps(row)]
        renderer: Any = request.accepted_renderer
        if getattr(renderer, "is_download", False):
            every = {"plans": plans_of(rows, actor)}
            whole: Response = renderer.of_rows(
                list(shown.of_objects(rows, every)), request, shown.fields
            )
            return whole
        pages: Any = self.paginator
        page = pages.paginate_rows(rows, request, lambda row: row.implementation.pk)
        plans = {"plans": plans_of(page, actor)}
        results = list(shown.of_objects(page, plans))
        said = {"as_of": as_of, "known_at": known_at, **pages.links, "results": results}
        return Response(said)
