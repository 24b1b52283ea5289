"""Requests and referrals as the API writes them. What a reader may see is decided by the rows
that are given here and by requests_app.reading; nothing is fetched by a serializer."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from partners.serializers import AgencyName, PartyName
from requests_app.models import Attachment, Referral, Support, SupportRequest
from requests_app.reading import words_are_open_to


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
    handle = serializers.CharField(
        read_only=True, help_text="what addresses call it: the reference, or a draft's key"
    )
    url = serializers.SerializerMethodField()
    party = PartyName()
    support = SupportName()
    lead_agency = AgencyName(allow_null=True)

    class Meta:
        model = SupportRequest
        fields = [
            "reference", "handle", "url", "party", "support", "state", "urgency", "language",
            "lead_agency", "submitted_at", "updated_at", "version",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, support_request: SupportRequest) -> str:
        return request_address(support_request, self.context["request"])


def request_address(support_request: SupportRequest, request: Any) -> str:
    return reverse("api:request-detail", args=[support_request.handle], request=request)


class ReferralPart(serializers.ModelSerializer[Referral]):
    """A referral inside its request. Note, answer and outcome are null for readers of the Party."""

    url = serializers.SerializerMethodField()
    agency = AgencyName()
    note = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()

    class Meta:
        model = Referral
        fields = [
            "id", "url", "agency", "state", "note", "answer_due_on", "answer", "outcome",
            "sent_at", "answered_at", "updated_at", "version",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, referral: Referral) -> str:
        return reverse("api:referral-detail", args=[referral.pk], request=self.context["request"])

    def get_note(self, referral: Referral) -> str | None:
        return self._if_open(referral, referral.note)

    def get_answer(self, referral: Referral) -> str | None:
        return self._if_open(referral, referral.answer)

    def get_outcome(self, referral: Referral) -> str | None:
        return self._if_open(referral, referral.outcome)

    def _if_open(self, referral: Referral, words: str) -> str | None:
        return words if words_are_open_to(self.context["request"].user, referral) else None


class RequestName(serializers.Serializer[Any]):
    """The request of a referral, in short."""

    reference = serializers.CharField()
    url = serializers.SerializerMethodField()
    party = PartyName()
    support = SupportName()
    state = serializers.CharField()
    urgency = serializers.CharField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, support_request: SupportRequest) -> str:
        return request_address(support_request, self.context["request"])


class ReferralSerializer(ReferralPart):
    request = RequestName(source="support_request")

    class Meta(ReferralPart.Meta):
        fields = ["id", "url", "request", *ReferralPart.Meta.fields[2:]]


class ReferralDetail(ReferralSerializer):
    allowed_actions = serializers.SerializerMethodField(help_text="what you may do now")

    class Meta(ReferralSerializer.Meta):
        fields = [*ReferralSerializer.Meta.fields, "allowed_actions"]

    def get_allowed_actions(self, referral: Referral) -> list[str]:
        return list(self.context["allowed_actions"])


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = [
            "id", "url", "kind", "name", "content_type", "size", "sha256", "added_at", "scan",
        ]  # fmt: skip
        # Described the same on every database: else its own greatest number would stand there.
        read_only_fields = ["size"]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, attachment: Attachment) -> str:
        return reverse(
            "api:attachment",
            args=[self.context["handle"], attachment.pk],
            request=self.context["request"],
        )


class RequestDetail(RequestSerializer):
    """One request: its answers by question, its referrals and files as far as you may see them."""

    answers = serializers.SerializerMethodField(help_text="by question, as last submitted")
    referrals = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField(help_text="what you may do now")

    class Meta(RequestSerializer.Meta):
        fields = [
            *RequestSerializer.Meta.fields, "answers", "referrals", "attachments",
            "allowed_actions",
        ]  # fmt: skip

    def get_answers(self, support_request: SupportRequest) -> dict[str, str]:
        return dict(self.context["answers"])

    @extend_schema_field(ReferralPart(many=True))
    def get_referrals(self, support_request: SupportRequest) -> Any:
        return ReferralPart(self.context["referrals"], many=True, context=self.context).data

    @extend_schema_field(AttachmentSerializer(many=True))
    def get_attachments(self, support_request: SupportRequest) -> Any:
        return AttachmentSerializer(
            self.context["attachments"], many=True, context=self.context
        ).data

    def get_allowed_actions(self, support_request: SupportRequest) -> list[str]:
        return list(self.context["allowed_actions"])
