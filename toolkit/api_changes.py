"""What changed in the Toolkit tracker between two days, in the API."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from history.precision import Precision
from partners.api_auth import reader_of
from partners.api_filters import DayFilter, MomentFilter
from partners.models import Scope
from partners.serializers import PartyName
from toolkit.asof import Fact
from toolkit.changes import Change, Changed, between
from toolkit.forms import ChangesForm
from toolkit.models import Implementation
from toolkit.steps import Phase, Step, StepState
from workflow.lists import Selectable, chosen_fields
from workflow.rows import rows_of


class FactSerializer(serializers.Serializer[Fact]):
    """What holds for a step on a day, and the event that says so."""

    state = serializers.ChoiceField(choices=StepState.choices)
    effective_on = serializers.DateField()
    precision = serializers.ChoiceField(choices=Precision.choices)
    source = serializers.CharField()  # type: ignore[assignment]  # also a Field’s attribute
    event = serializers.IntegerField(source="event_id", help_text="its number in the events")
    recorded_at = serializers.DateTimeField()


class ChangeSerializer(serializers.Serializer[Change]):
    step = serializers.ChoiceField(choices=Step.choices)
    before = FactSerializer(allow_null=True, help_text="null when the step had not begun")
    after = FactSerializer()


class ChangedSerializer(serializers.Serializer[Changed]):
    """One cycle of one Party of which something changed. Phases are derived from the steps."""

    id = serializers.IntegerField(source="implementation.pk")
    party = PartyName(source="implementation.party")
    cycle = serializers.IntegerField(source="implementation.cycle")
    began = serializers.BooleanField(help_text="nothing of it held on the first day")
    phase_before = serializers.ChoiceField(choices=Phase.choices, allow_null=True)
    phase_after = serializers.ChoiceField(choices=Phase.choices, allow_null=True)
    steps = ChangeSerializer(many=True)


class ChangesPage(serializers.Serializer[Any]):
    """A page of what changed, with the two days and the moment of knowledge."""

    to = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChangedSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """ "from" is no name for an attribute."""
        return {"from": serializers.DateField(), **super().get_fields()}


class _Asked(django_filters.FilterSet):
    known_at = MomentFilter(
        method="kept",
        whole_day=True,
        help_text="both days as they were known then; a day alone means its end (UTC)",
    )

    class Meta:
        form = ChangesForm  # the page judges the days by the same rules

    def kept(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset


ChangesFilter = type(
    "ChangesFilter",
    (_Asked,),
    {
        "from": DayFilter(method="kept", help_text="the first day; a year before when left out"),
        "to": DayFilter(method="kept", help_text="the last day; today when left out"),
    },
)


class ChangesViewSet(Selectable, GenericViewSet[Any]):
    """The tracker of two days compared. Everybody reads what is public."""

    public = True
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TOOLKIT_READ}
    filterset_class = ChangesFilter
    downloads = True
    queryset = Implementation.objects.none()  # the rows come from the records
    serializer_class = ChangedSerializer

    @extend_schema(responses=forced_singular_serializer(ChangesPage), filters=True)
    def list(self, request: Request) -> Response:
        """What changed between two days, in the order of the Parties' names."""
        asked = self.filter_backends[0]().checked(request, self.queryset, self)  # type: ignore[attr-defined]
        first, last, known_at = (asked.form.cleaned_data[n] for n in ("from", "to", "known_at"))
        changed = between(reader_of(request, Scope.TOOLKIT_READ), first, last, known_at)
        shown = rows_of(ChangedSerializer, chosen_fields(request))
        renderer: Any = request.accepted_renderer
        if getattr(renderer, "is_download", False):
            every = list(shown.of_objects(changed, {}))
            whole: Response = renderer.of_rows(every, request, shown.fields)
            return whole
        pages: Any = self.paginator
        page = pages.paginate_rows(changed, request, lambda one: one.implementation.pk)
        results = list(shown.of_objects(page, {}))
        said = {"from": first, "to": last, "known_at": known_at, **pages.links}
        return Response({**said, "results": results})
