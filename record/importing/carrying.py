"""Good rows → drafts, and drafts → published, in short pieces.

Whoever writes history makes all other writers wait to the end of the transaction. So the yes of an
editor is one transaction, and what it asks for is done in pieces by whoever comes: the call itself
where it is little, a worker where it is much, the sweep where that worker was lost. What is still
to do stands in the rows, so nothing is done twice and nothing is forgotten.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import slugify

from history.log import Said, record_many
from outbox.aside import aside
from partners.access import snapshot
from partners.models import Party
from record.importing.known import stored_keys
from record.importing.reading import store
from record.importing.workflow import IMPORTED, good_rows, unpublished_rows
from record.models import Activity, ActivityImport, ActivityPlace, ImportRow, Verdict
from workflow.errors import NotAllowedNow, NotPermitted, Refused
from workflow.executor import perform

A_PIECE = 500
A_FEW_TO_PUBLISH = 50  # each is an action of its own
_LONGEST_SLUG = 60  # with the number of a row behind it, it fits into the column


def carry_on(batch_id: int) -> None:
    """Whatever editors have said yes to and what is still to do of it."""
    batch = ActivityImport.objects.get(pk=batch_id)
    if batch.taken_by_id:
        _take_over(batch)
    if batch.published_by_id:
        _publish(batch)


def begin(batch: ActivityImport) -> None:
    """Do what was just said yes to: at once where it is little, else by a worker. The call that
    said yes has committed."""
    from record import tasks  # noqa: PLC0415 - tasks use this module

    batch.refresh_from_db()
    if rows_to_do(batch) <= (A_FEW_TO_PUBLISH if batch.published_by_id else A_PIECE):
        carry_on(batch.pk)
    else:
        aside(lambda: tasks.carry_on.delay(batch.pk))


def rows_to_do(batch: ActivityImport) -> int:
    """How many rows are still to be taken over, or to be published."""
    if batch.taken_by_id:
        return int(good_rows(batch).count())
    return int(unpublished_rows(batch).count()) if batch.published_by_id else 0


def unfinished() -> Iterable[int]:
    """The imports of which something was asked for that is not done yet."""
    rows = ActivityImport.objects.order_by("pk")
    asked = rows.filter(taken_by__isnull=False) | rows.filter(published_by__isnull=False)
    return list(asked.values_list("pk", flat=True))


def _take_over(batch: ActivityImport) -> None:
    stored = dict(stored_keys())
    parties = dict(Party.objects.order_by().values_list("code", "pk"))
    while _take_a_piece(batch.pk, stored, parties):
        pass


@transaction.atomic
def _take_a_piece(batch_id: int, stored: dict[str, int], parties: dict[str, int]) -> bool:
    """Make drafts of the next rows; False when there were none."""
    locked = ActivityImport.objects.select_for_update(no_key=True, of=("self",))
    batch = locked.select_related("taken_by").get(pk=batch_id)
    rows = list(good_rows(batch).order_by("number", "part")[:A_PIECE]) if batch.taken_by else []
    if not rows:
        batch.taken_by = None
        batch.save(update_fields=["taken_by"])
        return False
    for row in rows:
        # Stored by somebody else since the file was read.
        if row.key in stored:
            row.verdict, row.reasons = Verdict.KNOWN, [("is_here", {})]
            row.activity_id = stored[row.key]
    new = [row for row in rows if row.verdict == Verdict.GOOD]
    _make(batch, new, parties)
    stored.update((row.key, row.activity_id) for row in new if row.activity_id)
    store(rows, ["verdict", "activity", "reasons"])
    return True


def _make(batch: ActivityImport, rows: list[ImportRow], parties: dict[str, int]) -> None:
    slugs = _slugs(rows)
    made = Activity.objects.bulk_create(_activity(batch, row, slugs[row.pk]) for row in rows)
    places = []
    for row, activity in zip(rows, made, strict=True):
        row.verdict, row.activity = Verdict.TAKEN, activity
        places += list(_places(row, activity, parties))
    ActivityPlace.objects.bulk_create(places)
    said = [
        Said(subject=row.activity, changes=_changes(batch, row), source=batch.source)
        for row in rows
        if row.activity
    ]
    record_many(IMPORTED, said, by=snapshot(batch.taken_by, batch))


def _activity(batch: ActivityImport, row: ImportRow, slug: str) -> Activity:
    said = row.understood
    return Activity(
        slug=slug,
        title_en=said["title"],
        kind=said["kind"],
        stage=said["stage"],
        starts_on=_day(said["starts"]),
        ends_on=_day(said["ends"]),
        precision=said["precision"],
        link=said["link"],
        source=batch.source,
        source_url=batch.source_url,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _places(row: ImportRow, activity: Activity, parties: dict[str, int]) -> Iterable[ActivityPlace]:
    """The position belongs to the first of several places: the row names but one."""
    at = row.understood["at"]
    for place in row.understood["places"]:
        longitude, latitude = at or (None, None)
        yield ActivityPlace(
            activity=activity,
            party_id=parties[place["party"]] if place["party"] else None,
            name=place["name"],
            longitude=longitude,
            latitude=latitude,
        )
        at = None


def _changes(batch: ActivityImport, row: ImportRow) -> dict[str, Any]:
    said = row.understood
    places = [", ".join(filter(None, [one["name"], one["party"]])) for one in said["places"]]
    kept = {
        "file": batch.name,
        "row": row.number,
        "title_en": said["title"],
        "kind": said["kind"],
        "stage": said["stage"],
        "starts_on": said["starts"],
        "ends_on": said["ends"],
        "activityplace": places,
        "link": said["link"],
    }
    return {name: [None, value] for name, value in kept.items() if value}


def _slugs(rows: list[ImportRow]) -> dict[int, str]:
    """An address for each: words, place and year; with the number of its row where it is taken."""
    wanted = {row.pk: _slug(row) for row in rows}
    taken = set(Activity.objects.filter(slug__in=wanted.values()).values_list("slug", flat=True))
    found = {}
    for pk, slug in wanted.items():
        found[pk] = slug if slug and slug not in taken else f"{slug or 'activity'}-{pk}"
        taken.add(found[pk])
    return found


def _slug(row: ImportRow) -> str:
    said = row.understood
    place = said["places"][0]
    title = strip_tags(said["title"])[:45]
    words = slugify(f"{title} {place['name'] or place['party']}"[:_LONGEST_SLUG])
    year = said["starts"][:4] if said["starts"] else ""
    return "-".join(filter(None, [words, year]))


def _publish(batch: ActivityImport) -> None:
    """Each through the table of activities, by whoever said so: what that person may not do, or
    what cannot be done any more, is said and not done."""
    last = 0
    person = batch.published_by
    rows = unpublished_rows(batch).select_related("activity").order_by("pk")
    while piece := list(rows.filter(pk__gt=last)[:A_PIECE]):
        for row in piece:
            try:
                perform("publish", row.activity, by=person, read_again=False)
            except NotPermitted as wrong:
                _stop(batch, wrong.sentence)
                return
            except NotAllowedNow:
                pass  # somebody else has published it, or another worker is here
            except Refused as wrong:
                row.reasons = [*row.reasons, ("not_published", {"why": wrong.in_one})]
                row.save(update_fields=["reasons"])
        last = piece[-1].pk
    _stop(batch, "")


def _stop(batch: ActivityImport, why: str) -> None:
    with transaction.atomic():
        locked = ActivityImport.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=batch.pk
        )
        locked.published_by = None
        if why:
            locked.remarks = [*locked.remarks, ("stopped", {"why": why})]
        locked.save(update_fields=["published_by", "remarks"])
