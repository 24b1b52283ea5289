"""Owing somebody a message: write the row now, deliver after the commit."""

from dataclasses import asdict, dataclass

from django.db import transaction

from history.inserting import insert
from history.models import Event
from outbox import tasks
from outbox.aside import aside
from outbox.enclosures import Enclosure
from outbox.models import Channel, Message

# Letters for one wake-up: each is a call to the broker.
_TOGETHER = 5


@dataclass(frozen=True)
class Letter:
    """An e-mail as it will read: one person, one language, plain text and HTML."""

    recipient: str  # stable key of the person, e.g. "user:12"
    address: str
    language: str
    subject: str
    text: str
    html: str = ""
    holds_secret: bool = False  # text is removed from the row once it is sent
    enclosures: tuple[Enclosure, ...] = ()


def owe(event: Event | None, letters: list[Letter]) -> list[Message]:
    """Write one message row per letter in the caller's transaction and wake a worker after it.

    A person is owed at most one e-mail per event; a second letter to the same person is the
    caller's mistake and raises IntegrityError.
    """
    messages = insert(
        [
            Message(
                event=event,
                channel=Channel.EMAIL,
                recipient=letter.recipient,
                address=letter.address,
                language=letter.language,
                subject=" ".join(letter.subject.split())[:300],
                text=letter.text,
                html=letter.html,
                holds_secret=letter.holds_secret,
                enclosures=[asdict(one) for one in letter.enclosures],
            )
            for letter in letters
        ]
    )
    ids = [message.pk for message in messages]

    def wake_workers() -> None:
        for start in range(0, len(ids), _TOGETHER):
            tasks.deliver.delay(*ids[start : start + _TOGETHER])

    if ids:
        # With the broker down the commit stands, nobody waits, and the sweep delivers later.
        transaction.on_commit(lambda: aside(wake_workers), robust=True)
    return messages
