"""Is this call really from the portal? Needs the extra: pip install "iccwc-client[webhooks]"."""

from collections.abc import Mapping
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

__all__ = ["WebhookVerificationError", "verified"]


def verified(secret: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """What a webhook says, if it was signed with the secret of the subscription in the last five
    minutes (Standard Webhooks). Raises WebhookVerificationError.

    Give the body as it came, byte for byte. A webhook may come twice, with the same `webhook-id`:
    keep the ids of those you have done. It tells that something happened, not what: read the feed.
    """
    said: dict[str, Any] = Webhook(secret).verify(body, {**headers})
    return said
