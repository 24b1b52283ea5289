"""docs/api.md: its tables are whole, and its first hour runs as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from partners.models import Scope
from tests.test_routes import _plain, routes

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def section(title: str) -> str:
    return GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_scope_has_its_line() -> None:
    named = re.findall(r"^\| `(\w+:\w+)` \|", section("Keys"), re.MULTILINE)
    assert sorted(named) == sorted(map(str, Scope.values))


def test_every_address_has_its_line() -> None:
    """Those of actions are told by `allowed_actions`, and have sections of their own."""
    rows = re.findall(r"^\| (`[^|]+) \|", section("Resources"), re.MULTILINE)
    named = {re.sub(r"<\w+>", "<>", one) for row in rows for one in re.findall(r"`([^`]+)`", row)}
    there = {
        re.sub(r"<(?:\w+:)?\w+>", "<>", _plain(route).removeprefix("api/v1/"))
        for route in routes()
        if route.startswith("api/v1/") and "actions/" not in route
    } - {"", "nowhere/", ".*[/]"}  # the last two: whatever is not there
    assert there - named == set()
    assert named - there == set()


def run(script: str, portal: dict[str, Any], folder: Path) -> Any:
    """A script of the guide, with the rows of the demonstration."""
    for named, there in portal["rows"].items():
        script = script.replace(named, there)
    # Nobody has that name here; in the demonstration a webhook may be on loopback.
    script = script.replace("https://cases.example.org", "http://127.0.0.1:9")
    # As the package is installed: its command, from the folder of the client.
    script = script.replace("iccwc-sync", f"{sys.executable} -m iccwc_client.sync")
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(settings.BASE_DIR) / "clients" / "python"),
        "PORTAL": portal["address"],
        "KEY": portal["keys"]["all scopes"],
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.servers
def test_the_first_hour_runs_as_it_stands(portal: dict[str, Any], tmp_path: Path) -> None:
    """Every command of the walk-through, in one shell."""
    script = "\n".join(BLOCK.findall(section("The first hour")))
    done = run(script.replace("curl -s", "curl -s --fail-with-body"), portal, tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert '"INTERPOL"' in said  # who the key is
    assert '"accept"' in said  # what could be done
    assert '"accepted"' in said  # what was done
    assert '"Accepted' in said  # and what the feed says of it
    assert '"whsec_' in said
    assert (tmp_path / "mirror.sqlite3").stat().st_size > 0


TOLD = """curl() { command curl -sS --write-out '%{stderr}STATUS %{http_code}\\n' "$@"; }\n"""


@pytest.mark.servers
def test_every_other_call_of_the_guide_is_one_that_can_be_made(
    portal: dict[str, Any], tmp_path: Path
) -> None:
    """Each is answered with what it asks for; an action, where its state has passed, with 409."""
    (tmp_path / "mission-plan.pdf").write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF")
    blocks = [one for one in BLOCK.findall(GUIDE) if "curl" in one and "$AUTH" not in one]
    answered = {block: run(TOLD + block, portal, tmp_path) for block in blocks}
    statuses = {
        block: set(re.findall(r"STATUS (\d+)", done.stderr)) for block, done in answered.items()
    }
    assert {
        block: (seen, answered[block].stderr[-500:], answered[block].stdout[-500:])
        for block, seen in statuses.items()
        if not seen or not seen <= {"200", "201", "409"}
    } == {}
    assert len(blocks) > 8
