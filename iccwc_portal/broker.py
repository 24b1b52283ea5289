"""A broker without a server: queues are folders, messages are files.

For the embedded set-up. Kombu's own file-system transport keeps its routes in files: with those
deleted, it drops every later message in silence, and with its folders deleted the worker dies.
Here nothing but messages lies on the disk, and what is missing is made again.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)


class Channel(virtual.Channel):
    """Puts and gets messages in BROKER_TRANSPORT_OPTIONS["folder"]; one file goes to one worker."""

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
        payload = dumps(message).encode()
        try:
            self._write(queue, name, payload)
        except FileNotFoundError:  # the folder was deleted between making it and writing into it
            self._write(queue, name, payload)

    def _write(self, queue: str, name: str, payload: bytes) -> None:
        folder = self._folder(queue)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.part"
        part.write_bytes(payload)
        part.rename(folder / f"{name}.msg")  # a reader never sees half a message

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in self._waiting(queue):
            try:
                payload = path.read_bytes()
                path.unlink()  # whoever removes the file has the message
            except FileNotFoundError:
                continue
            try:
                return loads(payload)
            except ValueError:
                log.warning("dropped an unreadable message of queue %s", queue)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for path in waiting:
            path.unlink(missing_ok=True)
        return len(waiting)

    def _waiting(self, queue: str) -> list[Path]:
        folder = self._folder(queue)
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(".msg"))
        except FileNotFoundError:
            return []
        return [folder / name for name in names]

    def _folder(self, queue: str) -> Path:
        client: Any = self.connection.client
        return Path(client.transport_options["folder"]) / queue


class Transport(virtual.Transport):
    """The transport behind the broker address `folder://`."""

    Channel = Channel
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct"])
    )
    global_state = virtual.BrokerState()
    default_port = 0
    driver_type = driver_name = "folder"

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"


TRANSPORT_ALIASES["folder"] = "iccwc_portal.broker:Transport"
