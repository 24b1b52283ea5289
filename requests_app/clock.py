"""The clock of a request: how long it has been in its state, and when it should leave it.

It runs in the Secretariat's office hours, and stands still while a question to the country is
open. All is derived from what happened and never counted up, so that nothing can drift.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from requests_app.models import Holiday, Post, SupportRequest, Target, Thread, ThreadState
from requests_app.working_time import Calendar, Pause, moment_after, union, working_time

Asked = tuple[datetime, datetime | None]  # when a question was put, and answered


def days_in(pauses: Iterable[Pause], since: date, until: date) -> int:
    """The days (UTC) between two dates on which the clock did not move on."""
    return sum(
        max((min(_day(pause.end, until), until) - max(pause.start.date(), since)).days, 0)
        for pause in pauses
    )


def _day(moment: datetime | None, today: date) -> date:
    return moment.date() if moment else today


# ── Pauses ───────────────────────────────────────────────────────────────────────────────────


def pauses(support_request: SupportRequest) -> list[Pause]:
    """All pauses of a request, oldest first. With the request ends the last one."""
    return pauses_by_request([support_request])[support_request.pk]


def pauses_by_request(requests: Collection[SupportRequest]) -> dict[int, list[Pause]]:
    """The pauses of several requests, by the id of the request; one query."""
    asked = Post.objects.filter(thread__support_request__in=[one.pk for one in requests], asks=True)
    spans: defaultdict[int, list[Asked]] = defaultdict(list)
    for request_id, written_at, answered_at in asked.values_list(
        "thread__support_request", "written_at", "answered_at"
    ):
        spans[request_id].append((written_at, answered_at))
    return {one.pk: _pauses_of(one, spans[one.pk]) for one in requests}


def _pauses_of(support_request: SupportRequest, asked: Iterable[Asked]) -> list[Pause]:
    # Nobody waits for an answer once the request has ended, closed as the question may be later.
    over = support_request.state_since if support_request.is_ended else None
    if over is None:
        return union(asked)
    return union((start, max(min(answered or over, over), start)) for start, answered in asked)


def stands_still(support_request: SupportRequest) -> bool:
    waiting = Thread.objects.filter(support_request=support_request, state=ThreadState.WAITING)
    return not support_request.is_ended and waiting.exists()


def paused_days(support_request: SupportRequest, since: date | None = None) -> int:
    """For how many days the clock has stood still so far, from `since` on if that is given."""
    found = pauses(support_request)
    if not found:
        return 0
    return days_in(found, since or found[0].start.date(), timezone.now().date())


# ── Targets ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Standards:
    """The calendar and the targets of the desk as they are now. Load them once for a chain of
    questions, and never keep them: an officer may change them at any moment."""

    calendar: Calendar
    targets: Mapping[tuple[str, str], int]  # working days, by state and urgency

    def target_of(self, support_request: SupportRequest) -> int | None:
        """In how many working days it should leave its state; None: there is no target."""
        if support_request.is_ended:
            return None
        return self.targets.get((support_request.state, support_request.urgency))

    def due_at(self, support_request: SupportRequest, found: list[Pause]) -> datetime | None:
        """When it should have left its state; None without a target or while it stands still."""
        days = self.target_of(support_request)
        if days is None or (found and found[-1].end is None):
            return None
        worked = days * self.calendar.working_day
        return moment_after(support_request.state_since, worked, self.calendar, found)


def calendar() -> Calendar:
    """The desk's calendar, with the days off as they are now; one query."""
    return Calendar(
        zone=ZoneInfo(settings.DESK_TIME_ZONE),
        opens=settings.DESK_OPENS,
        closes=settings.DESK_CLOSES,
        days_off=dict(Holiday.objects.values_list("day", "name_en")),
    )


def standards() -> Standards:
    """Two queries."""
    targets = {
        (state, urgency): days
        for state, urgency, days in Target.objects.values_list("state", "urgency", "working_days")
    }
    return Standards(calendar(), targets)


# ── What the desk reads ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ClockReading:
    """How a request stands against its target, in its present state. For the Secretariat alone."""

    state_since: datetime
    target_days: int | None
    used_days: float  # working days, to one decimal; none once the request has ended
    due_at: datetime | None
    stands_still: bool
    pauses: list[Pause]  # those that reach into the present state

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()


def reading(support_request: SupportRequest, asked: "Iterable[Post] | None" = None) -> ClockReading:
    """The clock of one request; three queries, or two with the posts that asked (`asks`)."""
    kept = standards()
    if asked is None:
        found = pauses(support_request)
    else:
        posts = [(post.written_at, post.answered_at) for post in asked if post.asks]
        found = _pauses_of(support_request, posts)
    since = support_request.state_since
    used = 0.0
    if not support_request.is_ended:
        worked = working_time(since, timezone.now(), kept.calendar, found)
        used = round(worked / kept.calendar.working_day, 1)
    return ClockReading(
        state_since=since,
        target_days=kept.target_of(support_request),
        used_days=used,
        due_at=kept.due_at(support_request, found),
        stands_still=bool(found) and found[-1].end is None,
        pauses=[one for one in found if one.end is None or one.end > since],
    )
