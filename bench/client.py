"""A client that keeps its connections and takes the time of every call.

It writes a call out beforehand and reads of the answer only where it ends, so that little of the
time is its own: a client for all cases, that of the standard library, needs longer for the headers
of an answer than a floor for the answer.
"""

import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median, quantiles


@dataclass(frozen=True)
class Call:
    """One HTTP call: where, what, and the status that is a success."""

    port: int
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    status: int = 200

    @cached_property
    def written(self) -> bytes:
        body = self.body.encode()
        headers = {"Host": f"127.0.0.1:{self.port}", **self.headers}
        if body:
            headers["Content-Length"] = str(len(body))
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body


WARM = 20  # calls before the first that counts


class NothingLeft(Exception):
    """No row is left to write on."""


Next = Callable[[], Call]  # a contender gives its next call: a write never comes twice


@dataclass
class Measured:
    """What one contender needed, in milliseconds, and what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: int = 0
    bytes: int = 0
    seconds: float = 0.0  # of a run with many clients

    @property
    def p50(self) -> float:
        return median(self.took) if self.took else 0.0

    def at(self, percent: int) -> float:
        if len(self.took) < 2:
            return self.p50
        return quantiles(self.took, n=100, method="inclusive")[percent - 1]

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    head: bytes

    def header(self, name: str) -> str:
        """Its value. Raises LookupError."""
        found = re.search(rb"\r\n%s: *([^\r]*)" % name.encode(), self.head, re.IGNORECASE)
        if found is None:
            raise LookupError(name)
        return found[1].decode()


class Client:
    """One connection to each server, opened when it is needed."""

    PATIENCE = 60
    _AT_ONCE = 64 * 1024
    _LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

    def __init__(self) -> None:
        self._open: dict[int, socket.socket] = {}

    def do(self, call: Call) -> Answer:
        """Raises OSError where the server is not there or is too slow, ValueError where it does
        not say how long its answer is."""
        try:
            return self._once(call)
        except ConnectionError:  # a kept one, closed since the last call
            if (line := self._open.pop(call.port, None)) is None:
                raise
            line.close()
            return self._once(call)

    def _once(self, call: Call) -> Answer:
        line = self._open.get(call.port)
        if line is None:
            line = socket.create_connection(("127.0.0.1", call.port), self.PATIENCE)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open[call.port] = line
        line.sendall(call.written)
        got = self._more(line)
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more(line)
        head, body = got[:end], got[end + 4 :]
        status = int(head[9:12])
        missing = self._length(head, status) - len(body)
        while missing > 0:
            more = self._more(line)
            body += more
            missing -= len(more)
        return Answer(status, body, head)

    def _more(self, line: socket.socket) -> bytes:
        got = line.recv(self._AT_ONCE)
        if not got:
            raise ConnectionResetError
        return got

    def _length(self, head: bytes, status: int) -> int:
        if status in (204, 304):
            return 0
        said = self._LENGTH.search(head)
        if said is None:
            raise ValueError("an answer without its length")
        return int(said[1])

    def timed(self, call: Call, into: Measured) -> None:
        started = time.perf_counter()
        answer = self.do(call)
        into.took.append((time.perf_counter() - started) * 1000)
        into.errors += answer.status != call.status
        into.bytes = len(answer.body)

    def close(self) -> None:
        for line in self._open.values():
            line.close()


def in_turn(contenders: Mapping[str, Next], samples: int) -> dict[str, Measured]:
    """One client asks each of them once, in an order that is drawn anew for every turn: a busy
    moment of the machine touches all of them, and none always finds a server at work already."""
    client, found = Client(), {name: Measured() for name in contenders}
    names, order = list(contenders), random.Random(0)  # noqa: S311 - the same in every run
    for turn in range(WARM + samples):
        if turn == WARM:
            found = {name: Measured(errors=found[name].errors) for name in contenders}
        order.shuffle(names)
        for name in names:
            client.timed(contenders[name](), found[name])
    client.close()
    return found


def together(following: Next, seconds: float, clients: int) -> Measured:
    """That many clients ask as fast as they are answered."""
    whole, lock, end = Measured(), threading.Lock(), time.monotonic() + seconds

    def ask() -> None:
        client, mine = Client(), Measured()
        for call in _until(end, following):
            client.timed(call, mine)
        client.close()
        with lock:
            whole.took += mine.took
            whole.errors += mine.errors

    started = time.monotonic()
    threads = [threading.Thread(target=ask) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole.seconds = time.monotonic() - started
    return whole


def _until(end: float, following: Next) -> Iterator[Call]:
    while time.monotonic() < end:
        try:
            call = following()
        except NothingLeft:
            return
        yield call
