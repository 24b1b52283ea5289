"""Rows of the public record as a report of a day has them.

A row belongs to the day that its document bears, not to the day on which somebody typed it. What
is a draft, will be public later or was withdrawn is in no report, whatever day it is of.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from history.precision import certain_day, first_possible_day
from iccwc_portal.report.asking import Asked
from iccwc_portal.report.then import set_back_to_known
from record.models import Confidence
from record.models.base import Lasting, Record

R = TypeVar("R", bound=Record)


def known(model: type[R], actor: Any, asked: Asked) -> Any:
    """The public rows of a kind; those that came to be public after the moment that is asked for
    are left out."""
    rows: Any = model._default_manager
    return rows.visible_to(actor).filter(publish_at__lte=asked.known_until)


def as_known(rows: Iterable[R], asked: Asked) -> list[R]:
    """The rows with what was known of them then."""
    found = list(rows)
    set_back_to_known(found, asked)
    return found


def earliest(row: Lasting) -> date | None:
    """The first day on which it can have begun; None where nothing is known."""
    day = row.starts_on or row.ends_on
    return first_possible_day(day, row.precision) if day else None


def latest(row: Lasting) -> date | None:
    """The last day on which it can have ended. What has no end of its own may last as long as the
    word for its beginning does: "2015" until the end of 2015."""
    if row.ends_on:
        return certain_day(row.ends_on, row.ends_precision or row.precision, date.max)
    return certain_day(row.starts_on, row.precision, date.max) if row.starts_on else None


def with_confidence(words: str, row: Record) -> str:
    """The words, with how sure the portal is where it is not wholly."""
    if row.confidence == Confidence.CONFIRMED:
        return words
    return _("%(words)s (%(how)s)") % {"words": words, "how": row.get_confidence_display()}


def sources_of(rows: Iterable[Any]) -> str:
    """The sources of the rows, each once, in the order of the alphabet."""
    named = {part.strip() for row in rows for part in row.source.split(";")}
    return "; ".join(sorted(named - {""}))
