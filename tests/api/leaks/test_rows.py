"""Route × key × scope × row: no door of the API tells of what its caller may not see.

The routes and their parameters are taken from the map of the site and from the description, so
that a new one is looked at, or fails for want of a row (tests/api/leaks/world.py).
"""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.api.conftest import signed_in
from tests.api.leaks import world as things
from tests.api.leaks.callers import (
    SOME,
    WRITING_ALONE,
    Key,
    hidden_from,
    said,
    status_expected,
)
from tests.api.leaks.doors import actions_below, route_of
from tests.api.leaks.world import PUBLIC, Row, missing
from tests.test_routes import _plain, routes

pytestmark = pytest.mark.django_db


def test_every_route_that_gives_something_has_its_rows(whole: SimpleNamespace) -> None:
    """A route with a part to fill in needs a row that some agency reads and one that none of the
    callers' reads, or is for everybody."""
    rows = things.rows(whole)
    seen: dict[str, set[frozenset[str]]] = {}
    for row in rows:
        seen.setdefault(route_of(row.path), set()).add(row.readers)
    public = {route_of(path) for path in PUBLIC}
    with_parts = {
        _plain(route).removeprefix("api/v1/")
        for route in routes()
        if route.startswith("api/v1/")
        and "<" in route
        and "actions/" not in route
        and _plain(route).removeprefix("api/v1/") not in WRITTEN_ONLY
    }
    assert with_parts == public | set(seen)
    for route, readers in seen.items():
        assert any(readers), f"nobody reads {route}"
        assert len(readers) > 1, f"nobody is refused at {route}"


# Addresses that are only written to: the actions' test posts to them too.
WRITTEN_ONLY = {"requests/<slug:reference>/attachments/"}


def test_each_row_opens_to_its_readers_alone_and_holds_no_word_of_others(
    whole: SimpleNamespace,
) -> None:
    answered, expected, found = {}, {}, []
    for row in things.rows(whole):
        for name, key in whole.keys.items():
            answer = key.caller.get(row.path)
            answered[row.name, name] = answer.status_code
            expected[row.name, name] = status_expected(key, row)
            words = said(answer)
            found += [(row.name, name, mark) for mark in hidden_from(key) if mark in words]
    assert answered == expected
    assert found == []


CONDITIONS: dict[str, dict[str, str]] = {
    "as it is": {},
    "any version": {"if-none-match": "*"},
    "its version": {"if-none-match": "{tag}"},
    "a part": {"range": "bytes=0-3"},
    "no part": {"range": "bytes=999999-"},
    "a part of its version": {"range": "bytes=0-3", "if-range": "{tag}"},
    "in French": {"accept-language": "fr"},
    "as a table": {"accept": "text/csv"},
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_hidden_row_answers_like_one_that_is_not_there(
    whole: SimpleNamespace, condition: str
) -> None:
    """Its tag, its parts and its files tell nothing either."""
    differing = []
    for row, tag in _with_tags(whole):
        headers = {name: value.format(tag=tag) for name, value in CONDITIONS[condition].items()}
        for name in whole.keys if condition == "as it is" else SOME[:2]:
            differing += _differing(whole.keys[name], row, headers)
    assert differing == []


def _with_tags(world: SimpleNamespace) -> list[tuple[Row, str]]:
    reader = signed_in(world.officer)
    rows = things.rows(world)
    return [(row, reader.get(row.path).headers.get("ETag", '"1.0"')) for row in rows]


def _differing(key: Key, row: Row, headers: dict[str, str]) -> list[Any]:
    if status_expected(key, row) == 200:
        return []
    found = []
    for query in ("", "?fields=id", "?format=csv") if not headers else ("",):
        there = said(key.caller.get(row.path + query, headers=headers))
        nowhere = said(key.caller.get(missing(row) + query, headers=headers))
        if there.replace(row.path, "") != nowhere.replace(missing(row), ""):
            found.append((row.name, query, there, nowhere))
    return found


def test_an_action_on_a_hidden_row_answers_like_one_on_a_row_that_is_not_there(
    whole: SimpleNamespace,
) -> None:
    differing, tried = [], 0
    for row, tag in _with_tags(whole):
        headers = {"If-Match": tag, "Idempotency-Key": "a-word"}
        for action in actions_below(row.path):
            for key in (whole.keys[name] for name in (*SOME[:3], *WRITING_ALONE)):
                if status_expected(key, row) == 200:
                    continue
                there, nowhere = (
                    said(key.caller.post(f"{path}{action}", {"nonsense": 1}, headers=headers))
                    for path in (row.path, missing(row))
                )
                tried += 1
                if there != nowhere or not there.startswith(("401", "403", "404")):
                    differing.append((row.name, action, there, nowhere))
    assert differing == []
    assert tried > 100
