"""make test: every test on SQLite, then on PostgreSQL, beside real servers and a real browser."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from tools import messages, servers

# One more than there are processors: tests that start servers mostly wait.
WORKERS = str(min((os.cpu_count() or 1) + 1, 8))


def main(arguments: list[str]) -> int:
    messages.compile_all()
    with ExitStack() as running:
        found = {
            "POSTGRES_URL": running.enter_context(servers.postgres()),
            "REDIS_SERVER_URL": running.enter_context(servers.redis()),
            "CHROMIUM": servers.chromium(),
        }
        missing = [name for name, value in found.items() if value is None]
        for name in missing:
            print(f"NOT TO BE HAD HERE: {name}. The tests that need it are skipped.", flush=True)
        if missing and os.environ.get("CI") == "true":
            print("With CI=true nothing may be skipped.")
            return 1
        env = {**os.environ, **{name: value for name, value in found.items() if value}}
        # Some hundred processes are started, most by the tests: each module is compiled once.
        env["PYTHONPYCACHEPREFIX"] = running.enter_context(TemporaryDirectory(prefix="iccwc-pyc-"))
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        if not found["POSTGRES_URL"]:
            return _pytest("SQLite", env, arguments)
        # Tests of the servers group choose their databases themselves, and what a browser sees
        # does not depend on it: once is enough, a browser where people will use one.
        postgres = {**env, "DATABASE_URL": found["POSTGRES_URL"]}
        codes = [
            _pytest("SQLite", env, ["-m", "not browser", *arguments]),
            _pytest("PostgreSQL", postgres, ["-m", "not servers", *arguments]),
        ]
    return max(codes)


def _pytest(database: str, env: dict[str, str], arguments: list[str]) -> int:
    print(f"\n── Every test on {database} ──", flush=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadscope"]
    command += ["--durations", "40", "--durations-min", "5"]  # what makes it long
    code = subprocess.run([*command, *arguments], env=env, check=False).returncode
    print(f"{database}: {time.monotonic() - started:.0f} seconds", flush=True)
    return 0 if code == 5 and "-k" in arguments else code  # 5: no test has that name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
