"""How many: requests by month, kind of support and Party, open work by officer, referrals by what
the agency answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import queues
from requests_app.figures.period import Period, desk_zone
from requests_app.figures.spells import submitted_in
from requests_app.models import Referral, ReferralState


def intake(period: Period, actor: Any) -> dict[tuple[date, int], int]:
    """Requests by the first day of the month of their submission and the id of their support."""
    months = submitted_in(period, actor).annotate(
        month=TruncMonth("submitted_at", tzinfo=desk_zone())
    )
    counted = months.order_by().values_list("month", "support_id").annotate(Count("pk"))
    return {(month.date(), support): number for month, support, number in counted}


def by_party(period: Period, actor: Any) -> dict[int, int]:
    """Requests submitted in the period, by the id of the Party."""
    found = submitted_in(period, actor).order_by().values_list("party_id").annotate(Count("pk"))
    return dict(found)


@dataclass(frozen=True)
class Load:
    """What one officer has in hand; `officer_id` is None for what nobody has."""

    officer_id: int | None
    name: str
    open: int
    overdue: int


def loads(actor: Any) -> list[Load]:
    """Open work by officer, the fullest hands first, what nobody has last."""
    open_work = queues.BY_KEY[queues.OPEN_WORK].of(actor)
    late = queues.BY_KEY["overdue"].chosen(actor)
    found = (
        open_work.order_by()
        .values_list("assignee_id", "assignee__name")
        .annotate(number=Count("pk"), overdue=Count("pk", filter=late))
    )
    every = [Load(pk, name or "", number, overdue) for pk, name, number, overdue in found]
    return sorted(every, key=lambda load: (load.officer_id is None, -load.open, load.name))


# ── referrals ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Reply:
    """What became of a referral so far; each referral has exactly one."""

    key: str
    label: str | Promise
    states: tuple[str, ...]
    is_late: bool | None = None  # None: it does not matter

    def of(self, referrals: "QuerySet[Referral]") -> "QuerySet[Referral]":
        found = referrals.filter(state__in=self.states)
        if self.is_late is None:
            return found
        late = Referral.objects.overdue().values("pk")
        return found.filter(pk__in=late) if self.is_late else found.exclude(pk__in=late)


_R = ReferralState
REPLIES = (
    Reply("helps", _("helps"), (_R.ACCEPTED, _R.DELIVERING, _R.DELIVERED)),
    Reply("declined", _("declined"), (_R.DECLINED,)),
    Reply("waiting", _("waiting, not late"), (_R.SENT,), is_late=False),
    Reply("late", _("waiting, overdue"), (_R.SENT,), is_late=True),
    Reply("recalled", _("recalled"), (_R.RECALLED,)),
)
REPLY_BY_KEY = {reply.key: reply for reply in REPLIES}


def sent_in(period: Period, actor: Any) -> "QuerySet[Referral]":
    """Referrals that the actor may see, of the period."""
    return Referral.objects.visible_to(actor).filter(period.holds("sent_at"))


def replies(referrals: "QuerySet[Referral]") -> dict[tuple[int, str], int]:
    """How many, by the id of the agency and the key of the reply; two queries."""
    of_state = {state: reply.key for reply in REPLIES for state in reply.states}
    of_state[_R.SENT] = "waiting"
    found: dict[tuple[int, str], int] = {}
    counted = referrals.order_by().values_list("agency_id", "state").annotate(Count("pk"))
    for agency, state, number in counted:
        key = (agency, of_state[state])
        found[key] = found.get(key, 0) + number
    late = REPLY_BY_KEY["late"].of(referrals).order_by().values_list("agency_id")
    for agency, number in late.annotate(Count("pk")):
        found[agency, "late"] = number
        found[agency, "waiting"] -= number
    return found
