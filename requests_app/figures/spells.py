"""How long requests waited for the Secretariat, and referrals for their agencies.

The clock of a request begins with its first submission. It stands still while the country was
asked a question, had the request back for correction, or had withdrawn it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from history.models import Event
from requests_app import clock
from requests_app.figures.period import Period
from requests_app.figures.ruler import Ruler
from requests_app.figures.waiting import End, Spell
from requests_app.models import Post, Referral, ReferralState, SupportRequest
from requests_app.queues import submitted_to
from requests_app.working_time import Pause, union

ACKNOWLEDGED = "acknowledged"
DECIDED = "decided"

_KINDS = {
    ACKNOWLEDGED: {"requests.take_up", "requests.return"},
    DECIDED: {"requests.accept", "requests.decline", "requests.redirect"},
}
# What takes a request out of the Secretariat's hands, and what brings it back.
_AWAY = {"requests.return", "requests.withdraw"}
_BACK = {"requests.submit", "requests.reopen"}
_WITHDRAWN = "requests.withdraw"

Happened = list[tuple[str, datetime]]
Asked = dict[int, list[tuple[datetime, datetime | None]]]


@dataclass(frozen=True)
class Spells:
    """Those of the requests submitted in a period: until acknowledged, and until decided."""

    acknowledged: list[Spell]
    decided: list[Spell]

    def of(self, what: str) -> list[Spell]:
        return self.acknowledged if what == ACKNOWLEDGED else self.decided


def submitted_in(period: Period | None, actor: Any) -> "QuerySet[SupportRequest]":
    """What the actor may see of the requests first submitted in the period; all without one."""
    every = submitted_to(actor)
    return every.filter(period.holds("submitted_at")) if period else every


def spells_of(period: Period | None, actor: Any) -> Spells:
    """Four queries, however many requests there are."""
    requests, now = submitted_in(period, actor), timezone.now()
    columns = requests.order_by().values_list("pk", "submitted_at")
    rows = [(pk, submitted) for pk, submitted in columns if submitted]
    if not rows:
        return Spells([], [])
    ruler = Ruler(clock.calendar(), min(submitted for _pk, submitted in rows), now)
    happened, asked = _happened(requests), _asked(requests.values("pk"))
    found: dict[str, list[Spell]] = {ACKNOWLEDGED: [], DECIDED: []}
    for pk, submitted in rows:
        events = happened.get(pk, [])
        pauses = union([*asked.get(pk, ()), *_away(events)])
        for what, spells in found.items():
            moment, end = _end(what, events, now)
            spells.append(Spell(pk, ruler.days(submitted, moment, pauses), end))
    return Spells(found[ACKNOWLEDGED], found[DECIDED])


def _happened(requests: "QuerySet[SupportRequest]") -> dict[int, Happened]:
    """What history says of each request, oldest first."""
    kinds = set().union(*_KINDS.values(), _AWAY, _BACK)
    events = Event.objects.filter(
        subject_type=SupportRequest._meta.label_lower,
        subject_id__in=requests.order_by().values("pk"),
        kind__in=kinds,
    ).order_by("pk")
    found: defaultdict[int, Happened] = defaultdict(list)
    for pk, kind, moment in events.values_list("subject_id", "kind", "recorded_at"):
        found[pk].append((kind, moment))
    return found


def _asked(request_ids: Any) -> Asked:
    """When the country was asked, and when it answered, by request."""
    posts = Post.objects.filter(asks=True, thread__support_request__in=request_ids)
    found: defaultdict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    columns = ("thread__support_request", "written_at", "answered_at")
    for pk, written, answered in posts.order_by().values_list(*columns):
        found[pk].append((written, answered))
    return found


def _away(happened: Happened) -> list[tuple[datetime, datetime | None]]:
    """The times in which the request lay with the country."""
    spans: list[tuple[datetime, datetime | None]] = []
    for kind, moment in happened:
        lies_away = bool(spans) and spans[-1][1] is None
        if kind in _AWAY and not lies_away:
            spans.append((moment, None))
        elif kind in _BACK and lies_away:
            spans[-1] = (spans[-1][0], moment)
    return spans


def _end(what: str, happened: Happened, now: datetime) -> tuple[datetime, End]:
    """When the wait was over, or how far it has come."""
    done = next((moment for kind, moment in happened if kind in _KINDS[what]), None)
    if done:
        return done, End.DONE
    moves = [(kind, moment) for kind, moment in happened if kind in {_WITHDRAWN, *_BACK}]
    if moves and moves[-1][0] == _WITHDRAWN:
        return moves[-1][1], End.LEFT
    return now, End.OPEN


# ── referrals ────────────────────────────────────────────────────────────────────────────────


def answers_of(referrals: "QuerySet[Referral]") -> dict[int, list[Spell]]:
    """How long each agency took to answer, by its id; four queries."""
    now = timezone.now()
    ends = referrals.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    if ends["first"] is None:
        return {}
    ruler = Ruler(clock.calendar(), ends["first"], now)
    asked = _asked(referrals.order_by().values("support_request"))
    found: defaultdict[int, list[Spell]] = defaultdict(list)
    columns = (
        "pk", "agency_id", "support_request_id", "state", "sent_at", "answered_at", "updated_at",
    )  # fmt: skip
    for pk, agency, request, state, sent, answered, changed in referrals.order_by().values_list(
        *columns
    ):
        moment, end = now, End.OPEN
        if answered:
            moment, end = answered, End.DONE
        elif state == ReferralState.RECALLED:
            moment, end = changed, End.LEFT  # nothing happens to a recalled referral any more
        pauses: list[Pause] = union(asked.get(request, ()))
        found[agency].append(Spell(pk, ruler.days(sent, moment, pauses), end))
    return found
