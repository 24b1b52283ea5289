"""Documents that say what is so: generated ones are up to date, named files exist."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
# docs/api.md names addresses of the API, which look like folders; its own test runs them.
GUIDES = ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
GUIDES.remove("docs/api.md")
A_PATH = re.compile(r"`([\w./-]+(?:/|\.(?:py|md|toml|yml|yaml|html|css|json|tsv|txt)))`")


def test_the_state_diagrams_are_those_of_the_tables() -> None:
    printed = StringIO()
    call_command("show_workflow", stdout=printed)
    assert (ROOT / "docs/workflow.md").read_text() == printed.getvalue(), "run `make docs`"


def test_the_kinds_of_events_are_those_that_are_registered() -> None:
    printed = StringIO()
    call_command("show_events", stdout=printed)
    assert (ROOT / "docs/events.md").read_text() == printed.getvalue(), "run `make docs`"


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_that_a_guide_names_exists(guide: str) -> None:
    """Addresses of the site begin with a slash and are not looked for; nor is what is made."""
    named = set(A_PATH.findall((ROOT / guide).read_text()))
    made = ("var/", ".venv/")
    missing = [
        name
        for name in named
        if not name.startswith(("/", *made))
        and not any((base / name).exists() for base in (ROOT, ROOT / "docs"))
    ]
    assert missing == []
