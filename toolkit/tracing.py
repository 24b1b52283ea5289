"""From a figure back to the events that it follows from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.models import Event
from toolkit.asof import Fact, Row
from toolkit.step_runs import Run, by_event
from toolkit.steps import Phase
from toolkit.timeline import visible_events


class Figure(models.TextChoices):
    """The figures of the tracker; those of phases bear the phase's name."""

    REQUESTED = "requested", _("Toolkit requested")
    AT_OTHER_STAGES = "at_other_stages", _("At other stages")
    REQUEST_RECEIVED = Phase.REQUEST_RECEIVED.value, Phase.REQUEST_RECEIVED.label
    PLANNING = Phase.PLANNING.value, Phase.PLANNING.label
    IN_PROCESS = Phase.IN_PROCESS.value, Phase.IN_PROCESS.label
    COMPLETE = Phase.COMPLETE.value, Phase.COMPLETE.label


def counted(rows: Iterable[Row], figure: str) -> list[Row]:
    """The rows that the figure counts: its number is how many they are."""
    if figure == Figure.REQUESTED:
        return [row for row in rows if row.phase]
    if figure == Figure.AT_OTHER_STAGES:
        return [row for row in rows if row.phase and row.phase != Phase.COMPLETE]
    return [row for row in rows if row.phase == figure]


@dataclass(frozen=True)
class Evidence:
    """The steps that follow from one event as they are counted, and the event that says so."""

    runs: list[Run]
    event: Event | None  # None should never be: what is read as a fact is readable as an event

    @property
    def fact(self) -> Fact:
        return self.runs[0].after


def evidence(rows: list[Row], actor: Any) -> list[tuple[Row, list[Evidence]]]:
    """By row, the events behind its steps; one query."""
    ids = {fact.event_id for row in rows for fact in row.facts.values()}
    found = Event.objects.filter(visible_events(actor), pk__in=ids).in_bulk()
    return [
        (
            row,
            [
                Evidence(runs, found.get(runs[0].after.event_id))
                for runs in by_event((step, None, fact) for step, fact in row.cells if fact)
            ],
        )
        for row in rows
    ]
