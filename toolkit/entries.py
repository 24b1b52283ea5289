"""The history of a Party's Toolkit steps as people read it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from history.models import Event
from partners.naming import in_readers_language
from requests_app.entries import Entry, Words, name_of_actor
from toolkit import step_words
from toolkit.plan import words as plan_words
from toolkit.projection import CORRECTS
from toolkit.steps import Step
from toolkit.timeline import (
    ASSESSMENT,
    RECOMMENDATION,
    hides_the_person,
    open_changes,
    open_source,
    with_every_word,
)

# What happens to them is true from the day on which it is recorded.
_DATED_BY_RECORDING = frozenset({RECOMMENDATION, ASSESSMENT})


def entries(events: Iterable[Event], actor: Any) -> list[Entry]:
    """In the order given. The public reads which body acted, not which person."""
    events = list(events)
    inside = with_every_word(events, actor)
    changes = open_changes(events, actor, inside)
    bodies = in_readers_language(event.actor_body for event in events)
    return [
        Entry(
            what=_what(event, changes[event.pk]),
            who="" if hides_the_person(event, inside) else name_of_actor(event, actor),
            body=bodies.get(event.actor_body, event.actor_body),
            recorded_at=event.recorded_at,
            when=_when(event),
            source=open_source(event, inside),
            words=_words(changes[event.pk]),
        )
        for event in events
    ]


def _when(event: Event) -> str:
    """The day of what is dated. What only happened on the day it was recorded needs no other."""
    is_of_its_day = event.effective_on == event.recorded_at.date() and "steps" not in event.changes
    needs_none = is_of_its_day or event.subject_type in _DATED_BY_RECORDING
    return "" if needs_none else event.effective_in_words


def _what(event: Event, said: dict[str, Any]) -> str:
    """Names the step where there is one; a loaded table row names its steps below."""
    steps = list(said.get("steps", {})) or [said[name] for name in ("step",) if name in said]
    if len(steps) != 1:
        return event.label
    what = pgettext("a step", "Corrected") if said.get(CORRECTS) else event.label
    return _("%(what)s: %(step)s") % {"what": what, "step": Step(steps[0]).label}


def _words(said: dict[str, Any]) -> Words:
    words: Words = []
    steps = said.get("steps", {})
    if len(steps) > 1:
        words.append((_("Steps done:"), ", ".join(str(Step(step).label) for step in steps)))
    words += step_words.words_of(said)
    words += plan_words.words_of(said)
    words += [(str(label), said[name]) for name, label in _TEXTS if said.get(name)]
    if isinstance(said.get("due_on"), str):
        words.append((_("Due:"), date_format(date.fromisoformat(said["due_on"]), "DATE_FORMAT")))
    return words


_TEXTS = (
    ("note", _lazy("Note:")),
    ("reason", _lazy("Reason:")),
    ("despite", _lazy("Why all the same:")),
    ("remark", _lazy("Remark:")),
    ("not_assessed", _lazy("Why some indicators are not assessed:")),
    ("outcome", _lazy("Outcome:")),
    ("evidence", _lazy("Evidence:")),
)
