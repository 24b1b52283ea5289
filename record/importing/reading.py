"""A file → an import with all its rows judged, which waits for an editor's yes."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from outbox.aside import aside
from partners.access import OFFICER
from record.importing.files import File, Reason, open_file
from record.importing.judging import Judge
from record.importing.known import Known
from record.importing.places import Names
from record.models import ActivityImport, ImportFile, ImportRow
from requests_app.attaching import safe_name
from workflow.errors import NotPermitted

T = TypeVar("T")
At = tuple[int, int]  # where in a file: the number of a row, and which part of it
A_FEW_TO_READ = 5_000  # rows that are judged while the browser waits: about a second's work
_A_WORKER_HAS = timedelta(minutes=2)  # and is ended then: CELERY_TASK_TIME_LIMIT
_GIVEN_UP_AFTER = timedelta(days=1)
AT_ONCE = 2_000  # rows in one transaction, judged before it begins: SQLite has one writer


def look_through(
    file: File,
    *,
    source: str,
    source_url: str = "",
    star: str = "",
    by: Any,
    later: bytes = b"",
) -> ActivityImport:
    """Judge every row and keep all of them with their verdicts. `star`: what a star beside an
    activity means in this file, where whoever sends it knows. `later`: the bytes of the file, where
    a worker is to do that (`begin_to_read`). Raises NotPermitted."""
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
    if later:
        ImportFile.objects.create(batch=batch, content=later, rows=file.count)
        return batch
    for rows in in_pieces(_judged(file, batch), AT_ONCE):
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows)
    batch.read_at = timezone.now()
    batch.save(update_fields=["read_at"])
    return batch


def begin_to_read(batch: ActivityImport) -> None:
    """Have a worker read what is kept of the file. The call that sent it has committed."""
    from record import tasks  # noqa: PLC0415 - tasks use this module

    aside(lambda: tasks.read_on.delay(batch.pk))


def read_on(batch_id: int) -> None:
    """Judge the rows of a kept file that are not stored yet, in pieces. Nothing is done twice where
    two workers are at it: who finds another's rows leaves it to them."""
    kept = ImportFile.objects.select_related("batch").filter(pk=batch_id).first()
    if kept is None:
        return
    file, after = open_file(kept.batch.name, bytes(kept.content)), _last_of(kept.batch)
    for rows in in_pieces(_judged(file, kept.batch, after), AT_ONCE):
        with transaction.atomic():
            if not _is_mine(batch_id, after):
                return
            ImportRow.objects.bulk_create(rows)
        after = (rows[-1].number, rows[-1].part)
    with transaction.atomic():
        if _is_mine(batch_id, after):
            ActivityImport.objects.filter(pk=batch_id).update(read_at=timezone.now())
            ImportFile.objects.filter(pk=batch_id).delete()


def lost() -> list[int]:
    """The imports that no worker reads any more. Those that came to no end within a day are
    given up: their pages say that reading broke off."""
    now = timezone.now()
    ImportFile.objects.filter(batch__made_at__lt=now - _GIVEN_UP_AFTER).delete()
    waiting = ImportFile.objects.filter(batch__made_at__lt=now - _A_WORKER_HAS)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _is_mine(batch_id: int, after: At) -> bool:
    """Lock the import: is its file still to be read, and from here? It may have been dropped."""
    batch = ActivityImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch_id)
    return ImportFile.objects.filter(pk=batch_id).exists() and _last_of(batch) == after


def _last_of(batch: ActivityImport) -> At:
    rows = ImportRow.objects.filter(batch=batch).order_by("-number", "-part")
    return rows.values_list("number", "part").first() or (0, 0)


def _judged(file: File, batch: ActivityImport, after: At = (0, 0)) -> Iterator[ImportRow]:
    judge, known = Judge(Names.now(), batch.answers), Known(batch)
    for row in file.rows():
        if row.number < after[0]:
            continue
        for part, found in enumerate(judge.judge(row), start=1):
            if (row.number, part) <= after:
                continue
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
