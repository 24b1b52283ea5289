"""Lists, filters, orders, cursors, tables and feed hold no words of hidden rows."""

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest

from tests.api.conftest import Caller, signed_in
from tests.api.leaks import world as things
from tests.api.leaks.callers import SOME, hidden_from, said
from tests.api.leaks.doors import doors, lists
from tests.api.leaks.world import MARKS

pytestmark = pytest.mark.django_db


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
    rows = [row.path for row in things.rows(whole)]
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
    assert on_pages <= set(things.ON_PAGES)
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


def test_a_table_has_no_row_that_the_list_has_not(whole: SimpleNamespace) -> None:
    for path, name in (("requests/", "reference"), ("referrals/", "id")):
        for key in (whole.keys["INTERPOL all"], whole.keys["WCO all"]):
            listed = key.caller.rows(path, name)
            answer = key.caller.get(f"{path}?format=csv")
            table = csv.DictReader(io.StringIO(b"".join(answer).decode()))
            assert [row[name] for row in table] == [str(one) for one in listed]
