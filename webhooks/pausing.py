"""When the portal itself pauses a webhook, and what becomes of those of a key that ends."""

from datetime import timedelta

from django.db.models import F

from history.log import SYSTEM
from partners.models import ApiKey
from webhooks.models import Webhook, WebhookState, Why
from workflow.errors import Refused
from workflow.executor import perform

PATIENCE = timedelta(days=3)  # without one delivery: a weekend, and a day to notice


def suspend(webhook: Webhook, why: Why) -> bool:
    """Pause it in the name of the portal and write to the agency; False when it is not active."""
    try:
        perform("suspend", webhook, by=SYSTEM, data={"why": why.value})
    except Refused:
        return False
    return True


def follow_keys() -> None:
    """Webhooks pass to the key that replaced theirs; those whose key ended otherwise, or whose
    officer left, are paused.

    Of a key that is replaced only what it stood behind before: who still uses the old one after
    that makes webhooks that end with it. What nobody stands behind is told nothing from that
    moment on (`stood_behind`); this only makes it known.
    """
    active = Webhook.objects.filter(state=WebhookState.ACTIVE)
    replaced = active.filter(
        created_with__replaced_by__in=ApiKey.objects.valid(),
        stands_since__lt=F("created_with__replaced_by__created_at"),
    )
    for webhook in replaced.select_related("created_with__replaced_by"):
        new = webhook.created_with.replaced_by  # type: ignore[union-attr]
        Webhook.objects.filter(pk=webhook.pk, created_with=webhook.created_with).update(
            created_with=new
        )
    for webhook in active.exclude(pk__in=Webhook.objects.stood_behind().values("pk")):
        suspend(webhook, Why.KEY_ENDED if webhook.created_with_id else Why.LEFT)
