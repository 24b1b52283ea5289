"""A client that keeps its connections and takes the time of every call."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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


class Client:
    """One connection to each server, opened when it is needed."""

    def __init__(self) -> None:
        self._open: dict[int, http.client.HTTPConnection] = {}

    def do(self, call: Call) -> tuple[int, bytes, Mapping[str, str]]:
        try:
            return self._once(call)
        except (http.client.HTTPException, OSError):  # closed since the last call
            self._open.pop(call.port).close()
            return self._once(call)

    def _once(self, call: Call) -> tuple[int, bytes, Mapping[str, str]]:
        line = self._open.get(call.port)
        if line is None:
            line = self._open[call.port] = http.client.HTTPConnection(
                "127.0.0.1", call.port, timeout=60
            )
        line.request(call.method, call.path, call.body or None, dict(call.headers))
        answer = line.getresponse()
        return answer.status, answer.read(), answer.headers

    def timed(self, call: Call, into: Measured) -> None:
        started = time.perf_counter()
        status, body, _headers = self.do(call)
        into.took.append((time.perf_counter() - started) * 1000)
        into.errors += status != call.status
        into.bytes = len(body)

    def close(self) -> None:
        for line in self._open.values():
            line.close()


def in_turn(contenders: Mapping[str, Next], samples: int) -> dict[str, Measured]:
    """One client asks them one after the other, then in the opposite order, and so on: a busy
    moment of the machine touches all of them."""
    client, found = Client(), {name: Measured() for name in contenders}
    names = list(contenders)
    for turn in range(WARM + samples):
        if turn == WARM:
            found = {name: Measured(errors=found[name].errors) for name in contenders}
        for name in names if turn % 2 else reversed(names):
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
