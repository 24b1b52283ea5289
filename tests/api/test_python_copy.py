"""The copy that iccwc-sync keeps, against the portal itself."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from iccwc_client.mirror import Mirror
from iccwc_client.store import OtherSource, Store
from partners.models import Scope
from requests_app.models import Referral
from tests import make
from tests.api.lossy_way import PORTAL, Way, client
from workflow.executor import perform


def copied(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        return {
            "requests": [row[0] for row in db.execute("SELECT id FROM requests")],
            "referrals": [
                f"{body['id']} {body['state']}"
                for body in (json.loads(row[0]) for row in db.execute("SELECT body FROM referrals"))
            ],
            "conversations": [row[0] for row in db.execute("SELECT id FROM conversations")],
            "events": [row[0] for row in db.execute("SELECT kind FROM events ORDER BY id")],
        }


def test_the_copy_loses_what_was_recalled_and_gains_the_history_of_what_is_sent(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    make.conversation(referral.support_request, agencies=("INTERPOL",))
    path = tmp_path / "copy.sqlite3"
    store = Store(path)
    with client(way) as portal, closing(store):
        mirror = Mirror(portal, store, PORTAL)
        mirror.catch_up()
        before = copied(path)
        perform("recall", referral, by=make.the_officer(), data={"reason": "Sent in error."})
        mirror.catch_up()
        without = copied(path)
        later = make.referral(make.agency("INTERPOL"))
        mirror.catch_up()
        after = copied(path)
    assert before["referrals"] == [f"{referral.pk} sent"]
    assert len(before["conversations"]) == 1
    assert without == {
        "requests": [], "referrals": [], "conversations": [],
        "events": ["referrals.sent", "referrals.recall"],
    }  # fmt: skip
    assert after["referrals"] == [f"{later.pk} sent"]
    assert after["events"][2:] == ["requests.submit", "referrals.sent"]


def test_a_pass_that_brings_nothing_reads_nothing_twice(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    store = Store(tmp_path / "copy.sqlite3")
    with client(way) as portal, closing(store):
        mirror = Mirror(portal, store, PORTAL)
        mirror.catch_up()
        way.calls.clear()
        assert mirror.catch_up(whole_lists=False) == 0
    details = [call for call in way.calls if "If-None-Match" in call.headers]
    others = sorted({call.url.path for call in way.calls if call not in details})
    assert len(details) == 2  # one request and its referral, both unchanged
    assert others == [f"/api/v1/{name}/" for name in (
        "conversations", "events", "referrals", "requests"
    )]  # fmt: skip


def test_a_copy_that_finds_no_place_to_wait_comes_back_when_the_portal_says(
    way: Way, referral: Referral, tmp_path: Path, settings: Any
) -> None:
    settings.FEED_WAITS = 0
    store = Store(tmp_path / "copy.sqlite3")
    with client(way) as portal, closing(store):
        mirror = Mirror(portal, store, PORTAL)
        mirror.catch_up()
        assert way.pauses == []
        assert [mirror.catch_up(30, whole_lists=False) for _each in range(2)] == [0, 0]
    assert way.pauses == [5.0, 5.0]


def test_a_copy_of_another_portal_is_refused_and_other_scopes_begin_anew(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    path = tmp_path / "copy.sqlite3"
    store = Store(path)
    with closing(store):
        with client(way) as portal:
            Mirror(portal, store, PORTAL).catch_up()
            with pytest.raises(OtherSource, match="copy of http://testserver"):
                Mirror(portal, store, "https://portal.example.org")
        assert copied(path)["requests"] != []
        with client(way, [Scope.EVENTS_READ]) as portal:
            Mirror(portal, store, PORTAL).catch_up()
    nothing: dict[str, list[str]] = {
        "requests": [], "referrals": [], "conversations": [], "events": []
    }  # fmt: skip
    assert copied(path) == nothing
