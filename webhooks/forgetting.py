"""Deliveries are kept for a month: to be looked at, and to be repeated under the same id."""

from datetime import timedelta

from django.utils import timezone

from webhooks.models import OWED, Delivery

KEPT = timedelta(days=30)
_AT_ONCE = 5000


def forget() -> int:
    """Delete deliveries that ended more than a month ago, some thousand in a transaction."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(state__in=OWED)
    forgotten = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        forgotten += Delivery.objects.filter(pk__in=ids).delete()[0]
    return forgotten
