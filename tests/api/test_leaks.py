"""Route × key × scope × row: no door of the API tells of what its caller may not see.

The routes and their parameters are taken from the map of the site and from the description, so
that a new one is looked at, or fails for want of a row (tests/api/leaks_world.py).
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator

from partners.models import Scope
from partners.rates import KeyThrottle
from tests import make
from tests.api import leaks_world
from tests.api.conftest import Caller, expired, revoked, signed_in, with_key
from tests.api.leaks_world import MARKS, PUBLIC, Row, missing
from tests.test_routes import _plain, routes, unpacked

pytestmark = pytest.mark.django_db

# What changes from call to call, whoever calls.
PASSING = {"Date", "RateLimit", "X-Request-Id"}


@dataclass
class Key:
    """A caller, and what its key would let it read if it is honoured."""

    caller: Caller
    agency: str = ""
    scopes: frozenset[str] = frozenset()
    refusal: int = 0  # the status of every call that is not public
    is_given: bool = True

    def may_read(self, readers: frozenset[str], scope: str) -> bool:
        return self.agency in readers and scope in self.scopes


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> SimpleNamespace:
    cache.clear()
    settings.DEMO = True  # a webhook may be on loopback
    for name in ("rate", "download_rate"):  # nobody is to be throttled here
        monkeypatch.setattr(KeyThrottle, name, "1000000/min")
    made = leaks_world.begin()
    made.keys = keys_of(made)
    return made


@pytest.fixture
def whole(world: SimpleNamespace) -> SimpleNamespace:
    leaks_world.go_on(world)
    leaks_world.ask_a_second(world)
    leaks_world.ask_kenya(world)
    return world


def keys_of(world: SimpleNamespace) -> dict[str, Key]:
    """Two agencies × every scope alone and all together, and keys that are not honoured."""
    found = {"no key": Key(Caller(), refusal=401, is_given=False)}
    everything = frozenset(map(str, Scope.values))
    for agency in (world.interpol, world.wco):
        for scopes in (everything, *(frozenset({str(one)}) for one in Scope.values)):
            name = "all" if scopes == everything else min(scopes)
            token = make.api_key(agency, sorted(scopes))[1]
            found[f"{agency.code} {name}"] = Key(with_key(token), agency.code, scopes)
        for spoil in (expired, revoked):
            spoilt = with_key(spoil(make.api_key(agency)))
            found[f"{agency.code} {spoil.__name__}"] = Key(spoilt, refusal=401)
    coordinator = with_key(make.api_key(make.secretariat())[1])
    found["key of the Secretariat"] = Key(coordinator, "CITES", everything)
    return found


def said(answer: Any) -> str:
    """All that the caller learns: words of the body, and headers."""
    body = b"".join(answer) if answer.streaming else answer.content
    headers = {name: value for name, value in answer.items() if name not in PASSING}
    return (
        f"{answer.status_code} {sorted(headers.items())} {unpacked(body).decode(errors='replace')}"
    )


def hidden_from(key: Key) -> list[str]:
    return [mark for mark, (who, scope) in MARKS.items() if not key.may_read(who, scope)]


# ── the routes ───────────────────────────────────────────────────────────────────────────────


def described() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True)["paths"])


def lists() -> dict[str, list[dict[str, Any]]]:
    """Path → declared parameters, of every GET without a part to fill in."""
    found = {}
    for path, operations in described().items():
        if "get" in operations and "{" not in path:
            parameters = operations["get"].get("parameters", [])
            found[path] = [one for one in parameters if one.get("in") == "query"]
    return found


def test_every_route_that_gives_something_has_its_rows(whole: SimpleNamespace) -> None:
    """A route with a part to fill in needs a row that some agency reads and one that none of the
    callers' reads, or is for everybody."""
    rows = leaks_world.rows(whole)
    seen: dict[str, set[frozenset[str]]] = {}
    for row in rows:
        seen.setdefault(_route_of(row.path), set()).add(row.readers)
    public = {_route_of(path) for path in PUBLIC}
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


def _route_of(path: str) -> str:
    return _plain(resolve(f"/api/v1/{path}").route).removeprefix("api/v1/")


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


def status_expected(key: Key, row: Row) -> int:
    is_public = row.scope == leaks_world.TOOLKIT and "steps/" not in row.path
    if key.refusal:  # what is public needs no key, but a key that is given has to be good
        return 404 if is_public and not key.is_given else key.refusal
    if row.scope not in key.scopes:
        return 404 if is_public else 403
    return 200 if key.may_read(row.readers, row.scope) else 404


