"""schemathesis calls every operation of a running portal as its own description says, and as it
says one must not, with keys of every kind; whatever answers otherwise than described is a fault.

It runs in processes of its own, from fixed seeds: what it warns about is not ours to silence.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.servers

PROGRAM = str(Path(sys.executable).parent / "schemathesis")
# Whether data that fit the description are taken depends on the state of each case, on what the
# key may see, and on ids that exist; what they are refused with is judged by the other checks.
LEFT_OUT = "positive_data_acceptance"
# Whether the caller may see the row, may act and may act now is judged before what is missing,
# and whether it is still as it was read before what is said.
SETTINGS = """
[checks.missing_required_header]
expected-statuses = [400, 401, 403, 404, 409, 415, 422, 428]
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 415, 422, 428, 429]
"""
HOOKS = str(Path(__file__).with_name("searching.py"))
# The full search with a key that may do most, where a key may do anything at all; with the others,
# the calls that each operation's description asks for by itself, and some more.
OF_OTHERS = r"requests/\{reference\}/actions/(?!start)"
THOROUGH = [
    "--phases", "examples,coverage,fuzzing", "--max-examples", "3",
    "--exclude-path-regex", OF_OTHERS,
]  # fmt: skip
BRIEF = ["--phases", "examples,fuzzing", "--max-examples", "1"]


KINDS = {
    "all scopes": THOROUGH,
    **dict.fromkeys(
        [
            "reading", "requests:read", "referrals:write", "toolkit:read", "toolkit:write",
            "events:read", "webhooks:manage", "no key", "expired", "revoked",
        ],
        BRIEF,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_as_described(kind: str, portal: dict[str, Any], tmp_path: Path) -> None:
    token = portal["keys"][kind]
    settings_file = tmp_path / "schemathesis.toml"
    settings_file.write_text(SETTINGS)
    schema = f"{portal['address']}/api/v1/schema/?format=json"
    command = [
        PROGRAM, "--config-file", str(settings_file), "run", schema, "--seed", "6",
        *(["--header", f"Authorization: Api-Key {token}"] if token else []),
        "--checks", "all", "--exclude-checks", LEFT_OUT, "--no-shrink", "--warnings", "off",
        "--continue-on-failure", "--generation-database", "none", "--request-timeout", "40",
        "--output-sanitize", "true", "--no-color", *KINDS[kind],
    ]  # fmt: skip
    searched = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS},
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert searched.returncode == 0, searched.stdout[-12_000:] + searched.stderr[-2_000:]
    operations = re.search(r"Tested: (\d+)", searched.stdout)
    assert operations, searched.stdout[-2_000:]
    assert int(operations[1]) > 60, "hardly anything was called"
