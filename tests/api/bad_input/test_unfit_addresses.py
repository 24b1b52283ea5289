"""What no program should send as an address: an answer that says so, on every route, and no 500."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.api.bad_input.addresses import TOO_BIG, filled, is_told
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db

NO_JSON = "text/html"


def test_ids_that_no_row_can_have_are_404_like_any_other_missing_one(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    said = agency.get("referrals/999999/").content
    tried = 0
    for method, paths in templates.items():
        for template in [path for path in paths if "{" in path]:
            for strange in [*map(str, TOO_BIG), "0", "-1", "²", "1%00", "%ff", "1e5", "a" * 500]:
                path = filled(template, world, other=strange)
                answer = getattr(agency, method)(path)
                tried += 1
                null = "%00" in strange
                assert answer.status_code == (400 if null else 404), (method, path)
                assert is_told(answer), path
                assert null or answer.content == said, path
    assert tried > 500


def test_a_hidden_row_costs_and_says_what_a_missing_one_does(
    world: SimpleNamespace, agency: Caller
) -> None:
    hidden, wco = world.asked_wco.handle, world.referral_of_wco.pk
    talk = make.conversation(world.asked_wco)
    file = world.asked_wco.attachments.get()
    pairs = {
        f"requests/{hidden}/": "requests/ICCWC-1999-0001/",
        f"requests/{hidden}/attachments/{file.pk}/": "requests/ICCWC-1999-0001/attachments/999999/",
        f"referrals/{wco}/": "referrals/999999/",
        f"conversations/{talk.pk}/": "conversations/999999/",
        f"toolkit/steps/{world.private.steps.last().pk}/": "toolkit/steps/999999/",
    }
    writes = {
        f"requests/{hidden}/actions/start/": "requests/ICCWC-1999-0001/actions/start/",
        f"requests/{hidden}/attachments/": "requests/ICCWC-1999-0001/attachments/",
        f"referrals/{wco}/actions/accept/": "referrals/999999/actions/accept/",
        f"conversations/{talk.pk}/actions/reply/": "conversations/999999/actions/reply/",
    }
    other = with_key(make.api_key(make.agency("UNODC"))[1])
    for method, both in (("get", pairs), ("post", writes)):
        for one, none in both.items():
            caller = other if "steps" in one else agency
            found = [_told(getattr(caller, method), path) for path in (one, one, none)]
            assert found[1] == found[2], one
            assert found[1][0] == 404


def _told(call: Any, path: str) -> tuple[int, bytes, dict[str, str], int]:
    with CaptureQueriesContext(connection) as captured:
        answer = call(path)
    headers = {name: value for name, value in answer.headers.items() if name != "RateLimit"}
    return answer.status_code, answer.content, headers, len(captured)


STRANGE = ["x=%ff", "%ff=1", "%00=1", "x=%00", "q=%c3%28", "fields=%00", "fields=%ff", "fields="]


def test_parameters_that_are_no_text_are_refused_by_name_on_every_route(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    for template in templates["get"]:
        path = filled(template, world)
        if agency.get(path).headers["Content-Type"].startswith(NO_JSON):
            continue  # the page for people
        for strange in STRANGE:
            answer = agency.get(f"{path}?{strange}")
            assert is_told(answer), (path, strange, answer.content[:300])
            assert answer.status_code in {400, 404}, (path, strange)


def test_text_that_is_no_utf_8_finds_nothing_by_chance(agency: Caller) -> None:
    problem = agency.get("requests/?q=%c3%28").json()
    assert problem["errors"] == {"q": ["This is not UTF-8."]}


def _lists(agency: Caller, templates: dict[str, list[str]]) -> Iterator[str]:
    for template in templates["get"]:
        if "{" not in template and "results" in agency.get(template).content.decode()[:2000]:
            answer = agency.get(template)
            if answer.status_code == 200 and "previous" in answer.json():
                yield template


def test_a_cursor_of_another_list_or_cut_anywhere_is_400(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    officer = signed_in(world.officer)
    lists = list(_lists(officer, templates))
    assert len(lists) >= 9
    cursors = {}
    for path in lists:
        link = officer.get(f"{path}?page_size=1").json()["next"]
        if link:
            cursors[path] = re.findall(r"cursor=([^&]+)", link)[0]
    assert len(cursors) >= 4
    for path in lists:
        own = cursors.get(path, "")
        foreign = [cursor for of, cursor in cursors.items() if of != path]
        cut = [own[:length] for length in range(1, len(own))]
        for cursor in [*foreign, *cut, own + "A", own[::-1] or "x", "%00", "%ff", "0", "W10"]:
            answer = officer.get(f"{path}?page_size=1&cursor={cursor}")
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"]), (
                path, cursor,
            )  # fmt: skip
