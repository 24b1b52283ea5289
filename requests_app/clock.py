"""When the clock of a request stands still: while a question to the country is open.

Derived from the questions and never counted up, so that nothing can drift.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from requests_app.models import Post, SupportRequest, Thread, ThreadState

Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Pause:
    """A time in which the clock stood still; without an end it still does."""

    start: datetime
    end: datetime | None


def union(spans: Iterable[Span]) -> list[Pause]:
    """Spans that touch or overlap become one pause; in order, with a gap between any two."""
    merged: list[Pause] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < start):
            merged.append(Pause(start, end))
        else:
            goes_on = last.end is None or end is None
            merged[-1] = Pause(last.start, None if goes_on else max(last.end, end))  # type: ignore[type-var]
    return merged


def days_in(pauses: Iterable[Pause], since: date, until: date) -> int:
    """The days (UTC) between two dates on which the clock did not move on."""
    return sum(
        max((min(_day(pause.end, until), until) - max(pause.start.date(), since)).days, 0)
        for pause in pauses
    )


def _day(moment: datetime | None, today: date) -> date:
    return moment.date() if moment else today


def pauses(support_request: SupportRequest) -> list[Pause]:
    """All pauses of a request, oldest first. With the request ends the last one."""
    asked = Post.objects.filter(thread__support_request=support_request, asks=True)
    # Nothing changes an ended request but its reopening: its last change is its end.
    over = support_request.updated_at if support_request.is_ended else None
    return union(
        (start, answered or (over and max(over, start)))
        for start, answered in asked.values_list("written_at", "answered_at")
    )


def stands_still(support_request: SupportRequest) -> bool:
    waiting = Thread.objects.filter(support_request=support_request, state=ThreadState.WAITING)
    return not support_request.is_ended and waiting.exists()


def paused_days(support_request: SupportRequest, since: date | None = None) -> int:
    """For how many days the clock has stood still so far, from `since` on if that is given."""
    found = pauses(support_request)
    if not found:
        return 0
    return days_in(found, since or found[0].start.date(), timezone.now().date())
