"""The OpenAPI description, the pages about the API, and what docs/api.md promises."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from iccwc_portal import api_urls
from iccwc_portal.api_problems import PROBLEMS
from requests_app.workflow import REQUESTS
from tests import make
from tests.api.conftest import Caller, with_key
from workflow.executor import tables

pytestmark = pytest.mark.django_db

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    call_command("spectacular", file=str(file), validate=True, fail_on_warn=True)
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def test_the_description_checked_in_is_the_present_one(description: Any) -> None:
    checked_in = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
    assert yaml.safe_load(checked_in.read_text(encoding="utf-8")) == description


def test_every_action_is_described_with_its_fields(description: Any) -> None:
    schemas = description["components"]["schemas"]
    for table in tables():
        if table.name not in {"requests", "referrals"}:
            continue
        start = "requests/{reference}" if table.name == "requests" else "referrals/{id}"
        for transition in table.transitions:
            post = description["paths"][f"/api/v1/{start}/actions/{transition.action}/"]["post"]
            assert {"400", "401", "403", "404", "409", "412"} <= set(post["responses"])
            assert {"200", "201"} & set(post["responses"])
            if not transition.inputs:
                continue
            (body,) = post["requestBody"]["content"].values()
            fields = schemas[body["schema"]["$ref"].rpartition("/")[2]]["properties"]
            assert sorted(fields) == sorted(one.name for one in transition.inputs)


def test_what_no_key_can_do_is_set_apart(description: Any) -> None:
    """As the tables of tests/workflow/test_matrix.py have it: rows without any key."""
    apart = defaultdict(set)
    for path, operations in description["paths"].items():
        for operation in operations.values():
            keys = any("apiKey" in one for one in operation["security"])
            if operation["tags"] == ["for people alone"]:
                thing, _slash, action = path[len("/api/v1/") : -1].partition("/actions/")
                apart[thing.partition("/{")[0]].add(action)
                assert not keys, path
                assert "Scope of the key" not in operation["description"]
            else:
                assert keys, path
    assert apart == {
        "conversations": {"ask_again", "close", "open_to", "reopen"},
        "referrals": {"prolong", "recall", "remind"},
        "requests": {one.action for one in REQUESTS.transitions} - {"start"},
        "toolkit/steps": {"attach", "confirm", "plan", "refuse"},
    }
    named = {tag["name"] for tag in description["tags"]}
    used = {tag for o in description["paths"].values() for one in o.values() for tag in one["tags"]}
    assert used == named


def test_what_makes_something_says_where_it_is(description: Any) -> None:
    found: dict[str, list[str]] = {}
    for path, operations in description["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if "Location" in answer.get("headers", {}):
                    found.setdefault(path.removeprefix("/api/v1/"), []).append(status)
    assert found == {
        "requests/{reference}/actions/ask/": ["201"],
        "requests/{reference}/actions/write/": ["201"],
        "requests/{reference}/attachments/": ["200", "201"],
        "referrals/{id}/actions/ask/": ["201"],
        "referrals/{id}/actions/send_document/": ["200", "201"],
        "webhooks/": ["201"],
    }


def test_every_operation_says_who_may_call_it(description: Any) -> None:
    public = {
        path
        for path, operations in description["paths"].items()
        for operation in operations.values()
        if {} in operation["security"]
    }
    assert public == {
        f"/api/v1/{path}/"
        for path in (
            "activities", "activities/{slug}", "agencies", "agencies/{code}", "documents",
            "documents/{slug}", "network-meetings", "network-meetings/{slug}", "networks",
            "networks/{slug}", "news", "news/{slug}", "offices", "operations",
            "operations/{slug}", "recognition", "recognition/{slug}", "topics", "parties",
            "parties/{code}", "supports", "supports/{key}", "toolkit/assessments",
            "toolkit/assessments/{id}", "toolkit/changes",
            "toolkit/implementations", "toolkit/observations", "toolkit/recommendations",
            "toolkit/recommendations/{id}", "toolkit/totals",
        )
    }  # fmt: skip


def test_the_pages_about_the_api_are_for_everybody() -> None:
    for path in ("schema/", "docs/", "docs/?script=", "problems/"):
        assert Caller().get(path).status_code == 200
        assert with_key("bad.key").get(path).status_code == 200


def test_the_first_address_leads_to_every_list_and_page() -> None:
    led = Caller().get("").json()
    known = [*api_urls.asked_most.registry, *api_urls.router.registry]
    lists = {f"{name}-list" for _prefix, _view, name in known}
    pages = {"me", "events", "schema", "docs", "problems"}
    assert set(led) == lists | pages
    key = with_key(make.api_key()[1])
    assert {key.client.get(one).status_code for one in led.values()} == {200}


def test_the_docs_page_holds_no_script_of_its_own() -> None:
    page = Caller().get("docs/")
    text = page.content.decode()
    assert re.findall(r"<script(?![^>]*src=)", text) == []
    assert "<style" not in text
    policy = page["Content-Security-Policy"]
    assert "script-src" not in policy or "unsafe" not in policy.partition("script-src")[2]
    assert "default-src 'self'" in policy
    other = Caller().get("problems/")["Content-Security-Policy"]
    assert "unsafe-inline" not in other


def test_every_code_has_a_place_on_its_page_and_in_the_guide() -> None:
    page = Caller().get("problems/").content.decode()
    for code, (status, _title) in PROBLEMS.items():
        assert f'<tr id="{code}">' in page
        assert f"| `{code}` | {status} |" in GUIDE


def test_an_address_below_the_api_that_is_none_is_refused_as_a_problem() -> None:
    """Also where no pattern fits it: a line break, no slash at its end, U+0000."""
    caller, answers = Caller(), {}
    for path in ("nothing/", "%0A/", "nothing", "requests/A%0AB/actions/accept/", "%00/"):
        for method in (caller.client.get, caller.client.post):
            answer = method(f"/api/v1/{path}")
            if answer.status_code != 301:
                answers[path, method.__name__] = (answer.status_code, answer["Content-Type"])
    refused = (404, "application/problem+json")
    assert answers == {
        **dict.fromkeys(answers, refused),
        ("%00/", "get"): (400, "application/problem+json"),
        ("%00/", "post"): (400, "application/problem+json"),
    }
    assert ("nothing", "get") not in answers  # reading is led to the address with its slash
    assert len(answers) == 9
