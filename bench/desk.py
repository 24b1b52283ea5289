"""How the desk behaves as the table grows: its pages at 1,000 and at 100,000 requests.

`make bench k=desk`. Each size has a PostgreSQL database and a process of its own; the processes are
asked in turn, page by page, so that a busy moment of the machine touches both. A page is fetched
through the portal's WSGI application by an officer who is signed in. Prints a table with the
median, the 95th percentile and the ratio of the latter, which should not be above 1.2.

SAMPLES=50 is quicker and less steady. What the requests look like: bench/desk_data.py.
"""

import os
import statistics
import sys
import tempfile
import time
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

SIZES = (1_000, 100_000)
SAMPLES = int(os.environ.get("SAMPLES", "200"))
WARM = 10
LIMIT = 1.2
QUEUE = "/admin/requests_app/supportrequest/"


def serve(url: str, size: int, pipe: Connection) -> None:
    """The portal on a database of that size: answers an address with its milliseconds."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": "bench",
        "DEMO": "1",
        "ALLOWED_HOSTS": "testserver",
        "VAR_DIR": tempfile.mkdtemp(prefix="iccwc-bench-"),
        "LOG_LEVEL": "ERROR",
    }
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    ids = _prepared(size)
    from iccwc_portal.wsgi import application  # noqa: PLC0415 - it looks at the static files once

    cookie = _signed_in()
    pipe.send((ids, _queues()))
    while address := pipe.recv():
        pipe.send(_fetched(application, address, cookie))


def _prepared(size: int) -> tuple[int, int]:
    from django.core.management import call_command  # noqa: PLC0415

    with open(os.devnull, "w") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=nowhere)
    from bench import desk_data  # noqa: PLC0415

    return desk_data.fill(size)


def _queues() -> list[str]:
    from requests_app.queues import QUEUES  # noqa: PLC0415

    return [queue.key for queue in QUEUES]


def _signed_in() -> str:
    from django.test import Client  # noqa: PLC0415

    from partners.models import User  # noqa: PLC0415

    client = Client()
    officer = User.objects.get(email="desk0@example.org")
    client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    client.get("/healthz")
    return f"sessionid={client.cookies['sessionid'].value}"


def _fetched(application: Any, address: str, cookie: str) -> tuple[float, str, int]:
    """Milliseconds, status and size of one page."""
    path, _mark, query = address.partition("?")
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver", "HTTP_COOKIE": cookie, "HTTP_ACCEPT_ENCODING": "gzip",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    started = time.perf_counter()
    answer = application(environ, lambda status, headers, error=None: said.append(status))
    body = b"".join(answer)
    answer.close()
    return (time.perf_counter() - started) * 1000, said[0], len(body)


def _pages(ids: tuple[int, int], queues: list[str]) -> list[tuple[str, str]]:
    ordinary, heavy = ids
    return [
        ("what there is to do", "/admin/"),
        ("queue without a name", QUEUE),
        *((f"queue: {key}", f"{QUEUE}?queue={key}") for key in queues),
        ("search: a Party", f"{QUEUE}?q=Kenya"),
        ("search: a reference", f"{QUEUE}?q=IC-2024-0012"),
        ("search: two words", f"{QUEUE}?q=ivory+port"),
        ("search: nothing found", f"{QUEUE}?q=unheardof"),
        ("a request", f"{QUEUE}{ordinary}/change/"),
        ("a request, 500 of each", f"{QUEUE}{heavy}/change/"),
    ]


def measure(url: str) -> bool:
    """Prints the table; true when no ratio is above the limit."""
    import psycopg2  # noqa: PLC0415

    server = psycopg2.connect(url)
    server.autocommit = True
    context, pipes, pages = get_context("spawn"), {}, {}
    for size in SIZES:
        server.cursor().execute(f"CREATE DATABASE desk_{size}")
        ours, theirs = context.Pipe()
        address = f"{url.rpartition('/')[0]}/desk_{size}"
        context.Process(target=serve, args=(address, size, theirs), daemon=True).start()
        pipes[size] = ours
    for size, pipe in pipes.items():
        pages[size] = _pages(*pipe.recv())
    print(f"PostgreSQL, {SAMPLES} calls each, milliseconds, in turn at {SIZES[0]:,}/{SIZES[1]:,}")
    print(f"{'page':<26}{'p50':>8}{'p50':>8}{'p95':>8}{'p95':>8}{'ratio':>8}{'kB':>7}")
    are_good = [
        _row(pipes, {size: pages[size][at] for size in SIZES}) for at in range(len(pages[SIZES[0]]))
    ]
    for pipe in pipes.values():
        pipe.send("")
    return all(are_good)


def _row(pipes: dict[int, Any], page: dict[int, tuple[str, str]]) -> bool:
    took: dict[int, list[float]] = {size: [] for size in SIZES}
    weight = 0
    for turn in range(WARM + SAMPLES):
        for size in SIZES if turn % 2 else reversed(SIZES):
            pipes[size].send(page[size][1])
            milliseconds, status, weight = pipes[size].recv()
            if not status.startswith("200"):
                sys.exit(f"{page[size][1]} answered {status}")
            if turn >= WARM:
                took[size].append(milliseconds)
    small, large = (took[size] for size in SIZES)
    p95 = [statistics.quantiles(each, n=20)[18] for each in (small, large)]
    ratio = p95[1] / p95[0]
    print(
        f"{page[SIZES[0]][0]:<26}{statistics.median(small):>8.1f}{statistics.median(large):>8.1f}"
        f"{p95[0]:>8.1f}{p95[1]:>8.1f}{ratio:>8.2f}{weight / 1000:>7.1f}"
        f"{'' if ratio <= LIMIT else '  above the limit'}",
        flush=True,
    )
    return ratio <= LIMIT


def main() -> int:
    from tools import servers  # noqa: PLC0415

    given = os.environ.get("BENCH_POSTGRES")  # a server on which databases may be made
    if given:
        return 0 if measure(given) else 1
    with servers.postgres() as url:
        if url is None:
            print("PostgreSQL cannot be had here; BENCH_POSTGRES can name a server.")
            return 1
        return 0 if measure(url) else 1


if __name__ == "__main__":
    sys.exit(main())
