"""Webhooks and their deliveries as the API writes them. A secret is shown by the one answer that
made it, and never again."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webhooks.models import Delivery, Webhook
from webhooks.outcomes import in_words
from workflow.offers import OfferSerializer
from workflow.rows import FromColumns


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """Where an agency is told of events, and of which. `url` is the receiver’s."""

    agency = serializers.CharField(source="agency.code", help_text="code of the agency")
    kinds = serializers.ListField(
        child=serializers.CharField(), help_text="as the feed names them; none: every kind"
    )
    parties = serializers.ListField(
        child=serializers.CharField(), help_text="codes of Parties; none: every Party"
    )
    scopes = serializers.ListField(
        child=serializers.CharField(), help_text="what it is told: as a key with these scopes reads"
    )

    class Meta:
        model = Webhook
        fields = [
            "id", "agency", "label", "url", "kinds", "parties", "scopes", "state", "paused_why",
            "created_at", "version",
        ]  # fmt: skip


class WebhookDetail(WebhookSerializer):
    previous_until = serializers.DateTimeField(
        allow_null=True, help_text="until then the secret before it signs too"
    )
    allowed_actions = serializers.SerializerMethodField()

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "previous_until", "allowed_actions"]

    @extend_schema_field(OfferSerializer(many=True))
    def get_allowed_actions(self, webhook: Webhook) -> list[dict[str, Any]]:
        return list(self.context["allowed_actions"])


class WebhookWithSecret(WebhookDetail):
    """The webhook, in the one answer that tells its secret."""

    # Put in by the view: the row keeps it sealed.
    secret = serializers.CharField(help_text="in this answer alone: keep it")

    class Meta(WebhookDetail.Meta):
        fields = [*WebhookDetail.Meta.fields, "secret"]


class TestOutcomeSerializer(serializers.Serializer[Any]):
    """How a test went."""

    delivered = serializers.BooleanField()
    error = serializers.CharField(help_text="what went wrong, as a sentence; else empty")


class WebhookTested(WebhookDetail):
    """The webhook, and how its test went."""

    test = TestOutcomeSerializer()

    class Meta(WebhookDetail.Meta):
        fields = [*WebhookDetail.Meta.fields, "test"]


class ProgressSerializer(serializers.ModelSerializer[Webhook]):
    """How delivering is getting on."""

    waiting = serializers.IntegerField(
        help_text="events that wait to be sent, also those that no delivery was written for yet; "
        "1000 stands for more, too"
    )
    # Said here, for the description would give the bounds of the database's column.
    failures = serializers.IntegerField(help_text="tries in vain since then")
    last_error = serializers.SerializerMethodField(help_text="as a sentence")

    class Meta:
        model = Webhook
        fields = [
            "waiting", "last_success_at", "failing_since", "failures", "next_try_at", "last_error",
        ]  # fmt: skip

    def get_last_error(self, webhook: Webhook) -> str:
        return in_words(webhook.last_error)


@extend_schema_field(OpenApiTypes.STR)
class MessageIdField(FromColumns):
    columns: ClassVar[tuple[str, ...]] = ("webhook_id", "event_id")

    def function(self, context: Any) -> Callable[..., str]:
        return lambda webhook, event: Delivery(webhook_id=webhook, event_id=event).message_id


@extend_schema_field(OpenApiTypes.STR)
class ErrorField(FromColumns):
    columns: ClassVar[tuple[str, ...]] = ("error",)

    def function(self, context: Any) -> Callable[..., str]:
        return in_words


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event that a webhook is or was told of."""

    message_id = MessageIdField(help_text="its `webhook-id`")
    event = serializers.IntegerField(source="event_id", help_text="id of the event in the feed")
    # Said here for its bounds, as `failures` above.
    attempts = serializers.IntegerField(help_text="how often it was tried")
    error = ErrorField(help_text="of the last attempt, as a sentence; empty without one")

    class Meta:
        model = Delivery
        fields = [
            "message_id", "event", "state", "attempts", "error", "next_try_at", "created_at",
            "sent_at",
        ]  # fmt: skip
