"""A portal with demo data of its own on loopback, for commands that look at it or measure it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until the web server must have answered


@contextmanager
def running() -> Iterator[str]:
    """The address of a portal that runs until the block ends, with its files in a folder that goes
    with it. The caller's own process is set up to read and write the same database."""
    with tempfile.TemporaryDirectory(prefix="iccwc-demo-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        os.environ |= _environment(folder, address)
        # Read once, at the first import of Django's settings: not before the lines above.
        from tools import prepare  # noqa: PLC0415

        prepare.main()
        command = [sys.executable, "-m", "gunicorn", "iccwc_portal.wsgi", "--threads", "4"]
        server = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error"], cwd=ROOT
        )
        try:
            _wait_for(server, address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _environment(folder: str, address: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
        "SECRET_KEY": "only for this folder",
        "API_KEY_PEPPER": "only for this folder",
        "DEMO": "1",
        "DEBUG": "0",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": address,
        "VAR_DIR": folder,
        "MEDIA_ROOT": f"{folder}/files",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "REDIS_URL": "",
        "EMAIL_URL": "",
        "LOG_LEVEL": "ERROR",
    }


def _wait_for(server: "subprocess.Popen[bytes]", address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the portal did not start")
