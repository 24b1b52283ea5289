"""A receiver on loopback that behaves as told, and keeps what it was sent."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from standardwebhooks import Webhook

Behaviour = Callable[["_Handler"], None]


def answers(status: int, **headers: str) -> Behaviour:
    def behave(handler: "_Handler") -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return behave


def hangs(handler: "_Handler") -> None:
    handler.receiver.closing.wait(60)


def drips(handler: "_Handler") -> None:
    """A header line that never ends, a byte at a time: no single wait is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while not handler.receiver.closing.wait(0.2):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def returns_a_gigabyte(handler: "_Handler") -> None:
    handler.send_response(200)
    handler.send_header("content-length", str(2**30))
    handler.end_headers()
    part = b"x" * 65536
    try:
        for _each in range(2**30 // len(part)):
            handler.wfile.write(part)
            handler.receiver.bytes_sent += len(part)
    except OSError:
        return


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: "Receiver"

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:  # whoever sent it died in the middle: nothing was received
            self.close_connection = True
            return
        self.receiver.take(dict(self.headers.items()), body.decode())
        try:
            self.receiver.behave(self)
        except OSError:
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        pass


class Receiver:
    """Use as a context; `behave` may be changed at any time."""

    def __init__(self, behave: Behaviour | None = None, port: int = 0, seconds: float = 0) -> None:
        self.behave = behave or answers(204)
        self.got: list[tuple[dict[str, str], str]] = []
        self.closing = threading.Event()
        self.bytes_sent = 0
        self.seconds = seconds
        handler = type("Handler", (_Handler,), {"receiver": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler, bind_and_activate=False)
        self.server.daemon_threads = True
        self.server.allow_reuse_address = True
        self.server.request_queue_size = 64
        self.server.server_bind()
        self.port: int = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def __enter__(self) -> Self:
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def take(self, headers: dict[str, str], body: str) -> None:
        if self.seconds:
            time.sleep(self.seconds)
        self.got.append((headers, body))

    # ── what came ────────────────────────────────────────────────────────────────────────────

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.messages()]

    def events(self) -> set[int]:
        return {message["data"]["event"] for message in self.messages()}

    def counts(self) -> Counter[str]:
        return Counter(headers["webhook-id"] for headers, _body in self.got)

    def all_signed_with(self, secret: str) -> bool:
        """Judged by the library that receivers use; raises when one signature is wrong."""
        for headers, body in self.got:
            Webhook(secret).verify(body, headers)
        return bool(self.got)

    def wait_for(self, number: int, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while len(self.counts()) < number:
            assert time.monotonic() < end, f"{len(self.counts())} of {number} came"
            time.sleep(0.05)
