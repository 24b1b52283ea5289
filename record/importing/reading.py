"""A file → an import with all its rows judged, which waits for an editor's yes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from partners.access import OFFICER
from record.importing.files import File, Reason
from record.importing.judging import Judge
from record.importing.known import Known
from record.importing.places import Names
from record.models import ActivityImport, ImportRow
from requests_app.attaching import safe_name
from workflow.errors import NotPermitted

T = TypeVar("T")
AT_ONCE = 2_000  # rows in one transaction, judged before it begins: SQLite has one writer


def look_through(
    file: File, *, source: str, source_url: str = "", star: str = "", by: Any
) -> ActivityImport:
    """Judge every row and keep all of them with their verdicts. `star`: what a star beside an
    activity means in this file, where whoever sends it knows. Raises NotPermitted."""
    if not OFFICER(by, None):
        raise NotPermitted
    batch = ActivityImport.objects.create(
        name=safe_name(file.name)[:200],
        sha256=file.sha256,
        source=source,
        source_url=source_url,
        encoding=file.encoding,
        remarks=[*file.remarks, *_more_remarks(file)],
        answers={"star": star} if star else {},
        made_by=by,
    )
    for rows in in_pieces(_judged(file, batch), AT_ONCE):
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows)
    batch.read_at = timezone.now()
    batch.save(update_fields=["read_at"])
    return batch


def _judged(file: File, batch: ActivityImport) -> Iterator[ImportRow]:
    judge, known = Judge(Names.now(), batch.answers), Known(batch)
    for row in file.rows():
        for part, found in enumerate(judge.judge(row), start=1):
            verdict, reasons, activity = known.look_at(found, row.number)
            yield ImportRow(
                batch=batch,
                number=row.number,
                part=part,
                said=found.said,
                understood=found.understood,
                verdict=verdict,
                reasons=reasons,
                asks=found.asks if not found.refused else "",
                key=found.key,
                activity_id=activity,
            )


def store(rows: list[ImportRow], fields: list[str]) -> None:
    """What was changed in rows that are stored: an upsert, which is a quarter of the work of
    `bulk_update`."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def in_pieces(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    rows = iter(rows)
    while piece := list(islice(rows, size)):
        yield piece


def _more_remarks(file: File) -> Iterator[Reason]:
    """That the file was here before, and what is done to all positions."""
    before = ActivityImport.objects.filter(sha256=file.sha256).first()
    if before:
        day = timezone.localdate(before.made_at).isoformat()
        yield "sent_before", {"day": day, "number": before.pk}
    if "longitude" in file.columns:
        yield "rounded", {}
