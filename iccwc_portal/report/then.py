"""Rows as they were on a day.

Names and regions that the desk changed later are set back. What the desk changes stands in the
history with what was there before; a row that was loaded and not saved can so be brought back to
any moment.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from history.models import Event
from iccwc_portal.report.asking import Asked
from partners.granting.kinds import DESK_CHANGED


def set_back(rows: Iterable[models.Model], asked: Asked) -> None:
    """Give each row the values it had; never save them. Rows are of one model, and may be several
    copies of the same one. One query, and one for each related row that has changed."""
    copies: dict[Any, list[models.Model]] = defaultdict(list)
    for row in rows:
        copies[row.pk].append(row)
    if not copies:
        return
    label = next(iter(copies.values()))[0]._meta.label_lower
    later = Event.objects.filter(
        Q(effective_on__gt=asked.as_of) | Q(recorded_at__gt=asked.known_until),
        kind=DESK_CHANGED,
        subject_type=label,
        subject_id__in=list(copies),
    )
    # The newest first: what stood before the oldest of them is what holds in the end.
    for event in later.order_by("-pk"):
        for name, (before, _after) in event.changes.items():
            for row in copies[event.subject_id]:
                _set(row, name, before)


def set_back_to_known(rows: Iterable[models.Model], asked: Asked) -> None:
    """Leave out only what was not known yet. For rows that say what was so on a day of their own:
    what is corrected in them later was so all the time."""
    if asked.known_at:
        set_back(rows, replace(asked, as_of=date.max))


def _set(row: Any, name: str, value: Any) -> None:
    fields = {field.name: field for field in row._meta.concrete_fields}
    field = fields.get(name)
    if field is None:
        return  # lists beside the row; none of them stands in the report
    if not field.is_relation:
        setattr(row, name, "" if value is None and not field.null else value)
        return
    related = field.related_model._base_manager
    known_by = "key" if hasattr(field.related_model, "key") else "code"
    found = related.filter(**{known_by: value}).first() if value else None
    if found is not None:
        setattr(row, name, found)
