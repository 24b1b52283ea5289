"""What is stored of the clock, computed again from what happened: after a change of the calendar
or of a target, every hour, and by `manage.py recompute_clock`."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from history.models import Event
from requests_app import clock
from requests_app.models import ENDED, RequestState, SupportRequest
from requests_app.settling import set_due, soon, waits_for

BATCH = 500
_OF_THE_CLOCK = ("state_since", "waits_for", "due_at")
_LONG = ("answers", "written", "remarks", "to_correct", "search_text")  # and not looked at here
_MARKS = ("reminded_at", "escalated_at")  # of what people were told


@dataclass(frozen=True)
class Difference:
    """What is stored of a request is not what follows from what happened."""

    handle: str
    name: str
    stored: Any
    derived: Any

    def __str__(self) -> str:
        return f"{self.handle}: {self.name} is {self.stored}, not {self.derived}"


def recompute_due() -> int:
    """Bring the due dates of all open requests up to date; how many changed.

    In the caller's transaction, if there is one: it then holds the rows of all open requests, so
    that no action that read the calendar before its change is overlooked.
    """
    return sum(_recompute_due(ids) for ids in _batches(exclude=[*ENDED, RequestState.DRAFT]))


@transaction.atomic
def _recompute_due(ids: list[int]) -> int:
    found = _locked(ids)
    standards = clock.standards()  # read while no action can run that has read it earlier
    pauses = clock.pauses_by_request(found)
    nearly = soon(standards.calendar)
    moved = []
    for one in found:
        before = one.due_at
        set_due(one, standards.due_at(one, pauses[one.pk]), nearly)
        if one.due_at != before:
            moved.append(one)
    SupportRequest.objects.bulk_update(moved, ["due_at"])
    for mark in _MARKS:  # most had none, and few lose theirs: one statement, not a case for each
        without = [one.pk for one in moved if getattr(one, mark) is None]
        marked = SupportRequest.objects.filter(**{"pk__in": without, f"{mark}__isnull": False})
        marked.update(**{mark: None})
    return len(moved)


def differences(*, mend: bool) -> Iterator[Difference]:
    """Everything that is stored of the clock of any request and should be otherwise."""
    for ids in _batches(exclude=[]):
        yield from _differences(ids, mend)


@transaction.atomic
def _differences(ids: list[int], mend: bool) -> list[Difference]:
    found = _locked(ids)
    standards = clock.standards()
    moved_at = _last_moves(ids)
    said: list[Difference] = []
    stored = {one.pk: {name: getattr(one, name) for name in _OF_THE_CLOCK} for one in found}
    for one in found:
        # What has never moved is a draft: it is in its state since it was begun.
        one.state_since = moved_at.get(one.pk, one.state_since)
    pauses = clock.pauses_by_request(found)  # they end with the state
    nearly = soon(standards.calendar)
    wrong = []
    for one in found:
        one.waits_for = waits_for(one)
        set_due(one, standards.due_at(one, pauses[one.pk]), nearly)
        before = stored[one.pk]
        changed = [name for name in _OF_THE_CLOCK if before[name] != getattr(one, name)]
        said += [Difference(one.handle, name, before[name], getattr(one, name)) for name in changed]
        if changed:
            wrong.append(one)
    if mend:
        SupportRequest.objects.bulk_update(wrong, [*_OF_THE_CLOCK, *_MARKS])
    return said


def _last_moves(ids: Collection[int]) -> dict[int, datetime]:
    """When each request came into its present state, by the history."""
    moves = Event.objects.filter(
        subject_type=SupportRequest._meta.label_lower,
        subject_id__in=ids,
        changes__has_key="state",
    )
    return dict(moves.order_by("sequence").values_list("subject_id", "recorded_at"))


def _batches(exclude: Collection[str]) -> Iterator[list[int]]:
    rows = SupportRequest._base_manager.exclude(state__in=exclude).order_by("pk")
    last = 0
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


def _locked(ids: Collection[int]) -> list[SupportRequest]:
    """In the order of their ids, as everybody locks several requests."""
    rows = SupportRequest.objects.filter(pk__in=ids).select_for_update(no_key=True)
    return list(rows.defer(*_LONG).order_by("pk"))
