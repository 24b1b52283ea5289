"""An installation of its own for a test: database, broker, and real worker and beat processes."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg2
import redis

from tools.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
# Short, but still longer than the time-out of a send.
TIMEOUT, LEASE = 2, 4

# What this process has migrated, to be copied: by the server, the database.
_migrated: dict[str, str] = {}


class Installation:
    """As deployed, on one of the two pairs: SQLite and folders, or PostgreSQL and Redis."""

    def __init__(self, folder: Path, mail_url: str) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.env = {
            **os.environ,
            "VAR_DIR": str(folder),
            "SECRET_KEY": "a fixed key for tests, kept from nobody",
            "DJANGO_SETTINGS_MODULE": "tests.servers.settings",
            "ALLOWED_HOSTS": "localhost",
            "DEMO": "0",
            "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
            "REDIS_URL": "",
            "EMAIL_URL": mail_url,
            "EMAIL_TIMEOUT": str(TIMEOUT),
            "OUTBOX_LEASE_SECONDS": str(LEASE),
        }

    def __enter__(self) -> "Installation":
        self.make_database()
        return self

    def __exit__(self, *exc: object) -> None:
        for name in list(self.processes):
            self.kill(name)

    # ── its parts ────────────────────────────────────────────────────────────────────────────

    def make_database(self) -> None:
        """A copy of one that was migrated before: that takes a hundred times as long."""
        if "SQLite" not in _migrated:
            folder = tempfile.mkdtemp(prefix="iccwc-migrated-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            database = f"{folder}/portal.sqlite3"
            self.manage("migrate", "--verbosity", "0", DATABASE_URL=f"sqlite:///{database}")
            _migrated["SQLite"] = database
        shutil.copy(_migrated["SQLite"], self.folder / "portal.sqlite3")

    def start(self, name: str) -> None:
        pool = ["--pool", "solo", "--without-gossip", "--without-mingle"]
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "iccwc_portal", name]
            + (pool if name == "worker" else []),
            cwd=ROOT,
            env=self.env,
            stdout=(self.folder / f"{name}.log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """As a power cut ends it: no clean-up, no last words."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def lose_broker_data(self) -> None:
        shutil.rmtree(self.folder / "broker")

    def break_broker(self) -> None:
        """Make the broker one that nobody can reach."""
        shutil.rmtree(self.folder / "broker", ignore_errors=True)
        (self.folder / "broker").write_text("no folder can be made here")

    # ── what is done and seen in it ──────────────────────────────────────────────────────────

    def manage(self, *arguments: str, **environ: str) -> None:
        self._run(sys.executable, "manage.py", *arguments, **environ)

    def act(self, name: str, *arguments: object) -> Any:
        """One of the functions of tests/servers/acts.py, run inside this installation."""
        said = self._run(sys.executable, "-m", "tests.servers.acts", name, *map(str, arguments))
        return json.loads(said.splitlines()[-1])

    def begin(self, name: str) -> "subprocess.Popen[str]":
        """The same without waiting for its end."""
        command = [sys.executable, "-m", "tests.servers.acts", name]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True)

    def wait_until_all_are(self, state: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while (states := self.act("states")) and set(states) != {state}:
            assert time.monotonic() < end, f"messages are {states}"
            time.sleep(0.5)

    def _run(self, *command: str, **environ: str) -> str:
        env = self.env | environ
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


class ServedInstallation(Installation):
    """On PostgreSQL and Redis: a database and a Redis number of its own on the test's servers."""

    def __init__(self, folder: Path, mail_url: str, postgres_url: str, redis_url: str) -> None:
        super().__init__(folder, mail_url)
        self.postgres_url, self.database = postgres_url, f"test_{os.getpid()}_{free_port()}"
        self.redis_url = redis_url.rsplit("/", 1)[0] + f"/{os.getpid() % 14 + 1}"
        self.env["DATABASE_URL"] = f"{postgres_url.rsplit('/', 1)[0]}/{self.database}"
        self.env["REDIS_URL"] = self.redis_url

    def __enter__(self) -> "ServedInstallation":
        self.lose_broker_data()
        super().__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        super().__exit__(*exc)
        self._drop(self.database)

    def make_database(self) -> None:
        if self.postgres_url not in _migrated:
            name = f"{self.database}_migrated"
            self._on_server(f'CREATE DATABASE "{name}"')
            atexit.register(self._drop, name)
            url = f"{self.postgres_url.rsplit('/', 1)[0]}/{name}"
            self.manage("migrate", "--verbosity", "0", DATABASE_URL=url)
            _migrated[self.postgres_url] = name
        self._on_server(
            f'CREATE DATABASE "{self.database}" TEMPLATE "{_migrated[self.postgres_url]}"'
        )

    def lose_broker_data(self) -> None:
        with redis.Redis.from_url(self.redis_url) as server:
            server.flushdb()

    def break_broker(self) -> None:
        self.env["REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"

    def _drop(self, database: str) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        connection = psycopg2.connect(self.postgres_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()
