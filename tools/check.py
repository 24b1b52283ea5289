"""make check: everything a machine can judge without running the tests; names all that fails."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def program(name: str) -> str:
    return str(Path(PYTHON).parent / name)


CHECKS: list[tuple[str, list[str]]] = [
    ("style", [program("ruff"), "check", "."]),
    ("format", [program("ruff"), "format", "--check", "."]),
    ("templates", [program("djade"), "--check", "--target-version", "5.2", *TEMPLATES]),
    ("layers", [program("lint-imports")]),
    ("types", [program("mypy"), "."]),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("settings", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
    ("API schema", [PYTHON, "-m", "tools.check_openapi"]),
    ("translations", [PYTHON, "-m", "tools.messages", "check"]),
]


def like_production(folder: str) -> dict[str, str]:
    """What a deployment sets, so that the checks judge the portal as it would stand there."""
    return {
        **os.environ,
        "VAR_DIR": folder,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "API_KEY_PEPPER": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "portal.example.org",
        "SITE_URL": "https://portal.example.org",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "REDIS_URL": "",
        "DEMO": "0",
        "DEBUG": "0",
        "HTTPS": "1",
    }


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="iccwc-check-") as folder:
        env = like_production(folder)
        for name, command in CHECKS:
            started = time.monotonic()
            done = subprocess.run(
                command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
            )
            verdict = "FAILED" if done.returncode else "ok"
            print(f"{name:<14} {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks pass.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
