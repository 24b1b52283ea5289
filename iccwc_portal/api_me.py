"""What the caller is: whose key, what it may do, from where, how often and until when."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partners.api_auth import ANY_SCOPE
from partners.models import Agency, ApiKey, Mandate, Scope
from partners.rates import rate_of
from partners.serializers import AgencyName
from workflow.parameters import KnownParameters


class RateSerializer(serializers.Serializer[Any]):
    calls = serializers.IntegerField(source="number")
    seconds = serializers.IntegerField()


class KeySerializer(serializers.Serializer[Any]):
    prefix = serializers.CharField(help_text="how the key begins: no secret")
    label = serializers.CharField(  # type: ignore[assignment]  # also a Field's attribute
        help_text="what uses it"
    )
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values))
    networks = serializers.ListField(
        child=serializers.CharField(), help_text="where it may be used; empty: anywhere"
    )
    expires_at = serializers.DateTimeField(help_text="the end of its last day, in UTC")
    replaced_by = serializers.SerializerMethodField(
        help_text="how the key begins that takes its place, if there is one"
    )

    def get_replaced_by(self, key: ApiKey) -> str | None:
        new = ApiKey.objects.filter(replaces=key).values_list("prefix", flat=True).first()
        return str(new) if new else None


class MandateSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    agency = serializers.CharField(allow_null=True, source="agency.code", default=None)
    party = serializers.CharField(allow_null=True, source="party.code", default=None)


class MeSerializer(serializers.Serializer[Any]):
    """A key has `agency` and `key`; a person who is signed in has `mandates`, and `agency` where
    there is exactly one."""

    kind = serializers.ChoiceField(choices=["key", "person"])
    agency = AgencyName(allow_null=True)
    key = KeySerializer(allow_null=True)
    mandates = MandateSerializer(many=True)
    rate = RateSerializer()


class Me(KnownParameters, APIView):
    """What your key is and may do; or, for people who are signed in, their mandates."""

    scopes: ClassVar[dict[str, str]] = {"GET": ANY_SCOPE}

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        caller: Any = request.user
        is_key = isinstance(caller, ApiKey)
        mandates = Mandate.objects.in_force().select_related("agency", "party").order_by("pk")
        held = [] if is_key else list(mandates.filter(user=caller))
        me = {
            "kind": "key" if is_key else "person",
            "agency": caller.agency if is_key else _only_agency(held),
            "key": caller if is_key else None,
            "mandates": held,
            "rate": rate_of(caller),
        }
        return Response(MeSerializer(me, context={"request": request}).data)


def _only_agency(held: list[Mandate]) -> Agency | None:
    agencies = {one.agency_id: one.agency for one in held if one.agency}
    return next(iter(agencies.values())) if len(agencies) == 1 else None
