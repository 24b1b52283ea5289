"""What a deployment reads: every variable is named, and nothing unsafe starts."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers.installation import ROOT

SETTINGS = "".join(part.read_text() for part in (ROOT / "iccwc_portal").glob("settings*.py"))
EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)


def test_the_example_names_every_variable_and_no_other() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))
    named = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)

    assert sorted(named) == sorted(read | {"PORT", "POSTGRES_PASSWORD"})


def test_compose_gives_the_production_shape() -> None:
    assert set(COMPOSE["services"]) == {
        "database",
        "broker",
        "mail",
        "migrate",
        "web",
        "worker",
        "beat",
    }
    for name, service in COMPOSE["services"].items():
        assert "healthcheck" in service or name == "migrate"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_compose_hands_on_every_variable_but_those_of_the_image_and_of_demos() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))

    given = set(COMPOSE["services"]["web"]["environment"])

    assert given == read - {"VAR_DIR", "MEDIA_ROOT", "DEMO", "DEBUG"}


def test_compose_holds_no_secret_and_starts_without_none() -> None:
    environment = COMPOSE["services"]["web"]["environment"]
    for name in ("SECRET_KEY", "API_KEY_PEPPER", "ALLOWED_HOSTS", "SITE_URL"):
        assert environment[name].startswith(f"${{{name}:?")
    assert environment["DATABASE_URL"].startswith("postgres://portal:${POSTGRES_PASSWORD:?")
    assert not {"DEMO", "DEBUG"} & set(environment)
    named = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_TEXT))
    assert named <= set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def _check(folder: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Load the settings the way gunicorn does, in an environment of these variables alone."""
    return subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", "iccwc_portal.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), "DATABASE_URL": "", **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("mode", ["DEMO", "DEBUG"])
def test_demo_and_debug_refuse_to_start_on_a_host_that_others_reach(
    mode: str, tmp_path: Path
) -> None:
    done = _check(
        tmp_path, SECRET_KEY="x", ALLOWED_HOSTS="localhost,portal.example.org", **{mode: "1"}
    )

    assert done.returncode != 0
    assert "DEMO and DEBUG are for loopback hosts only" in done.stderr


def test_the_demo_starts_on_loopback_hosts(tmp_path: Path) -> None:
    done = _check(tmp_path, SECRET_KEY="x", DEMO="1", DATABASE_URL=f"sqlite:///{tmp_path}/db")

    assert done.returncode == 0, done.stderr


def test_without_a_secret_key_nothing_starts(tmp_path: Path) -> None:
    done = _check(tmp_path, ALLOWED_HOSTS="portal.example.org")

    assert done.returncode != 0
    assert 'Environment variable "SECRET_KEY" not set' in done.stderr


def test_every_package_asked_for_has_its_line_of_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    for name in ("base.in", "dev.in"):
        for line in (ROOT / "requirements" / name).read_text().splitlines():
            package = re.match(r"[a-z][\w-]*", line, re.IGNORECASE)
            if package:
                assert f"| {package[0]} |" in reasons, package[0]


def test_the_locks_have_hashes_and_name_no_registry() -> None:
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        packages = re.findall(r"^[\w.\[\]-]+==.*$", text, re.MULTILINE)
        assert packages
        assert all(line.endswith("\\") for line in packages)
