"""make run: set everything up, start web, worker and beat, say where, and stop them together."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tools import setup  # noqa: E402

VAR = os.path.abspath(os.environ.get("VAR_DIR") or os.path.join(setup.ROOT, "var"))
HOST = "127.0.0.1"
PATIENCE = 120  # seconds until the web server must have answered


def check_port(text: str) -> int:
    """The port as a number, when it is one and nobody listens there."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        setup.stop(f"PORT must be a number from 1 to 65535, not {text}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            setup.stop(
                f"Port {text} cannot be used ({str(error.strerror).lower()}). "
                f"Choose another one: make run PORT={int(text) % 65535 + 1}"
            )
    return int(text)


def secret_key() -> str:
    """A random key of this installation, kept where only its owner can read it."""
    path = os.path.join(VAR, "secret-key")
    if not os.path.exists(path):
        os.makedirs(VAR, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    with open(path) as file:
        return file.read().strip()


def environment(port: int) -> "dict[str, str]":
    """What the caller has set, and for the rest what the demo needs, whatever a .env may say."""
    key = os.environ.get("SECRET_KEY") or secret_key()
    defaults = {
        "SECRET_KEY": key,
        "API_KEY_PEPPER": key,
        "DATABASE_URL": f"sqlite:///{VAR}/portal.sqlite3",
        "REDIS_URL": "",
        "EMAIL_URL": "",
        "MEDIA_ROOT": os.path.join(VAR, "files"),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "HTTPS": "0",
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
    }
    ours = {
        "DEMO": "1",
        "SITE_URL": f"http://{HOST}:{port}",
        "PORT": str(port),
        "VAR_DIR": VAR,
        "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
        "PYTHONUNBUFFERED": "1",
        "PATH": os.path.dirname(setup.PYTHON) + os.pathsep + os.environ.get("PATH", ""),
    }
    return {**defaults, **os.environ, **ours}


def start(env: "dict[str, str]") -> "subprocess.Popen[bytes]":
    """The Procfile runner, in a session of its own: it alone decides how its processes end."""
    honcho = os.path.join(os.path.dirname(setup.PYTHON), "honcho")
    command = [setup.PYTHON, honcho, "start", "-f", "Procfile", "-e", os.devnull]
    return subprocess.Popen(command, cwd=setup.ROOT, env=env, start_new_session=True)


def wait_until_it_answers(
    runner: "subprocess.Popen[bytes]", address: str, asked_to_stop: "list[int]"
) -> bool:
    """True once /healthz answers; False when the runner ended, patience did, or we shall stop."""
    end = time.time() + PATIENCE
    while time.time() < end and runner.poll() is None and not asked_to_stop:
        try:
            with urllib.request.urlopen(address + "/healthz", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def welcome(address: str) -> None:
    setup.say(f"\nThe portal is running at {address} (stop it with Ctrl-C)\n")
    path = os.path.join(VAR, "demo-accounts.json")
    try:
        with open(path) as file:
            accounts = json.load(file)
    except FileNotFoundError:
        return
    setup.say(f"Demo sign-ins (also in {os.path.relpath(path)}):\n")
    columns = ("role", "body", "email", "password", "api_key")
    rows = [columns] + [[account.get(name) or "-" for name in columns] for account in accounts]
    widths = [max(len(row[number]) for row in rows) for number in range(len(columns))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]  # noqa: B905 - older Pythons
        setup.say("  " + "  ".join(cells).rstrip())
    setup.say("")


def main() -> None:
    port = check_port(os.environ.get("PORT") or "8000")
    signal.signal(signal.SIGTERM, interrupt)
    setup.set_up("base")
    env = environment(port)
    if subprocess.run([setup.PYTHON, "-m", "tools.prepare"], cwd=setup.ROOT, env=env).returncode:
        setup.stop("The portal could not be prepared; the reason is given above.")
    sys.exit(run_until_stopped(env))


def interrupt(number: int, frame: object) -> None:
    """SIGTERM during the set-up ends it as Ctrl-C does, with the step that is under way."""
    raise KeyboardInterrupt


def run_until_stopped(env: "dict[str, str]") -> int:
    """Run the Procfile; 0 when somebody stopped it, else the exit code of what failed."""
    runners = []  # type: list[subprocess.Popen[bytes]]
    asked_to_stop = []  # type: list[int]

    def pass_on(number: int, frame: object) -> None:
        asked_to_stop.append(number)
        for runner in runners:
            if runner.poll() is None:
                runner.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    runners.append(start(env))
    if wait_until_it_answers(runners[0], env["SITE_URL"], asked_to_stop):
        welcome(env["SITE_URL"])
    elif not asked_to_stop:
        setup.say("The portal did not start; the reason is given above.")
        runners[0].send_signal(signal.SIGTERM)
    code = runners[0].wait()
    if asked_to_stop:
        setup.say("Stopped.")
        return 0
    return code or 1


def manage(arguments: "list[str]") -> None:
    """One command of manage.py in the environment of `make run`."""
    setup.set_up("base")
    command = [setup.PYTHON, "manage.py"] + arguments
    sys.exit(subprocess.call(command, cwd=setup.ROOT, env=environment(8000)))


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["manage"]:
            manage(sys.argv[2:])
        main()
    except KeyboardInterrupt:
        setup.stop("\nStopped.")
