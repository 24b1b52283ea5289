"""Requests and referrals as the API writes them. What a reader may see is decided by the rows
that are given here and by requests_app.reading; nothing is fetched by a serializer."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners.serializers import AgencyName, PartyName
from requests_app.models import (
    Attachment,
    DeliveryReport,
    Referral,
    Support,
    SupportRequest,
)
from requests_app.reading import words_open_to
from workflow.addresses import AddressById, with_gap
from workflow.offers import OfferSerializer
from workflow.rows import Context, FromColumns, given


@extend_schema_field(OpenApiTypes.STR)
class Handle(FromColumns):
    """As SupportRequest.handle has it."""

    columns = ("reference", "draft_key")

    def function(self, context: Context) -> Callable[..., str]:
        return lambda reference, draft_key: reference or draft_key


@extend_schema_field(OpenApiTypes.URI)
class RequestAddress(Handle):
    def function(self, context: Context) -> Callable[..., str]:
        before, after = with_gap("api:request-detail", context["request"])
        return lambda reference, draft_key: f"{before}{reference or draft_key}{after}"


class _BetweenUs(FromColumns):
    """Words between the agency and the Secretariat: null for the Party, which does not read them
    (requests_app.reading.words_open_to)."""

    def function(self, context: Context) -> Callable[..., str | None]:
        is_open = words_open_to(context["request"].user)
        return lambda words, agency_id: words if is_open(agency_id) else None


def _between_us(column: str, shown: Any = serializers.CharField) -> FromColumns:
    of_column = type(f"_{column.title()}", (_BetweenUs,), {"columns": (column, "agency_id")})
    return extend_schema_field(shown(allow_null=True))(of_column)()


class SupportName(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField(help_text="in the reader's language")


class SupportSerializer(serializers.ModelSerializer[Support]):
    name = serializers.CharField(read_only=True, help_text="in the reader's language")
    hint = serializers.CharField(read_only=True)

    class Meta:
        model = Support
        fields = ["key", "name", "hint", "opens_toolkit", "letter_may_follow", "source"]


class RequestSerializer(serializers.ModelSerializer[SupportRequest]):
    handle = Handle(help_text="what addresses call it: the reference, or a draft's key")
    url = RequestAddress()
    party = PartyName()
    support = SupportName()
    lead_agency = AgencyName(allow_null=True)

    class Meta:
        model = SupportRequest
        fields = [
            "reference", "handle", "url", "party", "support", "state", "urgency", "language",
            "lead_agency", "submitted_at", "updated_at",
        ]  # fmt: skip


class ReferralPart(serializers.ModelSerializer[Referral]):
    """A referral inside its request. Note, answer, outcome and the days of the delivery are null
    for readers of the Party."""

    url = AddressById("api:referral-detail")
    agency = AgencyName()
    note = _between_us("note")
    answer = _between_us("answer")
    started_on = _between_us("started_on", serializers.DateField)
    delivered_on = _between_us("delivered_on", serializers.DateField)
    outcome = _between_us("outcome")

    class Meta:
        model = Referral
        fields = [
            "id", "url", "agency", "state", "note", "answer_due_on", "answer", "started_on",
            "delivered_on", "outcome", "sent_at", "answered_at", "updated_at", "version",
        ]  # fmt: skip


class RequestName(serializers.Serializer[Any]):
    """The request of a referral, in short."""

    reference = serializers.CharField()
    url = RequestAddress()
    party = PartyName()
    support = SupportName()
    state = serializers.CharField()
    urgency = serializers.CharField()


class ReferralSerializer(ReferralPart):
    request = RequestName(source="support_request")

    class Meta(ReferralPart.Meta):
        fields = ["id", "url", "request", *ReferralPart.Meta.fields[2:]]


class DeliveryReportSerializer(serializers.ModelSerializer[DeliveryReport]):
    """What the agency delivered from one day to another."""

    class Meta:
        model = DeliveryReport
        fields = ["id", "began_on", "ended_on", "outcome", "reported_at"]


class ReferralDetail(ReferralSerializer):
    delivery_reports = given(DeliveryReportSerializer(many=True))
    allowed_actions = given(OfferSerializer(many=True), help_text="what you may do now")

    class Meta(ReferralSerializer.Meta):
        fields = [*ReferralSerializer.Meta.fields, "delivery_reports", "allowed_actions"]


@extend_schema_field(OpenApiTypes.URI)
class AttachmentAddress(FromColumns):
    """Takes the handle of the request from the context: all files of a page are of one."""

    columns = ("id",)

    def function(self, context: Context) -> Callable[..., str]:
        before, after = with_gap("api:attachment", context["request"], context["handle"])
        return lambda pk: f"{before}{pk}{after}"


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    url = AttachmentAddress()
    agency = AgencyName(allow_null=True, help_text="who sent it; null: the country")

    class Meta:
        model = Attachment
        fields = [
            "id", "url", "agency", "kind", "name", "content_type", "size", "sha256", "added_at",
            "scan",
        ]  # fmt: skip
        # Described the same on every database: else its own greatest number would stand there.
        read_only_fields = ["size"]


_TEXT = {"type": "string"}


class RequestDetail(RequestSerializer):
    """One request: its answers by question, its referrals and files as far as you may see them."""

    answers = given(
        {"type": "object", "additionalProperties": {"type": ["string", "array"], "items": _TEXT}},
        help_text="by question, as last submitted: a text, or the choices made",
    )
    referrals = given(ReferralPart(many=True))
    attachments = given(AttachmentSerializer(many=True))
    allowed_actions = given(OfferSerializer(many=True), help_text="what you may do now")

    class Meta(RequestSerializer.Meta):
        fields = [
            *RequestSerializer.Meta.fields, "answers", "referrals", "attachments",
            "allowed_actions",
        ]  # fmt: skip
