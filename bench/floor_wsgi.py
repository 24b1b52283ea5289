"""The floor that nothing in Python goes below: psycopg2 in a bare WSGI application, the JSON made
by the database (`json_agg`). Started by bench.api under the same web server as the portal."""

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg2

from bench.floor_sql import FLOORS

_here = threading.local()
_said: dict[str, Any] = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text())


def _cursor() -> Any:
    if not hasattr(_here, "connection"):
        _here.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        _here.connection.autocommit = True
    return _here.connection.cursor()


def _wrapped(name: str) -> str:
    floor = FLOORS[name]
    if not floor.is_page:
        return f"SELECT row_to_json(a)::text FROM ({floor.sql}) a"  # noqa: S608
    # The fields around the rows are told: a row more would only be asked for the next link.
    return f"SELECT (%(before)s || json_agg(a)::text || '}}') FROM ({floor.sql}) a"  # noqa: S608


_QUERIES = {name: _wrapped(name) for name in FLOORS}


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    name = environ["PATH_INFO"].strip("/")
    if name == "ping":
        body = b"{}"
    elif name == "insert":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with _cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_row (text, made_at) VALUES (%s, now()) RETURNING id",
                ["x" * 200],
            )
            body = b'{"id": %d}' % cursor.fetchone()
    else:
        said = _said[name]
        before = json.dumps(said["around"])[:-1] + ', "results": ' if "around" in said else ""
        with _cursor() as cursor:
            cursor.execute(_QUERIES[name], {**said["given"], "before": before})
            body = cursor.fetchone()[0].encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
