"""How quickly events reach a receiver: from the commit to the byte on its socket, with one worker.

PostgreSQL, Redis, one real worker process and a receiver, all on loopback. First a steady trickle,
each event in a transaction of its own, whose delays are what a receiver sees. Then a burst, a
hundred events in a transaction: its clock runs from the first commit to the last arrival, so the
writing is in it. Last a backlog that was committed before the worker starts: from the first arrival
to the last, what one worker can do. The worker's CPU time stands beside: on a machine that others
use it says more than the clock.
`run` gives the numbers, for `make bench`; `python -m bench.webhooks` prints them.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from tools import servers

ROOT = Path(__file__).resolve().parent.parent
EVENTS = 3_000
STEADY, A_SECOND = 500, 50
PATIENCE = 60  # seconds for the last one to arrive
_MESSAGE_ID = re.compile(rb"webhook-id: msg_\d+_(\d+)\r\n", re.I)
_LENGTH = re.compile(rb"content-length: (\d+)\r\n", re.I)


# ── the receiver ─────────────────────────────────────────────────────────────────────────────


class Receiver(asyncio.Protocol):
    """As little as can be between the socket and the clock."""

    arrivals: list[tuple[int, float]] = []

    def connection_made(self, transport: Any) -> None:
        self.transport, self.waiting = transport, b""

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head = self.waiting[: end + 2]
            length = _LENGTH.search(head)
            size = end + 4 + int(length.group(1) if length else 0)
            if len(self.waiting) < size:
                return
            self.waiting = self.waiting[size:]
            found = _MESSAGE_ID.search(head)
            self.arrivals.append((int(found.group(1)) if found else 0, now))
            self.transport.write(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n")


@contextmanager
def receiver() -> Iterator[int]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(Receiver, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


# ── measuring ────────────────────────────────────────────────────────────────────────────────


def run(postgres_url: str, redis_url: str) -> dict[str, Any]:
    """All numbers: of the burst, and under `steady` of the trickle."""
    name = f"bench_webhooks_{os.getpid()}"
    _on_server(postgres_url, f'CREATE DATABASE "{name}"')
    try:
        with tempfile.TemporaryDirectory(prefix="iccwc-bench-") as folder, receiver() as port:
            env = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
                "SECRET_KEY": "bench",
                "DEMO": "1",
                "VAR_DIR": folder,
                "DATABASE_URL": f"{postgres_url.rsplit('/', 1)[0]}/{name}",
                "REDIS_URL": redis_url,
                "LOG_LEVEL": "WARNING",
            }
            _act(env, "prepare", f"http://127.0.0.1:{port}/")
            with _worker(env, Path(folder)) as worker:
                _measure(env, 100, 0, worker)  # whatever is loaded once
                steady = _measure(env, STEADY, A_SECOND, worker)
                burst = _measure(env, EVENTS, 0, worker)
            return burst | {"steady": steady, "backlog": _backlog(env, Path(folder))}
    finally:
        _on_server(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _measure(
    env: dict[str, str], number: int, a_second: int, worker: psutil.Process
) -> dict[str, Any]:
    Receiver.arrivals.clear()
    used = _cpu(worker)
    committed = _commit(env, number, a_second)
    first = _arrived(number)
    cpu = _cpu(worker) - used
    delays = sorted(1000 * (first[event] - committed[event]) for event in committed & first.keys())
    seconds = max(first.values()) - min(committed.values())
    times = Counter(event for event, _moment in Receiver.arrivals)
    return {
        "events": number,
        "seconds": round(seconds, 2),
        "per_second": round(len(delays) / seconds),
        "p50_ms": _at(delays, 0.5),
        "p95_ms": _at(delays, 0.95),
        "p99_ms": _at(delays, 0.99),
        "worker_cpu_ms_each": round(1000 * cpu / number, 2),
        "duplicates": sum(times.values()) - len(times),
        "lost": number - len(delays),
    }


def _backlog(env: dict[str, str], folder: Path) -> dict[str, Any]:
    """The rate of a worker that finds everything waiting; its start is not in it."""
    Receiver.arrivals.clear()
    committed = _commit(env, EVENTS, 0)
    with _worker(env, folder):
        first = _arrived(EVENTS)
    seconds = max(first.values()) - min(first.values())
    return {
        "events": EVENTS,
        "seconds": round(seconds, 2),
        "per_second": round(len(first) / seconds),
        "lost": len(committed.keys() - first.keys()),
    }


def _commit(env: dict[str, str], number: int, a_second: int) -> dict[int, float]:
    """Record events; when each was committed."""
    said = _act(env, "commit", str(number), str(a_second))
    return {int(event): moment for event, moment in json.loads(said).items()}


def _arrived(number: int) -> dict[int, float]:
    """Wait until so many events have come, or patience ends; when each came first."""
    end = time.time() + PATIENCE
    while len({event for event, _moment in Receiver.arrivals}) < number and time.time() < end:
        time.sleep(0.2)
    first: dict[int, float] = {}
    for event, moment in list(Receiver.arrivals):
        first.setdefault(event, moment)
    return first


def _cpu(worker: psutil.Process) -> float:
    """Seconds of processor time that it has used."""
    used = worker.cpu_times()
    return used.user + used.system


def _at(delays: list[float], share: float) -> float:
    return round(delays[min(int(len(delays) * share), len(delays) - 1)], 1)


@contextmanager
def _worker(env: dict[str, str], folder: Path) -> Iterator[psutil.Process]:
    command = [
        sys.executable, "-m", "celery", "-A", "iccwc_portal", "worker", "--pool", "solo",
        "--without-gossip", "--without-mingle", "--loglevel", "warning",
    ]  # fmt: skip
    with (folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield psutil.Process(worker.pid)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _act(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.webhook_acts", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _on_server(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def main() -> None:
    with servers.postgres() as postgres_url, servers.redis() as redis_url:
        assert postgres_url, "no PostgreSQL here"
        assert redis_url, "no Redis here"
        print(json.dumps(run(postgres_url, redis_url), indent=2))


if __name__ == "__main__":
    main()
