"""Delivering what is owed: claim in one transaction, send outside it, note it in another.

Only an explicit success is success. A worker that dies after sending and before noting leaves
its lease to run out; the message then goes again under the same Message-ID.
"""

import logging
import random
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from outbox.enclosures import files_of
from outbox.models import Channel, Message, State

log = logging.getLogger(__name__)

# About 24 hours in eight tries; each wait is spread over ±25 % so that failures do not march.
# The claim counts too: a message whose sending kills its worker is given up like any other.
WAITS = [timedelta(minutes=m) for m in (1, 5, 20, 60, 180, 420, 750)]


def claim(message_id: int) -> Message | None:
    """Take the message for ourselves, or None when it is not ready or somebody else has it."""
    with transaction.atomic():
        message = (
            Message.objects.ready()
            .select_for_update(skip_locked=True)
            .filter(pk=message_id)
            .first()
        )
        if message is None:
            return None
        if message.attempts > len(WAITS):
            message.state = State.DEAD
            message.last_error = message.last_error or "the worker was lost while sending it"
            message.lease_until = message.lease_token = None
            fields = ["state", "last_error", "lease_until", "lease_token", "text", "html"]
            if message.holds_secret:
                message.text = message.html = ""
            message.save(update_fields=fields)
            return None
        message.state = State.LEASED
        message.attempts += 1
        message.lease_token = uuid.uuid4()
        message.lease_until = timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        message.save(update_fields=["state", "attempts", "lease_token", "lease_until"])
        return message


def deliver(message_id: int) -> bool:
    """Send one message if it is ready; True when it was sent now."""
    message = claim(message_id)
    if message is None:
        return False
    try:
        _send(message)
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the row keeps it
        _note_failure(message, error)
        return False
    return _note_success(message)


def _send(message: Message) -> None:
    if message.channel != Channel.EMAIL:
        raise NotImplementedError(f"no sender for channel {message.channel}")
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for file in files_of(message):
        mail.attach(file.name, file.content, file.content_type)
    if mail.send() != 1:
        raise ConnectionError("the mail server took no message")


def _ours(message: Message):  # type: ignore[no-untyped-def]
    """The row, as long as our lease on it stands."""
    return Message.objects.filter(pk=message.pk, lease_token=message.lease_token)


def _note_success(message: Message) -> bool:
    done: dict[str, object] = {
        "state": State.SENT,
        "sent_at": timezone.now(),
        "lease_until": None,
        "lease_token": None,
        "last_error": "",
    }
    if message.holds_secret:
        done |= {"text": "", "html": ""}
    return bool(_ours(message).update(**done))


def _note_failure(message: Message, error: Exception) -> None:
    gave_up = message.attempts > len(WAITS)
    # A link that lets its reader in does not wait for years in a message nobody will send.
    blank = {"text": "", "html": ""} if gave_up and message.holds_secret else {}
    wait = timedelta(0) if gave_up else WAITS[message.attempts - 1] * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
    _ours(message).update(
        state=State.DEAD if gave_up else State.FAILED,
        next_try_at=timezone.now() + wait,
        lease_until=None,
        lease_token=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
        **blank,
    )
    log.warning("message %s failed at attempt %s: %s", message.pk, message.attempts, error)


def resend(messages: "list[int]") -> int:
    """Put given-up messages back in the queue; how many were.

    Not those with a secret: their text is gone, and whoever needs a new link asks for one.
    """
    given_up = Message.objects.filter(pk__in=messages, state=State.DEAD, holds_secret=False)
    return given_up.update(state=State.DUE, attempts=0, next_try_at=timezone.now())
