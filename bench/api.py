"""The partners' API beside two floors: service time, throughput, queries and memory.

`make bench k=api`, or first part of `make bench`. PostgreSQL that waits for its disk, Redis, and
the portal under gunicorn with two workers, all on loopback, with a database for each size. Beside
the portal, asked in turn with it, stand two servers that give the same answer from one query:
bench.floor_django and bench.floor_wsgi. Writes docs/performance.md with its plot and its figures.

SAMPLES=400 calls of one client, SECONDS=3 of many clients, SIZES=1000,100000 requests, CALLS=100000
for the memory, KEEP=1 leaves docs/ alone.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import api_report, serving
from bench.api_cases import (
    FIRST,
    LIST,
    TOOLKIT,
    Site,
    differences,
    look_around,
    said_to_floors,
)
from bench.client import WARM, Call, Measured, Next, NothingLeft, in_turn, together
from bench.serving import Server

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,100000").split(",")]
SAMPLES = int(os.environ.get("SAMPLES", "400"))
SECONDS = float(os.environ.get("SECONDS", "3"))
CALLS = int(os.environ.get("CALLS", "100000"))
CLIENTS = 8
MOST_WRITES = 200  # a second, by all clients together
GAUGE = 100_000  # the goals are for this size; for the largest where it is left out

Row = dict[str, Any]


class Bench:
    """The sites of all sizes, the smallest first, and what was found."""

    def __init__(self, sites: list[Site], pipes: dict[int, Any]) -> None:
        self.sites, self.pipes = sites, pipes
        self.small = sites[0]
        self.gauge = next((one for one in sites if one.size == GAUGE), sites[-1])
        self.rows: list[Row] = []

    def read(
        self,
        name: str,
        path: Callable[[Site], str],
        floor: str = "",
        beside: dict[tuple[str, int], Next] | None = None,
        **said: str,
    ) -> None:
        """One address at every size, beside its floors at the size of the goals; `beside` are
        other answers against which a goal is told, asked in turn with this one."""
        contenders: dict[tuple[str, int], Next] = {}
        for site in self.sites:
            call = site.call(path(site), **said)
            contenders["portal", site.size] = _always(call)
        self._compare(name, contenders | (beside or {}), floor, path, said)

    def read_deep(self) -> None:
        first = {("first", self.small.size): _always(self.small.call(FIRST))}
        self.read("deep page of 50", lambda site: site.deep, "page", first)

    def _compare(
        self, name: str, contenders: dict[Any, Next], floor: str, path: Any, said: dict[str, str]
    ) -> None:
        site = self.gauge
        if floor:
            contenders["django", site.size] = _always(site.floor(site.django_port, floor))
            contenders["psycopg", site.size] = _always(site.floor(site.wsgi_port, floor))
        alone = in_turn(contenders, SAMPLES)
        for (who, size), measured in alone.items():
            many = None
            if size == site.size:
                many = together(contenders[who, size], SECONDS, CLIENTS)
            self._note(name, who, size, measured, many)
        self._count("GET", path(site), said)

    def read_not_modified(self) -> None:
        name, floorless = "304 of one request", ""
        contenders: dict[Any, Next] = {
            ("portal", site.size): _always(
                site.call(site.detail, status=304, **{"If-None-Match": site.tag})
            )
            for site in self.sites
        }
        # The goal is told against the list, so the list is asked in turn with it.
        contenders["list", self.gauge.size] = _always(self.gauge.call(LIST))
        said = {"If-None-Match": self.gauge.tag}
        self._compare(name, contenders, floorless, lambda site: site.detail, said)

    def write(self, name: str, action: Callable[[Site], Call]) -> None:
        """A write beside one bare INSERT; each of the two floors commits its own."""
        site = self.gauge
        site.read_tags(SAMPLES + WARM + 1 + int(SECONDS * MOST_WRITES))
        contenders: dict[Any, Next] = {
            ("portal", site.size): lambda: action(site),
            ("django", site.size): _always(site.floor(site.django_port, "insert")),
            ("psycopg", site.size): _always(site.floor(site.wsgi_port, "insert")),
        }
        first = action(site)
        count = self._ask_site("POST", first.path, dict(first.headers), first.body)
        for (who, size), measured in in_turn(contenders, SAMPLES).items():
            many = together(contenders[who, size], SECONDS, CLIENTS)
            self._note(name, who, size, measured, many)
        self.rows[-3] |= count
        site.tags.clear()

    def _note(self, name: str, who: str, size: int, alone: Measured, many: Measured | None) -> None:
        row = {
            "what": name, "who": who, "requests": size, "p50": alone.p50, "p95": alone.at(95),
            "p99": alone.at(99), "errors": alone.errors, "bytes": alone.bytes,
        }  # fmt: skip
        if many:
            row |= {
                "per_second": many.rate,
                "p95_of_many": many.at(95),
                "errors": alone.errors + many.errors,
            }
        self.rows.append(row)
        api_report.say(row)

    def _count(self, method: str, path: str, said: dict[str, str]) -> None:
        counted = self._ask_site(method, path, self.gauge.call(path, **said).headers, "")
        for row in self.rows:
            if row["what"] == self.rows[-1]["what"] and row["who"] == "portal":
                row |= counted

    def _ask_site(self, method: str, path: str, headers: Any, body: str) -> dict[str, int]:
        pipe = self.pipes[self.gauge.size]
        # Under the same host as the server: addresses are part of an answer, and so of its tag.
        host = {"Host": f"127.0.0.1:{self.gauge.port}"}
        pipe.send((method, path, {**headers, **host}, body))
        counted = pipe.recv()
        return {"queries": counted["queries"], "messages": counted["messages"]}


def _always(call: Call) -> Next:
    return lambda: call


# ── servers ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def standing() -> Iterator[tuple[Bench, list[Server]] | None]:
    """All servers with their data; the portals in the order of their sizes."""
    from tools import servers  # noqa: PLC0415

    with ExitStack() as stack:
        postgres = os.environ.get("BENCH_POSTGRES") or stack.enter_context(
            servers.postgres(durable=True)
        )
        redis = stack.enter_context(servers.redis())
        if postgres is None:
            print("PostgreSQL cannot be had here; BENCH_POSTGRES can name a server.")
            yield None
            return
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="iccwc-bench-"))
        sites, pipes, portals = [], {}, []
        for size in SIZES:
            url = _database(postgres, f"bench_{size}")
            environ = serving.portal_environ(url, redis, folder)
            known, pipes[size] = _filled(environ, size)
            portal = stack.enter_context(serving.gunicorn("iccwc_portal.wsgi", environ, "/healthz"))
            sites.append(Site(size, portal.port, known))
            portals.append(portal)
            look_around(sites[-1])
        bench = Bench(sites, pipes)
        _start_floors(stack, bench.gauge, _database_url(postgres, bench.gauge.size), folder)
        yield bench, portals
        for pipe in pipes.values():
            pipe.send(None)


def _database(server: str, name: str) -> str:
    import psycopg2  # noqa: PLC0415

    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    return f"{server.rpartition('/')[0]}/{name}"


def _database_url(server: str, size: int) -> str:
    return f"{server.rpartition('/')[0]}/bench_{size}"


def _filled(environ: dict[str, str], size: int) -> tuple[dict[str, Any], Any]:
    from bench import api_site  # noqa: PLC0415

    context = get_context("spawn")
    ours, theirs = context.Pipe()
    context.Process(target=api_site.serve, args=(environ, size, theirs), daemon=True).start()
    theirs.close()
    print(f"{size:,} requests are being made ...", flush=True)
    return ours.recv(), ours


def _start_floors(stack: ExitStack, site: Site, url: str, folder: str) -> None:
    said = Path(folder) / "floors.json"
    said.write_text(json.dumps(said_to_floors(site)))
    environ = {"DATABASE_URL": url, "BENCH_FLOOR": str(said)}
    site.django_port = stack.enter_context(
        serving.gunicorn("bench.floor_django", environ, "/list")
    ).port
    site.wsgi_port = stack.enter_context(
        serving.gunicorn("bench.floor_wsgi", environ, "/ping")
    ).port
    for name in differences(site):
        print(f"The floor of “{name}” does not give the answer of the portal.")


# ── what is measured ─────────────────────────────────────────────────────────────────────────


def measure(bench: Bench) -> None:
    bench.read("list of 50, filtered", lambda site: LIST, "list")
    bench.read("first page of 50", lambda site: FIRST)
    bench.read_deep()
    bench.read("one request", lambda site: site.detail, "detail")
    bench.read_not_modified()
    bench.read("event feed, near its end", lambda site: site.near_the_end, "events")
    bench.read("event feed, from the start", lambda site: site.from_the_start)
    bench.read("event feed, nothing new", lambda site: site.nothing_new)
    bench.read("Toolkit table", lambda site: TOOLKIT, "toolkit")
    bench.write("referral action", lambda site: site.accept())
    if bench.gauge.known["ask"] is not None:
        bench.write("create with 3 notifications", lambda site: site.ask())


def client_alone(bench: Bench) -> dict[str, float]:
    """What the client itself costs: an address that does nothing."""
    ping = _always(Call(bench.gauge.wsgi_port, "/ping"))
    alone = in_turn({"ping": ping}, SAMPLES)["ping"]
    return {"p50": alone.p50, "per_second": together(ping, SECONDS, CLIENTS).rate}


def memory(bench: Bench, portal: Server) -> list[Row]:
    """Resident memory of the two workers while they answer CALLS reads of every kind."""
    site = bench.gauge
    calls = [
        site.call(site.detail, status=304, **{"If-None-Match": site.tag}),
        site.call(site.nothing_new), site.call(site.detail), site.call(LIST.replace("=50", "=5")),
    ]  # fmt: skip
    asked = [0]

    def following() -> Call:
        asked[0] += 1
        if asked[0] > goal:
            raise NothingLeft
        return calls[asked[0] % len(calls)]

    found: list[Row] = []
    for tenth in range(1, 11):
        goal = CALLS * tenth // 10
        asked[0] = CALLS * (tenth - 1) // 10
        run = together(following, 3600, 4)
        found.append({"calls": goal, "workers": portal.memory(), "errors": run.errors})
        print(f"memory after {goal:,} calls: {found[-1]['workers']} MB", flush=True)
    return found


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *said: sys.exit(1))  # the servers are then stopped too
    with standing() as there:
        if there is None:
            return 1
        bench, portals = there
        results: dict[str, Any] = {"client": client_alone(bench)}
        measure(bench)
        results["rows"] = bench.rows
        results["sizes"] = {str(site.size): site.known["sizes"] for site in bench.sites}
        results["gauge"], results["small"] = bench.gauge.size, bench.small.size
        results["memory"] = memory(bench, portals[bench.sites.index(bench.gauge)])
    results["webhooks"] = api_report.webhooks()
    results |= {"samples": SAMPLES, "seconds": SECONDS, "clients": CLIENTS}
    return api_report.write(results, keep=bool(os.environ.get("KEEP")))


if __name__ == "__main__":
    sys.exit(main())
