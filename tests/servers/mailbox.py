"""A real mail server on loopback that remembers every message it took, in order."""

import asyncio
import threading
from collections import Counter
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tools.servers import free_port


class Mailbox:
    """Takes its time (`seconds` a message), so that a worker can be killed in the middle.

    `refusal` is an SMTP answer to give instead of taking the mail, while it is set.
    """

    def __init__(self, seconds: float = 0.0, port: int | None = None) -> None:
        self.seconds, self.port = seconds, port or free_port()
        self.refusal = ""
        self.messages: list[Message] = []
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        if self.refusal:
            return self.refusal
        with self._arrived:
            self.messages.append(message_from_bytes(envelope.content))
            self._arrived.notify_all()
        return "250 OK"

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def counts(self) -> "Counter[str]":
        """How often each Message-ID arrived."""
        return Counter(str(message["Message-ID"]) for message in list(self.messages))

    def wait_for(self, number: int, seconds: float = 60) -> None:
        """Until so many different messages have arrived."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self.counts()) >= number, seconds)
        assert came, f"only {len(self.counts())} of {number} messages came in {seconds} seconds"
