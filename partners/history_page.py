"""The history of one record of the desk, newest first, in pages, with what each event changed."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from history.models import Event
from partners.differences import Difference, differences, tell_before

SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One event, who did it, and what it changed."""

    event: Event
    about: str  # what it happened to, where that is another record
    who: str
    differences: list[Difference]

    @property
    def has_before(self) -> bool:
        return tell_before(self.differences)


def history_of(obj: models.Model, others: list[Any], before: int | None = None) -> dict[str, Any]:
    """The context of the page. `before` is an event id: what is older than that.

    Ask only about what the reader may see, with `others` as far as the reader may see them.
    """
    about = models.Q(subject_type=obj._meta.label_lower, subject_id=obj.pk)
    for rows in others:
        name = rows.model._meta.label_lower
        about |= models.Q(subject_type=name, subject_id__in=rows.values("pk"))
    events = Event.objects.filter(about).order_by("-pk")
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events[: SHOWN + 1])
    shown = found[:SHOWN]
    changed = differences(shown)
    names = {rows.model._meta.label_lower: rows.model._meta.verbose_name for rows in others}
    lines = [
        Line(
            event,
            f"{names[event.subject_type]} {event.subject_id}"
            if event.subject_type in names
            else "",
            name_of_actor(event),
            changed[event.pk],
        )
        for event in shown
    ]
    return {"lines": lines, "older": shown[-1].pk if len(found) > SHOWN else None}


def name_of_actor(event: Event) -> str:
    """As the Secretariat reads it: the person, or the key, and the body."""
    if event.actor_kind == "system":
        return _("ICCWC support portal")
    return ", ".join(part for part in (event.actor_name, event.actor_body) if part)
