"""A host of somebody else on loopback, which answers as told and notes what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Host:
    """`answers` by path (for one method by "HEAD /path"): a status, or one and where it leads."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"host": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_HEAD(self) -> None:
        self.host.asked.append(f"{self.command} {self.path}")
        known = self.host.answers
        said = known.get(f"{self.command} {self.path}", known.get(self.path, 404))
        if said == "hangs":
            self.host.closing.wait(30)
            return
        status, leads_to = said if isinstance(said, tuple) else (said, "")
        self.send_response(status)
        if leads_to:
            self.send_header("location", leads_to)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def a_host() -> Iterator[Host]:
    host = Host()
    threading.Thread(target=host.server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield host
    finally:
        host.closing.set()
        host.server.shutdown()
        host.server.server_close()
