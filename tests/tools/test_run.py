"""make run: one clear sentence for what is wrong, and no process left behind."""

import ast
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.servers.installation import ROOT
from tools import setup
from tools.servers import free_port


@pytest.mark.parametrize("name", ["setup.py", "run.py"])
def test_the_first_steps_parse_on_a_python_that_is_too_old(name: str) -> None:
    ast.parse((ROOT / "tools" / name).read_text(), feature_version=(3, 6))


def test_an_old_python_gets_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        setup.check_python((3, 9, 2))

    said = capsys.readouterr().err
    assert said.startswith("The portal needs Python 3.11 or newer; this is Python 3.9.2 (")
    assert said.count("\n") == 1


def test_a_python_without_venv_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        setup.check_venv_module()

    said = capsys.readouterr().err
    assert "no venv module" in said
    assert "apt install python3-venv" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_port_that_is_none_gets_one_sentence(port: str, tmp_path: Path) -> None:
    done = _run(tmp_path, PORT=port)

    assert done.returncode == 1
    assert done.stderr == f"PORT must be a number from 1 to 65535, not {port}.\n"


def test_a_used_port_gets_one_sentence_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run(tmp_path, PORT=str(port))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Port {port} cannot be used (address already in use). "
        f"Choose another one: make run PORT={port + 1}\n"
    )
    assert list(tmp_path.iterdir()) == []


def _run(var: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "tools/run.py"],
        cwd=ROOT,
        env={**_environment(var), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def _environment(var: Path) -> dict[str, str]:
    """Without what the tests' own settings have put there."""
    ours = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MEDIA_ROOT", "SECRET_KEY", "DEMO", "HTTPS")
    ours += ("API_KEY_PEPPER", "ALLOWED_HOSTS", "SITE_URL", "DEBUG", "LOG_LEVEL")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"}


@pytest.mark.servers
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_portal_runs_on_demo_data_and_stops_without_leaving_a_process(
    how: signal.Signals, tmp_path: Path
) -> None:
    port = free_port()
    log = tmp_path / "log"
    portal = psutil.Popen(
        ["make", "run", f"PORT={port}", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        env=_environment(tmp_path / "var"),
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _wait_until(lambda: "The portal is running at" in log.read_text(), portal, log)
        family = portal.children(recursive=True)
        names = {word for process in family for word in process.cmdline()}
        assert {"worker", "beat", "iccwc_portal.wsgi"} <= names
        assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
        assert "/requests/" not in log.read_text(), "no request of a mail reader is logged"
    finally:
        if how == signal.SIGINT:
            os.killpg(portal.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
        else:
            portal.send_signal(signal.SIGTERM)
        portal.wait(30)

    assert [one for one in family if one.is_running() and one.status() != "zombie"] == []
    assert "Stopped." in log.read_text()


def _wait_until(said: "object", portal: psutil.Popen, log: Path) -> None:
    end = time.monotonic() + 120
    while not said():
        assert portal.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.2)