def test_each_row_opens_to_its_readers_alone(whole: SimpleNamespace) -> None:
    rows = leaks_world.rows(whole)
    answered = {
        (row.name, name): key.caller.get(row.path).status_code
        for row in rows
        for name, key in whole.keys.items()
    }
    expected = {
        (row.name, name): status_expected(key, row)
        for row in rows
        for name, key in whole.keys.items()
    }
    assert answered == expected


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


# Beside all scopes, the keys that could do most where they should do nothing.
SOME = ("INTERPOL all", "WCO all", "INTERPOL events:read", "no key")
# The answer to a write is what was written on: it takes the scope for reading that as well.
WRITING_ALONE = ("INTERPOL referrals:write", "WCO toolkit:write")


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
    rows = leaks_world.rows(world)
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
        for action in _actions_below(row.path):
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


def _actions_below(path: str) -> list[str]:
    """The addresses of actions below a detail's: `actions/accept/`."""
    route = _route_of(path)
    stem = re.sub(r"<(?:\w+:)?(\w+)>", "<>", route)
    return [
        plain.removeprefix(stem)
        for one in routes()
        if (plain := re.sub(r"<(?:\w+:)?(\w+)>", "<>", _plain(one)).removeprefix("api/v1/"))
        and plain.startswith((f"{stem}actions/", f"{stem}attachments/"))
        and plain.count("<>") == stem.count("<>")
    ]


# ── lists, filters, orders, cursors, tables, feed ────────────────────────────────────────────

# Values to try where the description does not list them; those of hidden rows among them.
TRIED = {
    "party": ["KEN", "VNM", "PER", "GAB", "BGD"],
    "agency": ["INTERPOL", "WCO"],
    "lead_agency": ["INTERPOL", "WCO"],
    "support": ["basic_training", "wist"],
    "region": ["africa"],
    "q": ["Viet", "Peru", "ICCWC", "SITUATION", "WCO"],
    "page_size": ["1", "100"],
    "after": ["0", "latest"],
    "format": ["csv", "xlsx"],
    "request": ["ICCWC-2026-0001"],
}
_DAYS = ["2000-01-01", "2026-06-01", "2199-01-01"]


def variations(parameters: list[dict[str, Any]]) -> Iterator[str]:
    """The query strings to try at a list: each parameter by itself with each value."""
    yield ""
    for one in parameters:
        name, schema = one["name"], one.get("schema", {})
        if name in {"cursor", "wait", "fields"}:
            continue
        words = schema.get("enum") or schema.get("items", {}).get("enum") or TRIED.get(name)
        if words is None:
            words = {
                "date": _DAYS,
                "date-time": [f"{day}T00:00:00Z" for day in _DAYS],
                "boolean": ["true", "false"],
                "integer": ["1", "2"],
            }.get(schema.get("format") or schema.get("type"), _DAYS)
        yield from (f"?{name}={word}" for word in words)


def doors() -> Iterator[str]:
    """Every list with every variation."""
    for path, parameters in lists().items():
        needs = "from=2026-01-01&to=2026-03-01" if path.endswith("toolkit/changes/") else ""
        for query in variations(parameters):
            yield path + (f"{query or '?'}&{needs}".replace("?&", "?") if needs else query)
        for form in ("csv", "xlsx"):
            yield f"{path}?{needs}&format={form}".replace("?&", "?")


def test_no_list_filter_order_table_or_feed_holds_words_of_hidden_rows(
    whole: SimpleNamespace,
) -> None:
    read: set[str] = set()
    found = []
    for door in doors():
        for name in SOME if "?" in door else whole.keys:
            key = whole.keys[name]
            words = said(key.caller.get(door))
            assert not words.startswith("5"), (door, name)
            found += [(door, name, mark) for mark in hidden_from(key) if mark in words]
            read |= {mark for mark in MARKS if mark in words}
    assert found == []


