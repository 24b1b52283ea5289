"""Every page and state of the focal point's side in every language, in a real browser against a
real server with the demonstration's data: accessible, inside its width, nothing on the console."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_no_page_has_a_fault(language: str) -> None:
    if not os.environ.get("CHROMIUM"):
        pytest.skip("Chromium cannot be had here")
    looked = subprocess.run(
        [sys.executable, "-m", "tools.screens", "check", language],
        capture_output=True, text=True, check=False, timeout=900,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
    )  # fmt: skip
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert f"pages looked at in {language}: no fault" in looked.stdout
