"""The copy: an SQLite file with a table for each resource, and the bookmarks beside the rows."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Each has the id that the API gives, its answer as JSON, and the ETag it came with.
RESOURCES = (
    "requests", "referrals", "conversations", "implementations", "steps", "recommendations",
    "assessments", "observations", "totals", "parties", "agencies", "supports",
    "offices", "topics", "recognition", "operations", "activities", "networks",
    "network_meetings", "news", "documents",
)  # fmt: skip
OF_REQUESTS = ("referrals", "conversations")
_OF_TOOLKIT = ("implementation", "recommendation", "assessment", "party")

Event = dict[str, Any]


class OtherSource(ValueError):
    """The file is a copy of another portal."""


class Store:
    """Whoever reads the file at any moment finds rows and bookmarks of one moment."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        with self.one_go():
            self._make_tables()

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def one_go(self) -> Iterator[None]:
        """All that is written inside, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _make_tables(self) -> None:
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS bookmarks (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
        )
        for table in RESOURCES:
            self._db.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, body TEXT NOT NULL,"
                " etag TEXT NOT NULL, request TEXT)"
            )
        for table in OF_REQUESTS:
            self._db.execute(f"CREATE INDEX IF NOT EXISTS {table}_of ON {table} (request)")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, body TEXT NOT NULL,"
            " kind TEXT NOT NULL, subject TEXT NOT NULL, request TEXT, party TEXT)"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS events_of_request ON events (request)")
        self._db.execute("CREATE INDEX IF NOT EXISTS events_of_party ON events (party)")

    # ── bookmarks ────────────────────────────────────────────────────────────────────────────

    def bookmark(self, name: str) -> str:
        found = self._db.execute("SELECT value FROM bookmarks WHERE name = ?", [name]).fetchone()
        return str(found[0]) if found else ""

    def set_bookmark(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO bookmarks VALUES (?, ?)", [name, value])

    def forget_all(self) -> None:
        """Rows and bookmarks: the key reads something else now."""
        for table in (*RESOURCES, "events", "bookmarks"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of our own

    # ── rows ─────────────────────────────────────────────────────────────────────────────────

    def etag(self, table: str, row_id: str) -> str:
        found = self._db.execute(
            f"SELECT etag FROM {table} WHERE id = ?",  # noqa: S608 - a name of our own
            [row_id],
        ).fetchone()
        return str(found[0]) if found else ""

    def bodies(self, table: str) -> dict[str, Any]:
        rows = self._db.execute(f"SELECT id, body FROM {table}")  # noqa: S608 - a name of our own
        return {str(row_id): json.loads(body) for row_id, body in rows}

    def ids_of_request(self, table: str, reference: str) -> set[str]:
        rows = self._db.execute(
            f"SELECT id FROM {table} WHERE request = ?",  # noqa: S608 - a name of our own
            [reference],
        )
        return {str(row[0]) for row in rows}

    def put(self, table: str, row_id: str, body: dict[str, Any], etag: str = "") -> None:
        of = body.get("request")
        reference = of.get("reference") if isinstance(of, dict) else None
        self._db.execute(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)",  # noqa: S608 - as above
            [row_id, json.dumps(body, ensure_ascii=False), etag, reference],
        )

    def remove(self, table: str, row_id: str) -> None:
        self._db.execute(f"DELETE FROM {table} WHERE id = ?", [row_id])  # noqa: S608 - as above

    def replace_all(self, table: str, bodies: dict[str, dict[str, Any]]) -> None:
        self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of our own
        for row_id, body in bodies.items():
            self.put(table, row_id, body)

    # ── events ───────────────────────────────────────────────────────────────────────────────

    def put_events(self, events: Iterable[Event]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    event["id"],
                    json.dumps(event, ensure_ascii=False),
                    event["kind"],
                    event["subject"]["type"],
                    event["subject"]["request"],
                    event["subject"]["party"],
                )
                for event in events
            ],
        )

    def replace_events_of_request(self, reference: str, events: Iterable[Event]) -> None:
        self._db.execute("DELETE FROM events WHERE request = ?", [reference])
        self.put_events(events)

    def replace_events_of_party(self, code: str, events: Iterable[Event]) -> None:
        kinds = ", ".join(f"'{kind}'" for kind in _OF_TOOLKIT)
        self._db.execute(
            f"DELETE FROM events WHERE party = ? AND subject IN ({kinds})",  # noqa: S608 - as above
            [code],
        )
        self.put_events(events)