def test_the_words_looked_for_are_those_that_readers_find(whole: SimpleNamespace) -> None:
    """A mark that nobody can read anywhere would prove nothing: each stands at some door for the
    key that may read it, and what agencies never read stands there for the Secretariat."""
    rows = [row.path for row in leaks_world.rows(whole)]
    callers = {code: whole.keys[f"{code} all"].caller for code in ("INTERPOL", "WCO")}
    words = {
        code: "".join(said(caller.get(path)) for path in [*rows, *lists(), *_threads(caller)])
        for code, caller in callers.items()
    }
    readable = {
        mark: {code for code in words if mark in words[code]} for mark, _who in MARKS.items()
    }
    # Files of the tracker and words of the desk stand on pages only.
    on_pages = {mark for mark, (readers, _scope) in MARKS.items() if readers and not readable[mark]}
    assert on_pages <= set(leaks_world.ON_PAGES)
    for mark, (readers, _scope) in MARKS.items():
        assert readable[mark] <= readers, mark


def _threads(caller: Caller) -> list[str]:
    answer = caller.get("conversations/")
    return [row["url"] for row in answer.json()["results"]] if answer.status_code == 200 else []


def test_a_cursor_at_a_hidden_row_shows_visible_rows_only(whole: SimpleNamespace) -> None:
    """The Secretariat walks each list row by row: its cursors point at every row there is."""
    officer, found, walked = signed_in(whole.officer), [], 0
    for path, parameters in lists().items():
        if not any(one["name"] == "cursor" for one in parameters):
            continue
        needs = "&from=2026-01-01&to=2026-03-01" if path.endswith("toolkit/changes/") else ""
        cursors = []
        page: Any = officer.get(f"{path}?page_size=1{needs}").json()
        while page.get("next") and len(cursors) < 12:
            cursors.append(page["next"])
            page = officer.get(page["next"]).json()
        for cursor in cursors:
            for name in SOME[:2]:
                key = whole.keys[name]
                words = said(key.caller.get(cursor.replace("page_size=1", "page_size=100")))
                found += [(path, name, mark) for mark in hidden_from(key) if mark in words]
        walked += len(cursors)
    assert found == []
    assert walked > 20


def test_each_field_alone_tells_no_more_than_all_of_them(whole: SimpleNamespace) -> None:
    found = []
    for path in lists():
        rows = whole.keys["WCO all"].caller.get(path)
        if rows.status_code != 200 or not rows.json().get("results"):
            continue
        for field in rows.json()["results"][0]:
            for name in ("INTERPOL all", "no key", "INTERPOL toolkit:read"):
                key = whole.keys[name]
                words = said(key.caller.get(f"{path}?fields={field}"))
                found += [(path, name, mark) for mark in hidden_from(key) if mark in words]
    assert found == []


# ── what happens to others ───────────────────────────────────────────────────────────────────


def all_that_is_read(world: SimpleNamespace, paths: list[str]) -> dict[tuple[str, str], str]:
    """Whatever INTERPOL's keys, and nobody, are answered at every list and row, tags included."""
    return {
        (name, path): said(world.keys[name].caller.get(path))
        for name in ("INTERPOL all", "no key")
        for path in paths
    }


def test_what_is_done_for_others_changes_no_answer(world: SimpleNamespace) -> None:
    """Neither rows nor order, neither tags nor counts, neither a time nor a number: after requests
    to WCO, drafts of countries, and the desk's own notes on INTERPOL's request, every filter and
    every row answer as before, byte for byte."""
    paths = [*(door for door in doors() if "xlsx" not in door), *_own(world)]
    before = all_that_is_read(world, paths)
    leaks_world.go_on(world)
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
    leaks_world.ask_a_second(world)
    assert _differences(before, read()) == {}


_TOUCHED = re.compile(r'"updated_at":"[^"]*"|\(.ETag., [^)]*\)')


def _own(world: SimpleNamespace) -> list[str]:
    return [
        f"requests/{world.mine.handle}/",
        f"requests/{world.shared.handle}/",
        f"referrals/{world.mine.referrals.get().pk}/",
        f"referrals/{world.shared.referrals.earliest('pk').pk}/",
    ]


def test_a_table_has_no_row_that_the_list_has_not(whole: SimpleNamespace) -> None:
    for path, name in (("requests/", "reference"), ("referrals/", "id")):
        for key in (whole.keys["INTERPOL all"], whole.keys["WCO all"]):
            listed = key.caller.rows(path, name)
            answer = key.caller.get(f"{path}?format=csv")
            table = csv.DictReader(io.StringIO(b"".join(answer).decode()))
            assert [row[name] for row in table] == [str(one) for one in listed]
