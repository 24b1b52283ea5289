"""Reminders of steps that stand still and of changes that nobody confirms.

What is due is asked, never "due exactly today": a worker that was off for a week catches up, and
nobody is reminded twice of the same standstill. Any movement of the step begins a new one.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, record
from history.models import Event
from outbox.post import owe
from partners.letters import Notice
from partners.models import Role
from partners.recipients import people
from toolkit import notices, step_notices
from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.projection import TABLE_LOADED
from toolkit.steps import Step, StepState

STILL = "toolkit.step_still"
UNCONFIRMED = "toolkit.unconfirmed"
CONFIRM_WITHIN = timedelta(days=7)
_TOLD = (notices.FOCAL_POINTS, notices.LEAD_AGENCY, notices.DESK)

_STANDS_STILL = Notice(
    subject=_("Toolkit, %(party)s: nothing has moved at step %(number)s"),
    lead=_(
        "Nothing has been recorded of step %(number)s of the Toolkit, “%(step)s”, in %(party)s "
        "since %(since)s. It is: %(state)s."
    ),
    next=_("Please report a change, add a note, or set the date by which you expect it."),
)
_IS_LATE = Notice(
    subject=_("Toolkit, %(party)s: the expected date of step %(number)s is past"),
    lead=_(
        "Step %(number)s of the Toolkit, “%(step)s”, in %(party)s was expected on %(expected)s. "
        "It is: %(state)s."
    ),
    next=_("Please report a change, add a note, or set the date by which you expect it."),
)
_WAITS = Notice(
    subject=_("Toolkit, %(party)s: a change of step %(number)s still waits for confirmation"),
    lead=_(
        "Step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(proposed)s. It was proposed "
        "on %(since)s and waits for you or a colleague to confirm it."
    ),
)


def remind() -> int:
    """Tell of each standstill and each waiting proposal that is due; of how many."""
    now = timezone.now()
    still = list(_late(now.date())) + list(standing_still(now).filter(_not_told_of_standstill()))
    long_waiting = Proposal.objects.filter(reminded_at=None, at__lte=now - CONFIRM_WITHIN)
    steps = dict.fromkeys(step.pk for step in still)
    proposals = list(long_waiting.values_list("pk", flat=True))
    return sum(_tell_of_step(pk, now) for pk in steps) + sum(map(_tell_of_proposal, proposals))


def standing_still(now: datetime) -> "QuerySet[StepStatus]":
    """Steps at which nothing has moved for TOOLKIT_STILL_DAYS: those under way, and where none is
    under way, the next one of a running cycle.

    Not the follow-up, of which the recommendations have reminders of their own; not what waits to
    be confirmed; not a row of a published table with which nobody here has done anything.
    """
    before = now - timedelta(days=settings.TOOLKIT_STILL_DAYS)
    cycle = StepStatus.objects.filter(implementation=OuterRef("implementation")).order_by()
    moved = cycle.values("implementation").annotate(last=Max("moved_at")).values("last")
    under_way = Q(state=StepState.UNDER_WAY, moved_at__lte=before)
    is_next = Q(state=StepState.NOT_STARTED, cycle_moved_at__lte=before) & ~Exists(
        cycle.filter(
            Q(state=StepState.UNDER_WAY)
            | Q(state=StepState.NOT_STARTED, position__lt=OuterRef("position"))
            | Q(step=Step.PRESENTATION, state=StepState.DONE)
        )
    )
    return (
        _at_work()
        .exclude(step=Step.FOLLOW_UP)
        .annotate(cycle_moved_at=Subquery(moved))
        .filter(under_way | is_next, proposal=None)
    )


def _not_told_of_standstill() -> Q:
    """The next step is told of again when its cycle has moved and stands still once more."""
    next_again = Q(state=StepState.NOT_STARTED, reminded_at__lt=F("cycle_moved_at"))
    return Q(reminded_at=None) | next_again


def _late(today: date) -> "QuerySet[StepStatus]":
    """Past the expected date, and not told of since."""
    open_ones = _at_work().filter(
        state__in=[StepState.NOT_STARTED, StepState.UNDER_WAY],
        expected_on__lt=today,
        proposal=None,
    )
    return open_ones.filter(Q(reminded_at=None) | Q(reminded_at__date__lte=F("expected_on")))


def _at_work() -> "QuerySet[StepStatus]":
    """The steps of cycles of which more happened here than that a published table was loaded."""
    own = Event.objects.filter(
        subject_type=Implementation._meta.label_lower, subject_id=OuterRef("implementation_id")
    ).exclude(kind=TABLE_LOADED)
    return StepStatus.objects.filter(Exists(own)).order_by("pk")


@transaction.atomic
def _tell_of_step(pk: int, now: datetime) -> bool:
    step = _locked(pk)
    if not _is_due(step, now):
        return False  # somebody was quicker, or it has moved
    late = step.expected_on is not None and step.expected_on < now.date()
    since = step.moved_at
    step.reminded_at = timezone.now()
    step.save(update_fields=["reminded_at"])
    changes = {"step": step.step, "expected_on": step.expected_on if late else None}
    event = record(step.implementation, STILL, by=SYSTEM, changes=changes)
    _write(event, step, _IS_LATE if late else _STANDS_STILL, _TOLD, since)
    return True


def _is_due(step: StepStatus, now: datetime) -> bool:
    still = standing_still(now).filter(_not_told_of_standstill(), pk=step.pk)
    return still.exists() or _late(now.date()).filter(pk=step.pk).exists()


@transaction.atomic
def _tell_of_proposal(pk: int) -> bool:
    step_id = Proposal.objects.filter(pk=pk).values_list("step_id", flat=True).first()
    if step_id is None:
        return False
    step = _locked(step_id)
    waiting = step.waiting
    if waiting is None or waiting.pk != pk or waiting.reminded_at:
        return False
    since = waiting.at
    waiting.reminded_at = timezone.now()
    waiting.save(update_fields=["reminded_at"])
    changes = {"step": step.step, "proposed_at": since}
    event = record(step.implementation, UNCONFIRMED, by=SYSTEM, changes=changes)
    told = (notices.LEAD_AGENCY, notices.DESK)
    _write(event, step, _WAITS, told, since, _cannot_confirm(waiting))
    return True


def _cannot_confirm(waiting: Proposal) -> set[int | None]:
    """Who proposed it, and the officers of the agency whose system did; by id."""
    if waiting.agency_id is None:
        return {waiting.by_id}
    officers = people(roles=[Role.OFFICER], agency_ids=[waiting.agency_id])
    return {waiting.by_id, *(one.pk for one in officers)}


def _locked(pk: int) -> StepStatus:
    """As an action on it would lock it: its cycle first."""
    cycle_id = StepStatus.objects.values_list("implementation_id", flat=True).get(pk=pk)
    Implementation._base_manager.select_for_update(no_key=True).get(pk=cycle_id)
    steps = StepStatus.objects.select_related("implementation__party", "agency", "proposal")
    return steps.get(pk=pk)


def _write(
    event: Event,
    step: StepStatus,
    notice: Notice,
    audiences: tuple[str, ...],
    since: datetime,
    but_not: Collection[int | None] = (),
) -> None:
    """`but_not`, by their ids, can do nothing about it."""
    at_the_desk, others = notices.readers_of(audiences, step.implementation)
    written = step_notices.letters_about_step(
        step,
        notice,
        [person for person in at_the_desk if person.pk not in but_not],
        [person for person in others if person.pk not in but_not],
        facts=_facts(step, since),
    )
    owe(event, written)


def _facts(step: StepStatus, since: datetime) -> Callable[[], dict[str, str]]:
    def in_readers_language() -> dict[str, str]:
        expected = date_format(step.expected_on, "DATE_FORMAT") if step.expected_on else "–"
        return {
            **step_notices.facts_of(step),
            "since": date_format(since, "DATE_FORMAT"),
            "expected": expected,
        }

    return in_readers_language
