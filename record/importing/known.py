"""Which activities are here already: the same places, words and years, however they are spelled."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from record.importing.files import Reason
from record.importing.judging import Found, fingerprint
from record.importing.places import Place, key_of
from record.models import Activity, ActivityImport, ImportRow, Verdict

_COLUMNS = ("pk", "title_en", "starts_on", "ends_on", "places__party__code", "places__name")


class Known:
    """Keys of what is stored, and of what stands in the file before the row that is looked at."""

    def __init__(self, batch: ActivityImport) -> None:
        self.stored: dict[str, int] = dict(stored_keys())
        rows = ImportRow.objects.filter(batch=batch, verdict=Verdict.GOOD).order_by()
        self.rows: dict[str, int] = dict(rows.values_list("key", "number"))

    def look_at(self, found: Found, number: int) -> tuple[Verdict, list[Reason], int | None]:
        """The verdict and the reasons of a row, with the activity that it is already. A good one
        stands before those that come after it."""
        if found.verdict != Verdict.GOOD:
            return found.verdict, found.reasons, None
        if (pk := self.stored.get(found.key)) is not None:
            return Verdict.KNOWN, [("is_here", {})], pk
        if (first := self.rows.get(found.key)) is not None:
            return Verdict.KNOWN, [("same_in_file", {"number": first})], None
        self.rows[found.key] = number
        return Verdict.GOOD, found.reasons, None


def stored_keys() -> Iterator[tuple[str, int]]:
    """Of every activity, also of drafts and of what was withdrawn. In pieces: there may be very
    many."""
    rows = Activity.objects.order_by("pk").values_list(*_COLUMNS).iterator(chunk_size=2000)
    for pk, same in groupby(rows, key=lambda row: row[0]):
        lines: list[Any] = list(same)
        _pk, title, starts, ends = lines[0][:4]
        places = {Place(code or "", name or "") for *_said, code, name in lines}
        years = (starts.year if starts else 0, (ends or starts).year if ends or starts else 0)
        yield fingerprint(key_of(places), title, years), pk
