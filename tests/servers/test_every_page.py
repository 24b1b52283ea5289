"""Every page and state of the focal point's side and of the desk in every language, in a real
browser against a real server with the demonstration's data: accessible, inside its width, nothing
on the console."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.servers


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    if not os.environ.get("CHROMIUM"):
        pytest.skip("Chromium cannot be had here")
    # The portal that is started has settings of its own.
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True, text=True, check=False, timeout=2400, env=env,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_no_page_has_a_fault(language: str) -> None:
    looked = run("tools.screens", "check", language)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert f"pages looked at in {language}: no fault" in looked.stdout


def test_no_first_visit_weighs_more_than_the_budget() -> None:
    weighed = run("bench.pages", "weigh")
    assert weighed.returncode == 0, weighed.stdout + weighed.stderr
    assert "Above 81,920 bytes: none" in weighed.stdout
