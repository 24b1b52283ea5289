"""Parties and agencies in the API: for everybody to read."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from partners.api_filters import CodeFilter, WordFilter, parties_called
from partners.models import Agency, MembershipFigure, Office, Party, Region
from partners.serializers import AgencyName, PartyName
from workflow.below import below
from workflow.details import OneWithTag
from workflow.geojson import degrees, feature, point
from workflow.lists import ListOfRows, OneRow


class RegionSerializer(serializers.ModelSerializer[Region]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Region
        fields = ["key", "name"]


class PartySerializer(serializers.ModelSerializer[Party]):
    name = serializers.CharField(read_only=True, help_text="in the reader's language")
    region = RegionSerializer()

    class Meta:
        model = Party
        fields = [
            "code", "iso2", "m49", "kind", "name", "region", "region_confirmed", "party_since",
        ]  # fmt: skip


class PartyFilter(django_filters.FilterSet):
    region = CodeFilter(queryset=Region.objects.all(), to_field_name="key")
    kind = WordFilter(choices=Party.PartyKind.choices)
    q = django_filters.CharFilter(
        method="called", max_length=100, help_text="part of a name, in any language or spelling"
    )

    def called(self, parties: "QuerySet[Party]", name: str, value: str) -> "QuerySet[Party]":
        return parties.filter(pk__in=parties_called(value).values("pk"))


class PartyViewSet(ListOfRows, OneRow, GenericViewSet[Party]):
    """States and regional organizations that are Party to CITES."""

    public = True
    serializer_class = PartySerializer
    filterset_class = PartyFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Z]{2,3}"
    orderings = ("code",)

    def get_queryset(self) -> "QuerySet[Party]":
        return Party.objects.visible_to(self.request.user).select_related("region")


class FigureSerializer(serializers.ModelSerializer[MembershipFigure]):
    unit = serializers.CharField(read_only=True)

    class Meta:
        model = MembershipFigure
        fields = ["count", "unit", "as_of", "precision", "is_approximate", "source"]
        # Described the same on every database: else its own greatest number would stand there.
        read_only_fields = ["count"]


class OfficeSerializer(serializers.ModelSerializer[Office]):
    """An office where it is shown with its agency."""

    party = PartyName(allow_null=True)
    latitude = degrees("latitude")
    longitude = degrees("longitude")

    class Meta:
        model = Office
        fields = ["kind", "place", "party", "latitude", "longitude", "source"]


class AgencySerializer(serializers.ModelSerializer[Agency]):
    name = serializers.CharField(read_only=True, help_text="in the reader's language")
    full_name = serializers.CharField(read_only=True)
    mandate = serializers.CharField(read_only=True)
    services = serializers.ListField(child=serializers.CharField(), read_only=True)
    presence = serializers.CharField(read_only=True, help_text="how it is present in the world")
    channel_serves = serializers.CharField(read_only=True, help_text="whom its channel serves")
    seat_latitude = degrees("seat_latitude")
    seat_longitude = degrees("seat_longitude")
    figures = below(FigureSerializer, MembershipFigure.objects.order_by("as_of", "pk"), "agency")
    offices = below(OfficeSerializer, Office.objects.order_by("kind", "place", "pk"), "agency")

    class Meta:
        model = Agency
        fields = [
            "code", "is_coordinator", "name", "full_name", "mandate", "services", "presence",
            "seat", "seat_latitude", "seat_longitude", "secure_channel", "channel_serves",
            "national_counterpart", "address", "postal_address", "telephone", "fax", "figures",
            "offices", "source",
        ]  # fmt: skip


class AgencyViewSet(OneWithTag, ListOfRows, GenericViewSet[Agency]):
    """The five partners of ICCWC, with their dated and sourced membership figures and the offices
    of their network."""

    public = True
    serializer_class = AgencySerializer
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z]+"
    orderings = ("code",)

    def get_queryset(self) -> "QuerySet[Agency]":
        return Agency.objects.visible_to(self.request.user)


class OfficeOfAgencySerializer(OfficeSerializer):
    agency = AgencyName()

    class Meta(OfficeSerializer.Meta):
        fields = ["id", "agency", *OfficeSerializer.Meta.fields]


class OfficeFilter(django_filters.FilterSet):
    agency = CodeFilter(queryset=Agency.objects.all(), to_field_name="code")
    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code")


class OfficeViewSet(ListOfRows, GenericViewSet[Office]):
    """The offices and hubs of all agencies: their network."""

    public = True
    serializer_class = OfficeOfAgencySerializer
    filterset_class = OfficeFilter
    orderings = ("id",)
    located_by = ("id", "latitude", "longitude")

    def get_queryset(self) -> "QuerySet[Office]":
        return Office.objects.filter(agency__in=Agency.objects.visible_to(self.request.user))

    def features(self, row: dict[str, Any], said: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """One, with null for its geometry where an office is at another body and not in a town."""
        rest = {name: value for name, value in said.items() if name not in self.located_by}
        yield feature(point(row), rest, str(row["id"]))
