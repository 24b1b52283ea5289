"""Fail when docs/openapi.yaml is not what the code describes; `--write` brings it up to date."""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKED_IN = ROOT / "docs" / "openapi.yaml"


def describe(target: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "spectacular", "--file", str(target), "--validate",
         "--fail-on-warn"],
        cwd=ROOT,
        check=True,
    )  # fmt: skip


def main() -> int:
    if "--write" in sys.argv[1:]:
        describe(CHECKED_IN)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        present = Path(folder) / "openapi.yaml"
        describe(present)
        new = present.read_text(encoding="utf-8").splitlines()
    old = CHECKED_IN.read_text(encoding="utf-8").splitlines() if CHECKED_IN.exists() else []
    difference = list(difflib.unified_diff(old, new, "docs/openapi.yaml", "the code", lineterm=""))
    if difference:
        print("\n".join(difference[:60]))
        print("docs/openapi.yaml is out of date: run python tools/check_openapi.py --write")
    return 1 if difference else 0


if __name__ == "__main__":
    raise SystemExit(main())
