"""Keeping a copy of everything that a key may see: what to read again, when, and in which order.

Three things together make the copy complete; docs/api.md says why, in “Keeping a copy”.

- The feed names what moved, and what the agency may no longer see. Its bookmark is stored in the
  transaction of the rows that were read because of it.
- The lists by `updated_since` give what changed in a row of which no event tells this agency. They
  are asked from ten minutes before the last time: a change is dated a little before it is
  committed, and no change takes so long.
- Short lists, of the Toolkit and of who takes part, are read whole and compared.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from iccwc_client.client import Client
from iccwc_client.errors import Forbidden, Invalid, NotFound
from iccwc_client.reading import Reading, history, party_of
from iccwc_client.store import OtherSource, Store

OVERLAP = timedelta(minutes=10)
_CHANGING = {"requests": "reference", "referrals": "id", "conversations": "id"}
# Table → address, and the name of the field that names a row.
_WHOLE = {
    "parties": ("parties", "code"),
    "agencies": ("agencies", "code"),
    "supports": ("supports", "key"),
    "offices": ("offices", "id"),
    "topics": ("topics", "key"),
    "recognition": ("recognition", "slug"),
    "operations": ("operations", "slug"),
    "activities": ("activities", "slug"),
    "networks": ("networks", "slug"),
    "network_meetings": ("network-meetings", "slug"),
    "news": ("news", "slug"),
    "documents": ("documents", "slug"),
    "implementations": ("toolkit/implementations", "id"),
    "steps": ("toolkit/steps", "id"),
    "recommendations": ("toolkit/recommendations", "id"),
    "assessments": ("toolkit/assessments", "id"),
    "observations": ("toolkit/observations", "id"),
    "totals": ("toolkit/totals", "id"),
}

Rows = dict[str, dict[str, Any]]


class Mirror:
    """One pass is `catch_up`. It may be interrupted anywhere and goes on with the next call.

    The key needs `events:read`, and the scopes of what shall be copied.
    """

    def __init__(self, portal: Client, store: Store, base_url: str) -> None:
        self.portal, self.store = portal, store
        self._know_the_source(base_url)

    def catch_up(self, wait: int = 0, *, whole_lists: bool = True) -> int:
        """Bring the copy up to date; how many events came. With `wait`, stand by so many seconds
        for the first."""
        self._begin()
        came, toolkit = self._follow(wait)
        for table in _CHANGING:
            self._read_changed(table)
        if whole_lists or toolkit:
            self._read_whole_lists()
        return came

    # ── beginning ────────────────────────────────────────────────────────────────────────────

    def _know_the_source(self, base_url: str) -> None:
        """Refuse a file of another portal; begin anew when the key may read something else."""
        known = self.store.bookmark("portal")
        if known and known != base_url:
            raise OtherSource(f"This file is a copy of {known}.")
        me = self.portal.get("me")
        reads = json.dumps([me["agency"]["code"], sorted(me["key"]["scopes"])])
        with self.store.one_go():
            if self.store.bookmark("reads") not in ("", reads):
                self.store.forget_all()
            self.store.set_bookmark("portal", base_url)
            self.store.set_bookmark("reads", reads)

    def _begin(self) -> None:
        """Note where the feed ends before anything is read: what comes later is read again."""
        if not self.store.bookmark("begun"):
            self._mark({"begun": str(self.portal.end_of_feed()), "after": "0"})
        for table in _CHANGING:
            if not self.store.bookmark(f"{table} since"):
                self._read_changed(table)

    # ── the feed ─────────────────────────────────────────────────────────────────────────────

    def _follow(self, wait: int) -> tuple[int, bool]:
        """Page by page to the end of the feed: how many events, and whether the Toolkit moved."""
        came, toolkit, begun = 0, False, int(self.store.bookmark("begun"))
        while True:
            after = int(self.store.bookmark("after"))
            page = self.portal.events(after, wait=0 if came else wait)
            if not page["results"]:
                time.sleep(page.retry_after)  # it was not held: too many wait already
                return came, toolkit
            fresh = [event for event in page["results"] if event["id"] > begun]
            reading = Reading(self.portal, self.store)
            for event in fresh:
                reading.subject_of(event)
            parties = {party_of(event) for event in fresh} - {""}
            histories = {code: history(self.portal, party=code) for code in parties}
            with self.store.one_go():
                self.store.put_events(page["results"])
                reading.write()
                for code, events in histories.items():
                    self.store.replace_events_of_party(code, events)
                self.store.set_bookmark("after", str(page["after"]))
            came, toolkit = came + len(page["results"]), toolkit or bool(parties)

    # ── lists by the time of change ──────────────────────────────────────────────────────────

    def _read_changed(self, table: str) -> None:
        """What changed since the last time, a page in one go; the next page is a bookmark too."""
        since, place = (self.store.bookmark(f"{table} {name}") for name in ("since", "place"))
        asked = {"ordering": "updated_at", "page_size": 100}
        if since:
            asked["updated_since"] = since
        pages = self.portal.pages(place) if place else self.portal.pages(table, **asked)
        try:
            for page in pages:
                if not self.store.bookmark(f"{table} until"):
                    moment = parsedate_to_datetime(page.headers["Date"]) - OVERLAP
                    self._mark({f"{table} until": _written(moment)})
                said = page.json()
                reading = Reading(self.portal, self.store, around=bool(since))
                for row in said["results"]:
                    reading.row(table, str(row[_CHANGING[table]]))
                with self.store.one_go():
                    reading.write()
                    self.store.set_bookmark(f"{table} place", said["next"] or "")
        except Forbidden:  # not among the scopes of this key
            return
        except Invalid:
            # The bookmark is of a portal of before: this list from its beginning, next time.
            self._mark({f"{table} place": ""})
            raise
        until = self.store.bookmark(f"{table} until")
        self._mark({f"{table} since": until, f"{table} until": "", f"{table} place": ""})

    def _mark(self, bookmarks: dict[str, str]) -> None:
        with self.store.one_go():
            for name, value in bookmarks.items():
                self.store.set_bookmark(name, value)

    # ── lists that are read whole ────────────────────────────────────────────────────────────

    def _read_whole_lists(self) -> None:
        """Compare them with the copy. Where a Party's rows changed, more or less of its history
        may be open now."""
        changed: dict[str, Rows] = {}
        moved: set[str] = set()
        for table, (address, name) in _WHOLE.items():
            rows = self._whole(address)
            now = {str(row[name]): row for row in rows}
            before = self.store.bodies(table)
            if now != before:
                changed[table] = now
                moved |= {_party_in(row) for row in _differing(before, now)} - {""}
        known = self.store.bookmark("whole")
        codes = sorted(moved) if known else []
        histories = {code: history(self.portal, party=code) for code in codes}
        with self.store.one_go():
            for table, found in changed.items():
                self.store.replace_all(table, found)
            for code, events in histories.items():
                self.store.replace_events_of_party(code, events)
            self.store.set_bookmark("whole", "read")

    def _whole(self, address: str) -> list[dict[str, Any]]:
        """All rows; read anew when the row that a page ended with went away meanwhile."""
        for tried in range(3):
            try:
                return list(self.portal.list(address, page_size=100))
            except (Forbidden, NotFound):
                return []
            except Invalid:
                if tried == 2:
                    raise
        return []


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _differing(before: Rows, now: Rows) -> list[dict[str, Any]]:
    """Both faces of every row that was added, changed or taken away."""
    ids = before.keys() | now.keys()
    different = [row_id for row_id in ids if before.get(row_id) != now.get(row_id)]
    return [rows[row_id] for row_id in different for rows in (before, now) if row_id in rows]


def _party_in(row: dict[str, Any]) -> str:
    """The code of the Party that a row of the Toolkit is about."""
    party = row.get("party")
    return str(party["code"] if isinstance(party, dict) else party or "")
