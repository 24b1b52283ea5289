"""The Toolkit tracker in the API: the table as of any date, and what documents say."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, NamedTuple, cast

import django_filters
from django.db.models import QuerySet
from django.utils.translation import get_language
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
from toolkit import asof
from toolkit.asof import Fact, phase_by
from toolkit.forms import AsOfForm
from toolkit.models import Implementation, Publicity, StepStatus
from toolkit.steps import Phase, Step, StepState
from workflow.lists import Selectable, chosen_fields
from workflow.rows import Context, FromColumns, Rows, rows_of

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


class Plan(NamedTuple):
    """Of one step, who is responsible (a code) and the expected date."""

    agency: str | None
    expected_on: date | None


_NO_PLAN = Plan(None, None)


def _step(fact: Fact | None, plan: Plan) -> dict[str, Any]:
    return {
        "state": fact.state if fact else StepState.NOT_STARTED.value,
        "effective_on": fact.effective_on.isoformat() if fact else None,
        "precision": fact.precision if fact else None,
        "source": fact.source if fact else "",
        "event": fact.event_id if fact else None,
        "responsible_agency": plan.agency,
        "expected_on": plan.expected_on.isoformat() if plan.expected_on else None,
    }


class RegionName(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class TrackedParty(PartyName):
    region = RegionName()


@extend_schema_field(serializers.ChoiceField(choices=Phase.choices, allow_null=True))
class _Phase(FromColumns):
    columns = ("id",)

    def function(self, context: Context) -> Callable[[int], str | None]:
        facts = context["facts"]

        def phase(pk: int) -> str | None:
            found = phase_by(facts.get(pk, {}))
            return found.value if found else None

        return phase


@extend_schema_field({"type": ["string", "null"]})
class _LeadAgency(FromColumns):
    columns = ("id", "state", "lead_agency__code")

    def function(self, context: Context) -> Callable[[int, str, str | None], str | None]:
        inside = context["plans"]
        return lambda pk, state, code: (
            code if state == Publicity.PUBLIC.value or pk in inside else None
        )


@extend_schema_field(bool)
class _IsPublic(FromColumns):
    columns = ("state",)

    def function(self, context: Context) -> Callable[[str], bool]:
        return lambda state: state != Publicity.PRIVATE.value


@extend_schema_field(StepsSerializer)
class _Steps(FromColumns):
    columns = ("id",)

    def function(self, context: Context) -> Callable[[int], dict[str, Any]]:
        facts, plans, every = context["facts"], context["plans"], [step.value for step in Step]

        def steps(pk: int) -> dict[str, Any]:
            said, planned = facts.get(pk, {}), plans.get(pk, {})
            return {step: _step(said.get(step), planned.get(step, _NO_PLAN)) for step in every}

        return steps


class ImplementationSerializer(serializers.Serializer[Any]):
    """One cycle of one Party, as it stood on the day asked for. The phase is derived from the
    steps done."""

    id = serializers.IntegerField()
    party = TrackedParty()
    cycle = serializers.IntegerField()
    phase = _Phase()
    lead_agency = _LeadAgency(help_text="its code; null where there is none or it is not public")
    is_public = _IsPublic(
        help_text="whether everybody can see this row now, or what a document prints of it"
    )
    publicity = serializers.ChoiceField(choices=Publicity.choices, source="state")
    steps = _Steps()

    class Meta:
        model = Implementation


def plans_of(ids: list[int], actor: Any) -> dict[int, dict[str, Plan]]:
    """By implementation and step, what is planned, where the actor reads it inside; one query."""
    found: dict[int, dict[str, Plan]] = defaultdict(dict)
    inside = StepStatus.objects.inside(actor).filter(implementation__in=ids).order_by()
    columns = inside.values_list("implementation", "step", "agency__code", "expected_on")
    for implementation_id, step, agency, expected_on in columns:
        found[implementation_id][step] = Plan(agency, expected_on)
    return found


class ImplementationFilter(django_filters.FilterSet):
    """The parameters of the table; it is read from the log, so none narrows a query by itself."""

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

    def of_bodies(self, found: "QuerySet[Any]") -> "QuerySet[Any]":
        """What is asked for by Party and region; the phase follows from the facts of a row."""
        party, region = (self.form.cleaned_data[name] for name in ("party", "region"))
        found = found.filter(party=party) if party else found
        return found.filter(party__region=region) if region else found


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
        rows = rows_of(ImplementationSerializer, chosen_fields(request))
        found = _in_order(rows, asked.of_bodies(asof.begun(actor, as_of, known_at)))
        place = rows.columns_with(*_BESIDE).index("id")

        def facts_of(some: list[Any] | None) -> dict[int, dict[str, Fact]]:
            among = None if some is None else [row[place] for row in some]
            return asof.facts_by_implementation(actor, as_of, known_at, among=among)

        def written(some: list[Any], facts: Any) -> list[dict[str, Any]]:
            some = [row for row in some if row[place] in facts]  # it may have gone meanwhile
            plans = plans_of([row[place] for row in some], actor)
            return list(map(rows.writer({"facts": facts, "plans": plans}), some))

        renderer, pages = cast(Any, request.accepted_renderer), cast(Any, self.paginator)
        is_file, phases = getattr(renderer, "is_download", False), asked.form.cleaned_data["phase"]
        facts = facts_of(None) if phases or is_file else None
        if phases and facts is not None:
            found = [row for row in found if phase_by(facts.get(row[place], {})) in phases]
        if is_file:
            whole: Response = renderer.of_rows(written(found, facts), request, rows.fields)
            return whole
        page = pages.paginate_rows(found, request, lambda row: row[place])
        results = written(page, facts_of(page) if facts is None else facts)
        said = {"as_of": as_of, "known_at": known_at, **pages.links, "results": results}
        return Response(said)


# What the order of the table and the places in it are made of.
_BESIDE = ("id", "cycle", "party__name_en")


def _in_order(rows: Rows, found: "QuerySet[Any]") -> list[tuple[Any, ...]]:
    name = f"party__name_{(get_language() or 'en')[:2]}"
    columns = rows.columns_with(*_BESIDE, name)
    named, english, cycle = map(columns.index, (name, "party__name_en", "cycle"))
    return sorted(
        rows.select(found, *_BESIDE, name),
        key=lambda row: asof.place_of(row[named] or row[english], row[cycle]),
    )
