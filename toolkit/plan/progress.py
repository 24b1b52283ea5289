"""What became of an action plan between two days, read from the log: the same at any later time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from history.models import Event
from toolkit.models import SETTLED, TO_DO, Implementation, RecommendationState
from toolkit.plan.reading import Count
from toolkit.timeline import DRAFT_BEGUN, RECOMMENDATION
from toolkit.workflow import ENTERED, RECOMMENDATIONS
from workflow.forms import IsoDateField
from workflow.inputs import convention_began

_MOVED = RECOMMENDATIONS.kind("move_due")
_REVISED = RECOMMENDATIONS.kind("revise")
A_QUARTER = timedelta(days=91)


@dataclass
class Stood:
    """A recommendation as it stood at the end of the period."""

    pk: int
    number: int
    text: str
    state: str
    due_on: date | None

    @property
    def label(self) -> Any:
        return RecommendationState(self.state).label


@dataclass(frozen=True)
class Progress:
    """The figures of one period, its first and its last day included."""

    since: date
    until: date
    stood: list[Stood] = field(default_factory=list)
    moves: list[Event] = field(default_factory=list)  # oldest first

    @property
    def by_state(self) -> list[Count]:
        found = Counter(one.state for one in self.stood)
        return [Count(one.label, found[one.value]) for one in RecommendationState if found[one]]

    @property
    def overdue(self) -> list[Stood]:
        return [
            one
            for one in self.stood
            if one.state in TO_DO and one.due_on is not None and one.due_on < self.until
        ]

    @property
    def is_empty(self) -> bool:
        """Nothing was open and nothing had moved: there is nothing to report."""
        return not self.moves and all(one.state in SETTLED for one in self.stood)

    def number_of(self, event: Event) -> int:
        return next(one.number for one in self.stood if one.pk == event.subject_id)


def progress_of(implementation: Implementation, since: date, until: date) -> Progress:
    """Two queries for any number of recommendations. The caller has asked who may read it."""
    ids = list(implementation.recommendations.values_list("pk", flat=True))
    events = list(_events(ids, until))
    begin = datetime.combine(since, time.min, UTC)
    moves = [one for one in events if one.recorded_at >= begin]
    return Progress(since, until, _replayed(events), moves)


def _events(ids: list[int], until: date) -> "QuerySet[Event]":
    """All that was recorded by the end of that day, but for what only the Party may know."""
    end = datetime.combine(until, time.max, UTC)
    about = Event.objects.filter(subject_type=RECOMMENDATION, subject_id__in=ids)
    return about.filter(recorded_at__lte=end).exclude(kind=DRAFT_BEGUN).order_by("pk")


def _replayed(events: Iterable[Event]) -> list[Stood]:
    stood: dict[int, Stood] = {}
    for event in events:
        said = event.changes
        if event.kind == ENTERED:
            state, due_on = said["state"][1], _day(said.get("due_on"))
            stood[event.subject_id] = Stood(
                event.subject_id, said["number"], said["text"], state, due_on
            )
        one = stood[event.subject_id]
        if "state" in said:
            one.state = said["state"][1]
        if event.kind == _MOVED:
            one.due_on = _day(said["due_on"])
        if event.kind == _REVISED and "text" in said["revised"]:
            one.text = said["revised"]["text"][1]
    return sorted(stood.values(), key=lambda one: one.number)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


class PeriodForm(forms.Form):
    """From which day to which; left out: from the last report on, until today."""

    hide_optional = True

    since = IsoDateField(label=_("From"), required=False)
    until = IsoDateField(label=_("Until"), required=False)

    def __init__(self, asked: Any, implementation: Implementation) -> None:
        super().__init__(asked)
        self.implementation = implementation

    def clean_until(self) -> date:
        today = timezone.now().date()
        day: date = self.cleaned_data["until"] or today
        if day > today:
            raise ValidationError(_("Nothing is known of the future: choose a past day."))
        return _since_the_convention(day)

    def clean_since(self) -> date | None:
        day: date | None = self.cleaned_data["since"]
        return day and _since_the_convention(day)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        until = said.get("until")
        if until and not said.get("since") and "since" not in self.errors:
            said["since"] = _since(self.implementation, until)
        if until and said.get("since") and said["since"] > until:
            self.add_error("since", _("The first day lies after the last one."))
        return said


def _since_the_convention(day: date) -> date:
    if day < convention_began():
        said = {"first": date_format(convention_began()), "last": date_format(timezone.now())}
        raise ValidationError(_("Give a date between %(first)s and %(last)s."), params=said)
    return day


def _since(implementation: Implementation, until: date) -> date:
    reported = implementation.reported_until
    if reported and reported < until:
        return reported + timedelta(days=1)
    return until - A_QUARTER
