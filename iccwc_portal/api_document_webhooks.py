"""What the OpenAPI document says of the messages that webhooks receive."""

from typing import Any

_TEXT = {"type": "string"}


def webhooks() -> dict[str, Any]:
    """What the portal posts to the address of a webhook (Standard Webhooks 1.0)."""
    signed = {
        "webhook-id": "The same in every repetition: keep it, and drop what you have had.",
        "webhook-timestamp": "Seconds since 1970 of this attempt; refuse what is old.",
        "webhook-signature": "One or, while a secret is replaced, several signatures `v1,…`.",
    }
    parameters = [
        {"name": name, "in": "header", "required": True, "description": said, "schema": _TEXT}
        for name, said in signed.items()
    ]
    answers = {
        "2XX": {"description": "Received. Anything else is sent again later."},
        "410": {"description": "No longer wanted: the webhook is paused at once."},
    }
    body = {"$ref": "#/components/schemas/WebhookMessage"}
    return {
        "event": {
            "post": {
                "operationId": "webhook_event",
                "description": "An event that the agency may read, without its words: read them "
                "from the API. Signed as Standard Webhooks has it; at least once, in no order "
                "that is promised.",
                "tags": ["webhooks"],
                "security": [],
                "parameters": parameters,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": body, "example": _MESSAGE}},
                },
                "responses": answers,
            }
        }
    }


_MESSAGE = {
    "type": "referrals.sent",
    "timestamp": "2026-03-02T09:00:00Z",
    "data": {
        "event": 181,
        "subject": {"type": "referral", "id": 17, "request": "ICCWC-2026-0042", "party": "KEN"},
    },
}


def message_schema() -> dict[str, Any]:
    subject = {"oneOf": [{"$ref": "#/components/schemas/Subject"}, {"type": "null"}]}
    data = {
        "type": "object",
        "required": ["event", "subject"],
        "properties": {"event": {"type": ["integer", "null"]}, "subject": subject},
    }
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {**_TEXT, "description": "the kind of the event, or `webhook.test`"},
            "timestamp": {**_TEXT, "format": "date-time", "description": "when it was recorded"},
            "data": data,
        },
    }
