"""Everything of one Party on one page: what is asked here, the templates only set."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from history.models import Event
from partners.models import Mandate, Party
from requests_app.conversations import unread_by_request
from requests_app.models import ENDED, RequestState, SupportRequest, Thread, ThreadState
from toolkit.models import SETTLED, Implementation, Recommendation, StepStatus
from toolkit.plan.words import day_in_words
from toolkit.workflow import RECOMMENDATIONS
from workflow.executor import allowed_actions

REQUESTS_SHOWN = 10


@dataclass(frozen=True)
class Row:
    """A request in the list, and whether the country has to do something about it."""

    support_request: SupportRequest
    needs_you: bool
    unread: int


@dataclass(frozen=True)
class Task:
    """A recommendation of the action plan, and what the reader may do with it now."""

    recommendation: Recommendation
    actions: list[Any]
    is_late: bool


def requests_of(party: Party, actor: Any) -> list[Row]:
    """The newest, those that wait for the country first."""
    waiting = Thread.objects.filter(support_request=OuterRef("pk"), state=ThreadState.WAITING)
    asked = Q(Exists(waiting))
    found: QuerySet[Any] = (
        SupportRequest.objects.visible_to(actor)
        .filter(party=party)
        .with_names()
        .annotate(
            needs_you=Case(
                When(state__in=[RequestState.DRAFT, RequestState.RETURNED], then=Value(True)),
                When(asked & ~Q(state__in=ENDED), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
    )
    newest = list(found.order_by("-needs_you", "-pk")[:REQUESTS_SHOWN])
    unread = unread_by_request(actor, newest)
    return [Row(one, one.needs_you, unread.get(one.pk, 0)) for one in newest]


def cycles_of(party: Party, actor: Any) -> list[Implementation]:
    """Newest first, with their steps."""
    steps = Prefetch("steps", StepStatus.objects.order_by("position"))
    visible = Implementation.objects.visible_to(actor).filter(party=party)
    found = list(visible.select_related("lead_agency").prefetch_related(steps).order_by("-cycle"))
    for one in found:
        one.party = party
    return found


def tasks_of(cycles: Iterable[Implementation], actor: Any) -> tuple[list[Task], list[Task]]:
    """What is still to be done, the nearest date first; and what is settled."""
    by_id = {one.pk: one for one in cycles}
    visible = Recommendation.objects.inside(actor).filter(implementation__in=by_id)
    tasks = []
    for one in visible.prefetch_related("supporting").order_by("implementation", "number"):
        one.implementation = by_id[one.implementation_id]
        tasks.append(_task(one, actor))
    open_ones = [one for one in tasks if one.recommendation.state not in SETTLED]
    open_ones.sort(key=lambda one: str(one.recommendation.due_on or "9999"))
    settled = [one for one in tasks if one.recommendation.state in SETTLED]
    return open_ones, settled


def _task(recommendation: Recommendation, actor: Any) -> Task:
    is_late = recommendation.is_overdue(timezone.now().date())
    return Task(recommendation, allowed_actions(recommendation, actor), is_late)


def about_publication(cycle: Implementation, actor: Any) -> list[Any]:
    """The buttons that make the cycle public or end that, as far as the actor has them."""
    named = {"publish", "withdraw_consent"}
    return [one for one in allowed_actions(cycle, actor) if one.action in named]


# ── one recommendation ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class DueChange:
    """One change of a date: from which to which, by whom, when and why."""

    before: str
    after: str
    event: Event

    @property
    def reason(self) -> str:
        return str(self.event.changes.get("reason", ""))


def due_changes(events: Iterable[Event]) -> list[DueChange]:
    """The history of the date, newest first as the events are."""
    moved = RECOMMENDATIONS.kind("move_due")
    return [
        DueChange(
            day_in_words(event.changes.get("was_due_on")),
            day_in_words(event.changes["due_on"]),
            event,
        )
        for event in events
        if event.kind == moved
    ]


def replaced_by(recommendation: Recommendation, actor: Any) -> "QuerySet[Recommendation]":
    """Those in whose place it stands."""
    before = Recommendation.objects.inside(actor).filter(superseded_by=recommendation)
    return before.select_related("implementation__party")


def requests_grown_from(recommendation: Recommendation, actor: Any) -> "QuerySet[SupportRequest]":
    """Those that the reader may see: a draft only by its own people, and no agency one that was
    not referred to it."""
    grown = SupportRequest.objects.visible_to(actor).filter(recommendations=recommendation)
    return grown.with_names().order_by("pk")


def people_of(party: Party) -> "QuerySet[Mandate]":
    """Who acts for the Party now; a deputy knows in whose absence."""
    mandates = Mandate.objects.in_force().filter(party=party)
    return mandates.select_related("user", "stands_in_for__user").order_by("role", "user__name")
