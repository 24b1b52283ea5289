"""iccwc-sync against a running portal that others write to: its copy ends as what the key sees."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from iccwc_client.store import RESOURCES
from tests.servers.conftest import Install
from tests.servers.installation import ROOT, Installation
from tests.servers.mailbox import Mailbox
from tools.servers import free_port

pytestmark = [pytest.mark.servers]
CODES = ("KEN", "VNM")  # each has a writer
TURNS = 10


def begin(portal: Installation, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.servers.sync_acts", *arguments]
    told: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=portal.env, **told)


def result(process: "subprocess.Popen[str]") -> Any:
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    return json.loads(said.splitlines()[-1])


@contextmanager
def served(portal: Installation) -> Iterator[str]:
    """The portal under gunicorn, as it is deployed: two processes with some threads each."""
    address = f"http://localhost:{free_port()}"
    command = [
        sys.executable, "-m", "gunicorn", "iccwc_portal.wsgi", "--workers", "2", "--threads", "4",
        "--bind", address.removeprefix("http://"), "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    env = {**portal.env, "HTTPS": "0", "SITE_URL": address, "API_RATE": "1000000/min"}
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str) -> None:
    for _try in range(200):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - ours
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


def sync(address: str, token: str, copy: Path, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "iccwc_client.sync", str(copy), "--url", address, *more]
    env = {**os.environ, "ICCWC_API_KEY": token, "PYTHONPATH": str(ROOT / "clients" / "python")}
    told: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=env, **told)


def sync_once(address: str, token: str, copy: Path) -> Path:
    process = sync(address, token, copy)
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    return copy


def everything_in(copy: Path) -> dict[str, dict[str, Any]]:
    with closing(sqlite3.connect(copy)) as db:
        return {
            table: {str(row_id): json.loads(body) for row_id, body in db.execute(
                f"SELECT id, body FROM {table}"  # noqa: S608 - names of our own
            )}
            for table in (*RESOURCES, "events")
        }  # fmt: skip


def test_a_copy_that_is_followed_and_killed_and_resumed_under_writers_ends_as_what_the_key_sees(
    install: Install, tmp_path: Path
) -> None:
    with Mailbox() as mailbox:
        portal = install(mailbox)
        keys = result(begin(portal, "found_world"))
        token = keys["INTERPOL"]
        with served(portal) as address:
            copy = tmp_path / "copy.sqlite3"
            followed = tmp_path / "followed.sqlite3"
            follower = sync(address, token, followed, "--follow")
            writers = [begin(portal, "keep_writing", code, str(TURNS)) for code in CODES]
            # One copy is killed again and again, wherever it is just then.
            for seconds in (0.7, 1.1, 1.6):
                killed = sync(address, token, copy)
                time.sleep(seconds)
                killed.send_signal(signal.SIGKILL)
                killed.communicate()
            done = [result(writer) for writer in writers]
            sync_once(address, token, copy)
            follower.send_signal(signal.SIGTERM)
            follower.communicate(timeout=60)
            sync_once(address, token, followed)

            anew = everything_in(sync_once(address, token, tmp_path / "anew.sqlite3"))
            copies = [everything_in(copy), everything_in(followed)]
            seen = result(begin(portal, "what_is_seen", token))
            every_event = result(begin(portal, "events_there"))

    assert min(done) > TURNS / 4, "most of it was refused: nothing moved"
    for copied in copies:
        assert {table: sorted(copied[table]) for table in seen} == seen
        for table, rows in anew.items():
            assert copied[table] == rows, table
    # There was something that could have leaked, and something in each table that matters.
    assert len(seen["events"]) < every_event
    assert all(seen[table] for table in seen if table != "assessments")
