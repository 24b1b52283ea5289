"""The examples of the API's description are answers that were given: each call is made in a fixed
world on a fixed day, and its answer compared with iccwc_portal/api_examples.json.

`RECORD_EXAMPLES=1 python -m pytest tests/api/test_examples.py` writes the file anew; look at what
changed, and bring docs/openapi.yaml up to date (`make docs`).
"""

import json
import os
import re
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator

from iccwc_portal.api_document import EXAMPLES
from tests.api import examples_world
from tests.api.conftest import Caller, with_key
from tests.api.examples_world import Example

pytestmark = pytest.mark.django_db

NOW = "2026-03-02T09:00:00Z"
# What the database, or chance, gives differently each time, as the description shows it.
_REPLACED = (
    (re.compile(r"http://testserver"), "https://portal.example.org"),
    (re.compile(r"ICCWC-2026-\d{4}"), "ICCWC-2026-0042"),
    (re.compile(r"(/(?:referrals|conversations|steps|webhooks|attachments|assessments"
                r"|recommendations)/)\d+"), r"\g<1>17"),
    (re.compile(r"(cursor|after)=[^&]+"), r"\1=WyJhZnRlciIs"),
    (re.compile(r"whsec_[\w+/=]+"), "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    (re.compile(r"iccwc_[0-9a-f]{8}"), "iccwc_3f9a1c07"),
    (re.compile(r"127\.0\.0\.1:9"), "cases.example.org"),
    (re.compile(r"[Pp]erson ?\d+"), "Person"),
)  # fmt: skip
_NUMBERS = {"id", "implementation", "event", "after", "size", "key"}


def steady(said: Any, name: str = "") -> Any:
    """The same whenever and on whichever database it was said."""
    if isinstance(said, dict):
        return {key: steady(value, key) for key, value in said.items()}
    if isinstance(said, list):
        return [steady(one, name) for one in said]
    if isinstance(said, bool) or said is None:
        return said
    if isinstance(said, int):
        return 17 if name in _NUMBERS else said
    for pattern, words in _REPLACED:
        said = pattern.sub(words, said) if isinstance(said, str) else said
    return "5c8f0e1d9b7a4c36" * 4 if name == "sha256" else said


def call(caller: Caller, example: Example) -> Any:
    if example.body is None and not example.is_file:
        return caller.get(example.path + example.query)
    headers = {"idempotency-key": f"a-word-for-{example.operation}"}
    about, actions, _name = example.path.partition("actions/")
    if actions:
        headers["if-match"] = caller.get(about)["ETag"]
    if example.is_file:
        sent = {"data": {"file": examples_world.pdf()}, "headers": headers}
        return caller.client.post(f"/api/v1/{example.path}", **sent)
    return caller.post(example.path, example.body, headers=headers)


def recorded(caller: Caller, example: Example) -> dict[str, Any]:
    for one in example.needs:
        assert call(caller, one).status_code < 300
    answer = call(caller, example)
    assert answer.status_code < 300, (example.operation, answer.content)
    parts = {name: str(value) for name, value in resolve(f"/api/v1/{example.path}").kwargs.items()}
    known: dict[str, Any] = {
        "path": {_said.get(name, name): _part(value) for name, value in parts.items()}
    }
    if example.body is not None:
        known["body"] = steady(example.body)
    known["status"] = answer.status_code
    if answer["Content-Type"] == "application/json":
        known["answer"] = steady(answer.json())
    return known


_said = {"pk": "id", "action_name": "action"}


def _part(value: str) -> "str | int":
    return 17 if value.isdigit() else steady(value)


@pytest.fixture
def answers(settings: Any) -> dict[str, Any]:
    """By operation; each call is undone before the next."""
    settings.DEMO = True  # a webhook may be on loopback
    found = {}
    with time_machine.travel(NOW, tick=False):
        world = examples_world.build()
        caller = with_key(world.token)
        for example in examples_world.examples(world):
            with transaction.atomic():
                found[example.operation] = recorded(caller, example)
                transaction.set_rollback(True)
    return dict(sorted(found.items()))


def test_every_example_is_an_answer_that_was_given(answers: dict[str, Any]) -> None:
    if os.environ.get("RECORD_EXAMPLES"):
        text = json.dumps(answers, ensure_ascii=False, indent=1)
        EXAMPLES.write_text(f"{text}\n", encoding="utf-8")
    shown = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert answers == shown


# What countries and the Secretariat do, with a session; the portal's pages are their place.
NOT_OF_AGENCIES = {
    "requests_actions": None,
    "conversations_actions": {"ask_again", "close", "open_to", "reopen"},
    "referrals_actions": {"prolong", "recall", "remind"},
    "toolkit_steps_actions": {"attach", "confirm", "plan", "refuse"},
}  # fmt: skip


def _is_of_others(operation: str) -> bool:
    start, _actions, action = operation.removesuffix("_create").partition("_actions_")
    actions = NOT_OF_AGENCIES.get(f"{start}_actions", set())
    return bool(_actions) and (actions is None or action in actions)


def test_every_operation_for_agencies_has_an_example() -> None:
    shown = set(json.loads(EXAMPLES.read_text(encoding="utf-8")))
    operations = _described()
    assert shown == {one for one in operations if not _is_of_others(one)}


def _described() -> set[str]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {operation["operationId"] for path in paths.values() for operation in path.values()}
