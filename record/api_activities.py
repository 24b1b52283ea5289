"""The support that ICCWC has given, gives and plans, in the API and on maps."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from partners.api_filters import CodeFilter, WordFilter
from partners.models import Agency, Party, Region
from partners.serializers import PartyName
from record.api_base import (
    ALWAYS,
    EndsPrecision,
    Page,
    RecordFilter,
    RecordSerializer,
    RecordViewSet,
    languages,
    link,
)
from record.importing.positions import point_on_land
from record.models import Activity, ActivityPlace
from requests_app.models import Support
from workflow.below import below
from workflow.geojson import POSITION, degrees, feature, point
from workflow.words import words, words_of

_BY = Activity.agencies.through


class ActivityPlaceSerializer(serializers.ModelSerializer[ActivityPlace]):
    """A Party, a named place in it, or a territory that is no Party of its own."""

    party = PartyName(allow_null=True)
    latitude = degrees("latitude")
    longitude = degrees("longitude")

    class Meta:
        model = ActivityPlace
        fields = ["party", "name", "latitude", "longitude"]


class ActivitySerializer(RecordSerializer[Activity]):
    """Which request or recommendation it came from is nobody's to read here."""

    page = Page("record:activity")
    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    text = serializers.CharField(read_only=True)
    support: Any = serializers.SlugRelatedField(
        slug_field="key", read_only=True, allow_null=True, help_text="its key in `supports/`"
    )
    agencies = words("agency_codes", help_text="their codes")
    places = below(ActivityPlaceSerializer, ActivityPlace.objects.order_by("pk"), "activity")
    ends_precision = EndsPrecision()
    link: Any = link("link")
    languages = languages("title", "text")

    class Meta:
        model = Activity
        fields = [
            "slug", "page", "kind", "stage", "title", "text", "support", "agencies", "places",
            "starts_on", "precision", "ends_on", "ends_precision", "link", "languages", *ALWAYS,
        ]  # fmt: skip


class ActivityFilter(RecordFilter):
    kind = WordFilter(choices=Activity.Kind.choices)
    stage = WordFilter(choices=Activity.Stage.choices)
    support = CodeFilter(queryset=Support.objects.all(), to_field_name="key")
    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code", method="at")
    region = CodeFilter(queryset=Region.objects.all(), to_field_name="key", method="at")
    agency = CodeFilter(queryset=Agency.objects.all(), to_field_name="code", method="by")

    def at(self, found: "QuerySet[Any]", name: str, value: Any) -> "QuerySet[Any]":
        """Asked by ids, so that none with two places there comes twice."""
        way = {"party": "party", "region": "party__region"}[name]
        return found.filter(pk__in=ActivityPlace.objects.filter(**{way: value}).values("activity"))

    def by(self, found: "QuerySet[Any]", name: str, value: Any) -> "QuerySet[Any]":
        taking_part = _BY.objects.filter(agency=value)
        return found.filter(pk__in=taking_part.values("activity"))


class ActivityViewSet(RecordViewSet):
    """What ICCWC has done, does and plans: analysis of national responses, law enforcement support
    and capacity building, cross-cutting activities."""

    serializer_class = ActivitySerializer
    filterset_class = ActivityFilter
    links = ("source_url", "link")
    beside: ClassVar[dict[str, Any]] = {
        "agency_codes": words_of(
            Activity.agencies.through.objects.all(), "activity", "agency__code"
        )
    }
    located_by = ("slug", "places")

    def features(self, row: dict[str, Any], said: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """One for each place: its position where one is known, else a point on the land of its
        Party, as `located_by` says; no geometry for what is nowhere, or everywhere. An outline
        would be said again for each of thousands of places."""
        rest = {name: value for name, value in said.items() if name != "places"}
        places = row["places"] or [None]
        for number, place in enumerate(places, start=1):
            geometry, located_by = _geometry(place)
            properties = {**rest, "place": place, "located_by": located_by}
            yield feature(geometry, properties, f"{row['slug']}/{number}")


def _geometry(place: dict[str, Any] | None) -> tuple[Any, str | None]:
    found = place and point(place)
    if found:
        return found, POSITION
    on_land = place and place["party"] and point_on_land(place["party"]["code"])
    return ({"type": "Point", "coordinates": on_land}, "party") if on_land else (None, None)
