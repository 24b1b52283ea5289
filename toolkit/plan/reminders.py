"""Reminding of recommendations whose day comes near or has passed. What is due is asked, never
"due exactly today"; and nobody is reminded twice of the same date."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, record
from history.models import Event
from outbox.post import owe
from partners.letters import Notice, Passages, letters
from toolkit import notices
from toolkit.models import Implementation, Recommendation

REMINDED = "toolkit.plan_reminded"
AHEAD = timedelta(days=30)

_REMINDER = Notice(
    subject=_("Action plan, %(party)s: dates to keep"),
    lead=_("Recommendations of your action plan are due within 30 days, or overdue."),
    next=_("Please report how far they are, or change a date with a reason."),
)
_LATE = Notice(
    subject=_("Action plan, %(party)s: overdue recommendations"),
    lead=_("Recommendations of the action plan of %(party)s are overdue."),
    next=_("The focal points of the country have been reminded."),
)


def remind_of_dates() -> int:
    """One letter a plan and person, however many of its recommendations are due: the focal points
    of what is due within thirty days, they and the lead agency of what is overdue. Of how many
    recommendations."""
    today = timezone.now().date()
    due = Recommendation.objects.filter(_near(today) | _late(today))
    ids = due.order_by("implementation").values_list("implementation_id", flat=True).distinct()
    return sum(_remind(pk, today) for pk in list(ids))


def _near(today: date) -> Q:
    return _not_told("reminded_of") & Q(due_on__gte=today, due_on__lte=today + AHEAD)


def _late(today: date) -> Q:
    return _not_told("told_late_of") & Q(due_on__lt=today)


def _not_told(column: str) -> Q:
    open_ones = Q(pk__in=Recommendation.objects.open().values("pk"))
    return open_ones & (Q(**{column: None}) | ~Q(**{column: F("due_on")}))


@transaction.atomic
def _remind(pk: int, today: date) -> int:
    cycle = Implementation.objects.select_for_update(no_key=True).get(pk=pk)
    rows = cycle.recommendations.order_by("number")
    near, late = list(rows.filter(_near(today))), list(rows.filter(_late(today)))
    if not near and not late:
        return 0
    Recommendation.objects.filter(pk__in=[one.pk for one in [*near, *late]]).update(
        reminded_of=F("due_on")
    )
    Recommendation.objects.filter(pk__in=[one.pk for one in late]).update(told_late_of=F("due_on"))
    said = {"due": [one.number for one in near], "overdue": [one.number for one in late]}
    event = record(cycle, REMINDED, by=SYSTEM, changes=said)
    _tell(event, cycle, near, late)
    return len(near) + len(late)


def _tell(
    event: Event, cycle: Implementation, near: list[Recommendation], late: list[Recommendation]
) -> None:
    page = reverse("country_plan", args=[cycle.party.code.lower(), cycle.cycle])
    country = notices.people_of(notices.FOCAL_POINTS, cycle)
    lead = notices.people_of(notices.LEAD_AGENCY, cycle) if late else []
    both = {person.pk for person in country}
    written = [
        *letters(
            country,
            _REMINDER,
            path=page,
            facts=lambda: {"party": cycle.party.name},
            passages=lambda: [*_passage(near, late=False), *_passage(late, late=True)],
        ),
        *letters(
            [person for person in lead if person.pk not in both],
            _LATE,
            path=page,
            facts=lambda: {"party": cycle.party.name},
            passages=lambda: _passage(late, late=True),
        ),
    ]
    owe(event, written)


def _passage(rows: list[Recommendation], *, late: bool) -> Passages:
    heading = translate_now("Overdue") if late else translate_now("Due within 30 days")
    lines = [
        f"{one.number}. {one.text} ({date_format(one.due_on, 'DATE_FORMAT')})"
        for one in rows
        if one.due_on
    ]
    return [(heading, "\n".join(lines))] if lines else []
