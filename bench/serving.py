"""Web servers for bench.api: gunicorn with two workers of two threads each.

Fewer threads than deployments have: those are there for callers of the feed who wait."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tools.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until a server must have answered
WORKERS, THREADS = 2, 2
# Where workers show that they live, as in deployments (Dockerfile): not on the disk.
_IN_MEMORY = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108


@dataclass(frozen=True)
class Server:
    port: int
    process: "subprocess.Popen[bytes]"

    def memory(self) -> list[float]:
        """Resident memory of each worker in MB."""
        workers = psutil.Process(self.process.pid).children()
        return sorted(one.memory_info().rss / 1e6 for one in workers)


@contextmanager
def gunicorn(application: str, environ: dict[str, str], answers: str) -> Iterator[Server]:
    """The application behind gunicorn on loopback, once its address `answers`."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "60",
        "--no-control-socket", "--log-level", "error", *_IN_MEMORY,
    ]  # fmt: skip
    whole = {**os.environ, "SITE_URL": f"http://127.0.0.1:{port}", **environ}
    process = subprocess.Popen(command, cwd=ROOT, env=whole)
    try:
        _wait_for(process, f"http://127.0.0.1:{port}{answers}")
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def portal_environ(url: str, redis: str | None, folder: str) -> dict[str, str]:
    """As in production, but for HTTPS and for a limit of calls that no bench reaches."""
    return {
        "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
        "DATABASE_URL": url,
        "REDIS_URL": redis or "",
        "SECRET_KEY": "bench",
        "API_KEY_PEPPER": "bench",
        "DEMO": "1",
        "DEBUG": "0",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "VAR_DIR": folder,
        "MEDIA_ROOT": f"{folder}/files",
        "EMAIL_URL": "",
        "LOG_LEVEL": "ERROR",
        "API_RATE": "100000000/min",
    }


def _wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - loopback
                return
        except urllib.error.HTTPError as error:  # it stands, and is at fault
            raise RuntimeError(f"{address} answers {error.code}") from None
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")
