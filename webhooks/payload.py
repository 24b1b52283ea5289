"""What is sent: a thin message that names an event, and the signature that proves its sender.

Standard Webhooks 1.0 (standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
`webhook-signature` over "id.timestamp.body". No words, names or answers of a case are in it: who
receives it reads them from the API, with a key that is asked for its scopes then.
"""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from history.models import Event

TEST = "webhook.test"
_SECRET_BYTES = 32  # the specification asks for 24 to 64


def new_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def body_of(event: Event, subject: dict[str, Any]) -> str:
    """The message about an event; `subject` as the feed of the API names it."""
    return _written(event.kind, event.recorded_at, {"event": event.pk, "subject": subject})


def test_body(moment: datetime) -> str:
    return _written(TEST, moment, {"event": None, "subject": None})


def _written(kind: str, moment: datetime, data: dict[str, Any]) -> str:
    said = {"type": kind, "timestamp": moment, "data": data}
    return orjson.dumps(said, option=orjson.OPT_UTC_Z).decode()


def signers(secrets_now: Sequence[str]) -> list[Signer]:
    return [Signer(secret) for secret in secrets_now]


def headers(message_id: str, body: str, signed_by: Sequence[Signer]) -> list[tuple[bytes, bytes]]:
    """The headers of one attempt, made now: a receiver refuses a timestamp that is old. While a
    secret is replaced there is a signature with each, and either will do."""
    now = timezone.now().replace(microsecond=0)
    signatures = " ".join(
        one.sign(msg_id=message_id, timestamp=now, data=body) for one in signed_by
    )
    return [
        (b"content-type", b"application/json"),
        (b"user-agent", b"ICCWC-support-portal-webhooks/1"),
        (b"webhook-id", message_id.encode()),
        (b"webhook-timestamp", str(int(now.timestamp())).encode()),
        (b"webhook-signature", signatures.encode()),
    ]
