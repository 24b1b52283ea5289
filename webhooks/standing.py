"""How webhooks are getting on together, for the page of the portal's health."""

from django.db.models import Count, Q

from webhooks.models import Webhook, WebhookState, Why


def counts() -> dict[str, int]:
    """Active ones, those of them that fail now, and those that the portal paused."""
    active = Q(state=WebhookState.ACTIVE)
    paused = Q(state=WebhookState.PAUSED) & ~Q(paused_why=Why.ASKED)
    return Webhook.objects.aggregate(
        active=Count("pk", filter=active),
        failing=Count("pk", filter=active & Q(failures__gt=0)),
        paused=Count("pk", filter=paused),
    )
