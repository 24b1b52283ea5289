"""An action plan as people read it: by part of the Toolkit, narrowed, counted in words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toolkit.models import (
    Horizon,
    Implementation,
    Part,
    Priority,
    Recommendation,
    RecommendationState,
)


@dataclass(frozen=True)
class Line:
    """A recommendation and whether its day has passed with something still to do."""

    recommendation: Recommendation
    is_overdue: bool


@dataclass(frozen=True)
class Count:
    """How many there are of something: "3 proposed"."""

    label: Any
    number: int


@dataclass(frozen=True)
class Counts:
    total: int
    overdue: int
    by_state: list[Count]
    by_priority: list[Count]
    by_horizon: list[Count]


class PlanFilter(forms.Form):
    """Which part of a plan to show; nothing chosen shows it whole."""

    hide_optional = True

    state = forms.ChoiceField(label=_("State"), required=False)
    part = forms.ChoiceField(label=_("Part of the Toolkit"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    horizon = forms.ChoiceField(label=_("Horizon"), required=False)
    overdue = forms.BooleanField(label=_("Only what is overdue"), required=False)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked)
        kinds: dict[str, type[TextChoices]] = {
            "state": RecommendationState, "part": Part, "priority": Priority, "horizon": Horizon,
        }  # fmt: skip
        for name, kind in kinds.items():
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *kind.choices]

    @property
    def chosen(self) -> dict[str, Any]:
        """What narrows the plan; nothing while the form has a fault."""
        said = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> str:
        """As it stands in an address, for downloads of what is shown."""
        asked = QueryDict(mutable=True)
        for name, value in self.chosen.items():
            asked[name] = "on" if value is True else value
        return asked.urlencode()

    @property
    def words(self) -> str:
        """What was chosen, for a file that leaves the portal."""
        said = []
        for name, value in self.chosen.items():
            field: Any = self.fields[name]
            if value is True:
                said.append(str(field.label))
            else:
                said.append(f"{field.label}: {dict(field.choices)[value]}")
        return "; ".join(said)


def today() -> date:
    return timezone.now().date()


def lines_of(implementation: Implementation, actor: Any) -> list[Line]:
    """The whole plan in the order of its numbers. The actor reads it inside, or reads nothing."""
    found = (
        Recommendation.objects.inside(actor)
        .filter(implementation=implementation)
        .select_related("superseded_by__implementation")
        .prefetch_related("supporting")
        .order_by("number")
    )
    day = today()
    lines = []
    for one in found:
        one.implementation = implementation
        lines.append(Line(one, one.is_overdue(day)))
    return lines


def narrowed(lines: Iterable[Line], asked: PlanFilter) -> list[Line]:
    chosen = asked.chosen
    overdue = chosen.pop("overdue", False)
    return [
        line
        for line in lines
        if all(getattr(line.recommendation, name) == value for name, value in chosen.items())
        and (line.is_overdue or not overdue)
    ]


def by_part(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The five parts in the order of the Toolkit, those without a recommendation left out."""
    lines = list(lines)
    for part in Part:
        of_part = [line for line in lines if line.recommendation.part == part]
        if of_part:
            yield str(part.label), of_part


def counts_of(lines: Iterable[Line]) -> Counts:
    lines = list(lines)
    rows = [line.recommendation for line in lines]
    return Counts(
        len(lines),
        sum(line.is_overdue for line in lines),
        _counted(RecommendationState, [one.state for one in rows]),
        _counted(Priority, [one.priority for one in rows]),
        _counted(Horizon, [one.horizon for one in rows]),
    )


def _counted(kind: type[TextChoices], values: Iterable[str]) -> list[Count]:
    found = Counter(values)
    return [Count(one.label, found[one.value]) for one in kind if found[one.value]]


@dataclass(frozen=True)
class Plan:
    lines: list[Line]
    counts: Counts


def for_desk(implementation: Implementation, actor: Any) -> Plan:
    """For templates/admin/toolkit/_plan.html; two queries."""
    lines = lines_of(implementation, actor)
    return Plan(lines, counts_of(lines))
