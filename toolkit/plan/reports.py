"""Once a quarter, how the action plan gets on: to the country and to the lead agency."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from history.log import SYSTEM, record
from history.models import Event
from outbox.post import owe
from partners.letters import Notice, Passages, letters
from toolkit import notices
from toolkit.models import Implementation, Recommendation
from toolkit.plan.progress import Progress, progress_of

REPORTED = "toolkit.plan_reported"
NAMED = 30  # of each kind; the page has them all
_MONTHS = 3

_REPORT = Notice(
    subject=_("Action plan, %(party)s: how it got on until %(until)s"),
    lead=_(
        "How the action plan of %(party)s (cycle %(cycle)s) got on from %(since)s to %(until)s:"
    ),
    next=_("The page has the same figures, and the whole plan."),
)


def report_progress() -> int:
    """Report on the quarter before this one, once, in whichever run comes first; how many plans
    were reported on. A plan of which nothing is open and nothing moved is passed over."""
    until = last_day_of_quarter_before(timezone.now().date())
    due = Implementation.objects.filter(
        Exists(Recommendation.objects.filter(implementation=OuterRef("pk"))),
        Q(reported_until=None) | Q(reported_until__lt=until),
    )
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(_report(pk, until) for pk in ids)


def last_day_of_quarter_before(day: date) -> date:
    return _first_of_quarter(day) - timedelta(days=1)


def _first_of_quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % _MONTHS, day=1)


@transaction.atomic
def _report(pk: int, until: date) -> bool:
    cycle = Implementation.objects.select_for_update(no_key=True).get(pk=pk)
    before = cycle.reported_until
    if before and before >= until:
        return False
    since = before + timedelta(days=1) if before else _first_of_quarter(until)
    Implementation.objects.filter(pk=pk).update(reported_until=until)
    progress = progress_of(cycle, since, until)
    if progress.is_empty:
        return False
    event = record(cycle, REPORTED, by=SYSTEM, changes={"since": since, "until": until})
    _tell(event, cycle, progress)
    return True


def _tell(event: Event, cycle: Implementation, progress: Progress) -> None:
    readers = {
        person.pk: person
        for audience in (notices.FOCAL_POINTS, notices.LEAD_AGENCY)
        for person in notices.people_of(audience, cycle)
    }
    page = reverse("country_plan_progress", args=[cycle.party.code.lower(), cycle.cycle])
    written = letters(
        readers.values(),
        _REPORT,
        path=f"{page}?since={progress.since.isoformat()}&until={progress.until.isoformat()}",
        facts=lambda: {
            "party": cycle.party.name,
            "cycle": str(cycle.cycle),
            "since": date_format(progress.since, "DATE_FORMAT"),
            "until": date_format(progress.until, "DATE_FORMAT"),
        },
        passages=lambda: _passages(progress),
    )
    owe(event, written)


def _passages(progress: Progress) -> Passages:
    counted = "\n".join(f"{one.label}: {one.number}" for one in progress.by_state)
    overdue = [
        f"{one.number}. {one.text} ({date_format(one.due_on, 'DATE_FORMAT')})"
        for one in progress.overdue
        if one.due_on
    ]
    moved = [
        f"{progress.number_of(event)}: {event.label} "
        f"({date_format(event.recorded_at, 'DATE_FORMAT')})"
        for event in progress.moves
    ]
    return [
        (translate_now("Recommendations by state"), counted or "–"),
        (translate_now("Overdue"), _some(overdue) or translate_now("nothing")),
        (translate_now("What moved"), _some(moved) or translate_now("nothing")),
    ]


def _some(lines: list[str]) -> str:
    more = len(lines) - NAMED
    shown = lines[:NAMED]
    if more > 0:
        sentence = ngettext("and %(count)d more", "and %(count)d more", more)
        shown = [*shown, sentence % {"count": more}]
    return "\n".join(shown)
