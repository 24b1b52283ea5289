"""Wildlife Enforcement Networks in the API: who belongs to them, and when they assessed themselves.

Their focal points and what they found of themselves are not in the API at all: both are for few,
and the pages of the portal show them to those.
"""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import GenericViewSet

from partners import map as world
from partners.api_filters import CodeFilter
from partners.models import Network, NetworkMembership, Party
from partners.serializers import PartyName
from record.api_base import SLUG, Page, link, with_links
from record.models import NetworkAssessment
from workflow.below import below
from workflow.details import OneWithTag
from workflow.geojson import feature
from workflow.lists import ListOfRows


class MembershipSerializer(serializers.ModelSerializer[NetworkMembership]):
    party = PartyName()

    class Meta:
        model = NetworkMembership
        fields = ["party", "kind", "source"]


class NetworkAssessmentSerializer(serializers.ModelSerializer[NetworkAssessment]):
    """That the network assessed itself, and when."""

    source_url = link("source_url")

    class Meta:
        model = NetworkAssessment
        fields = ["effective_on", "precision", "source", "source_url"]


class NetworkSerializer(serializers.ModelSerializer[Network]):
    page = Page("record:network")
    precision = serializers.CharField(source="launched_precision", read_only=True)
    members = below(
        MembershipSerializer, NetworkMembership.objects.order_by("party__name_en"), "network"
    )

    class Meta:
        model = Network
        fields = [
            "slug", "page", "acronym", "name", "formerly", "region", "seat", "launched_on",
            "precision", "members", "members_in_words", "note", "source",
        ]  # fmt: skip


class NetworkDetail(NetworkSerializer):
    """With its assessments of itself, the newest first."""

    assessments = below(
        NetworkAssessmentSerializer,
        with_links(NetworkAssessment.objects.order_by("-effective_on", "pk"), "source_url"),
        "network",
    )

    class Meta(NetworkSerializer.Meta):
        fields = [*NetworkSerializer.Meta.fields, "assessments"]


class NetworkFilter(django_filters.FilterSet):
    party = CodeFilter(
        queryset=Party.objects.all(), to_field_name="code", method="of",
        help_text="networks that it belongs to",
    )  # fmt: skip

    def of(self, found: "QuerySet[Network]", name: str, value: Party) -> "QuerySet[Network]":
        memberships = NetworkMembership.objects.filter(party=value)
        return found.filter(pk__in=memberships.values("network"))


class NetworkViewSet(OneWithTag, ListOfRows, GenericViewSet[Network]):
    """The networks with their members. `members_in_words` is what a source says that lists none,
    or of members that are no Party."""

    public = True
    serializer_class = NetworkSerializer
    detail_serializer_class = NetworkDetail
    filterset_class = NetworkFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    orderings = ("name",)
    located_by = ("slug", "members")

    def get_queryset(self) -> "QuerySet[Network]":
        return Network.objects.visible_to(self.request.user)

    def features(self, row: dict[str, Any], said: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """One for each member, with its outline; one without geometry if no member is known."""
        rest = {name: value for name, value in said.items() if name != "members"}
        for member in row["members"] or [None]:
            code = member and member["party"]["code"]
            outline = world.geometry().get(code) if code else None
            row_id = f"{row['slug']}/{code}" if code else row["slug"]
            yield feature(outline, {**rest, "member": member}, row_id)
