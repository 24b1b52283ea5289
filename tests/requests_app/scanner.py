"""A clamd for tests: a real server on loopback that speaks INSTREAM and does as it is told."""

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The harmless file by which every scanner is tried; in two parts, so that this file is none.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.ThreadingTCPServer):
    """`mood`: works, hangs_up, is_silent, fails, babbles. `seen`: the contents it was given."""

    allow_reuse_address = daemon_threads = True
    mood = "works"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.seen: list[bytes] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Call(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        command = self.rfile.readline().strip()
        if self.server.mood == "hangs_up":
            return
        if self.server.mood == "is_silent":
            time.sleep(3)
            return
        if command == b"nPING":
            self.wfile.write(b"PONG\n")
        elif command == b"nINSTREAM":
            content = self._content()
            self.server.seen.append(content)
            self.wfile.write(self._answer(content))

    def _content(self) -> bytes:
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        return content

    def _answer(self, content: bytes) -> bytes:
        if self.server.mood == "fails":
            return b"stream: Can't allocate memory ERROR\n"
        if self.server.mood == "babbles":
            return b"hello\n"
        return b"stream: Eicar-Signature FOUND\n" if EICAR in content else b"stream: OK\n"


@contextmanager
def running() -> Iterator[Scanner]:
    with Scanner() as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()
