"""What has to be read again because something moved: each once, then written in one go."""

from typing import Any

from iccwc_client.client import Client, Record
from iccwc_client.errors import Forbidden, NotFound
from iccwc_client.store import OF_REQUESTS, Event, Store

_TABLE_OF = {"request": "requests", "referral": "referrals", "conversation": "conversations"}


class Reading:
    """Read with `row` and `subject_of`; nothing is stored before `write`.

    `around`: read what belongs to a changed row as well, and its history, of which more may be
    open to the agency now, or less. Not needed while everything is read for the first time.
    """

    def __init__(self, portal: Client, store: Store, *, around: bool = True) -> None:
        self.portal, self.store, self.around = portal, store, around
        self._asked: set[tuple[str, str]] = set()
        self._found: list[tuple[str, str, Record]] = []
        self._gone: list[tuple[str, str]] = []
        self._histories: dict[str, list[Event]] = {}

    def subject_of(self, event: Event) -> None:
        """What an event is about, and its request."""
        subject = event["subject"]
        table = _TABLE_OF.get(subject["type"])
        if table is None:
            return
        if subject["id"] is not None:
            self.row(table, str(subject["id"]))
        if subject["request"]:
            self.row("requests", subject["request"])
            self._history_of(subject["request"])

    def row(self, table: str, row_id: str) -> None:
        """One row, unless it is as it was; gone, when the agency may no longer see it."""
        if (table, row_id) in self._asked:
            return
        self._asked.add((table, row_id))
        try:
            record = self.portal.get_if_changed(f"{table}/{row_id}", self.store.etag(table, row_id))
        except Forbidden:
            return
        except NotFound:
            self._gone.append((table, row_id))
            if table == "requests":
                self._parts_known_of(row_id)
            return
        if record is None:
            return
        self._found.append((table, row_id, record))
        if self.around:
            self._around(table, row_id, record)

    def _around(self, table: str, row_id: str, record: Record) -> None:
        if table == "requests":
            self._history_of(row_id)
            for referral in record["referrals"]:
                self.row("referrals", str(referral["id"]))
            for conversation in self.portal.list("conversations", request=row_id):
                self.row("conversations", str(conversation["id"]))
            self._parts_known_of(row_id)
        else:
            self.row("requests", record["request"]["reference"])

    def _parts_known_of(self, reference: str) -> None:
        for table in OF_REQUESTS:
            for row_id in self.store.ids_of_request(table, reference):
                self.row(table, row_id)

    def _history_of(self, reference: str) -> None:
        if reference not in self._histories:
            self._histories[reference] = history(self.portal, request=reference)

    def write(self) -> None:
        """Inside `Store.one_go`."""
        for table, row_id in self._gone:
            self.store.remove(table, row_id)
        for table, row_id, record in self._found:
            self.store.put(table, row_id, record, record.etag)
        for reference, events in self._histories.items():
            self.store.replace_events_of_request(reference, events)


def history(portal: Client, **matter: str) -> list[Event]:
    """Every event of one request, or of the Toolkit in one Party, that the key may read now."""
    return list(portal.list("events", page_size=100, **matter))


def party_of(event: Event) -> str:
    """Of an event of the Toolkit its Party's code."""
    subject: dict[str, Any] = event["subject"]
    return "" if subject["type"] in _TABLE_OF else str(subject["party"] or "")
