"""What happens to others changes no answer."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests.api.leaks import world as things
from tests.api.leaks.callers import said
from tests.api.leaks.doors import doors, lists

pytestmark = pytest.mark.django_db


def all_that_is_read(world: SimpleNamespace, paths: list[str]) -> dict[tuple[str, str], str]:
    """Whatever INTERPOL's key, its officer, and nobody are answered at each path, with its tag."""
    return {
        (name, path): said(world.keys[name].caller.get(path))
        for name in ("INTERPOL all", "officer of INTERPOL", "no key")
        for path in paths
    }


def test_what_is_done_for_others_changes_no_answer(world: SimpleNamespace) -> None:
    """Neither rows nor order, neither tags nor counts, neither a time nor a number: after requests
    to WCO, drafts of countries, and the desk's own notes on INTERPOL's request, every filter and
    every row answer as before, byte for byte."""
    paths = [*(door for door in doors() if "xlsx" not in door), *_own(world)]
    before = all_that_is_read(world, paths)
    things.go_on(world)
    assert _differences(before, all_that_is_read(world, paths)) == {}


def _differences(before: dict[Any, str], after: dict[Any, str]) -> dict[Any, Any]:
    return {door: (words, after[door]) for door, words in before.items() if words != after[door]}


def test_of_a_second_agency_an_agency_learns_that_its_request_was_touched_and_no_more(
    world: SimpleNamespace,
) -> None:
    """`updated_at` is the request's own: it moves with whatever is done to the request, and the
    tag with it. docs/api.md says so."""
    paths = [*(path for path in lists() if "changes" not in path), *_own(world)]

    def read() -> dict[Any, str]:
        answers = all_that_is_read(world, paths)
        return {door: _TOUCHED.sub("", words) for door, words in answers.items()}

    before = read()
    things.ask_a_second(world)
    assert _differences(before, read()) == {}


_TOUCHED = re.compile(r'"updated_at":"[^"]*"|\(.ETag., [^)]*\)')


def _own(world: SimpleNamespace) -> list[str]:
    return [
        f"requests/{world.mine.handle}/",
        f"requests/{world.shared.handle}/",
        f"referrals/{world.mine.referrals.get().pk}/",
        f"referrals/{world.shared.referrals.earliest('pk').pk}/",
        *(f"webhooks/{world.webhook.pk}/{part}" for part in ("", "progress/", "deliveries/")),
    ]
