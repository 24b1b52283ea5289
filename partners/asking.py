"""Asking for access: stored at once, of no consequence until the address is confirmed."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partners.models import AccessRequest, AccessState
from partners.notices import send_confirmation

DAYS_TO_CONFIRM = 7


def ask(**said: Any) -> AccessRequest:
    """Keep the request and owe its mail; the same whether there is such an account or not."""
    access_request = AccessRequest.objects.create(**said)
    send_confirmation(access_request)
    return access_request


def may_be_confirmed(access_request: AccessRequest) -> bool:
    return access_request.created_at > _long_ago()


def forget_unconfirmed() -> int:
    """Delete what nobody confirmed in time; nothing was ever done with it."""
    old = AccessRequest.objects.filter(state=AccessState.UNCONFIRMED, created_at__lte=_long_ago())
    return old.delete()[0]


def _long_ago() -> Any:
    return timezone.now() - timedelta(days=DAYS_TO_CONFIRM)
