"""Which statements of documents are believed, whoever enters them and by which door.

Refused: a date in the future or before the Convention, a step where the statement names none.
Asked again: a date before the country became a Party.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.precision import Precision, certain_day, in_words
from partners.models import Party
from toolkit.models import Observation
from toolkit.steps import Step
from workflow.inputs import convention_began

Status, Instrument = Observation.Status, Observation.Instrument

# What a statement can be about besides the whole: by status, the steps that may stand with it.
_STEPS_WITH: dict[str, frozenset[str]] = {
    Status.STEP: frozenset(Step),
    Status.REQUEST_RECEIVED: frozenset({"", Step.REQUEST}),
    Status.FOLLOW_UP: frozenset({"", Step.FOLLOW_UP}),
}
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_EXACTNESS = (Precision.YEAR, Precision.MONTH, Precision.DAY)


@dataclass(frozen=True)
class Written:
    """A date as somebody wrote it: the first day it can mean, and how exactly it says so."""

    begins: date
    precision: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Dated:
    """The day to store with its precision; in words where it is shown."""

    day: date
    precision: str

    def __str__(self) -> str:
        return in_words(self.day, self.precision)


def written_date(text: str) -> Written:
    """Of "2018", "2018-10" or "2018-10-05". Raises ValueError with a sentence."""
    found = _WRITTEN.fullmatch(text.strip())
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        begins = date(*[*parts, 1, 1][:3]) if parts else None
    except ValueError:
        begins = None
    if begins is None:
        raise ValueError(_("Write the date as 2018, 2018-10 or 2018-10-05."))
    return Written(begins, _EXACTNESS[len(parts) - 1], text.strip())


def dated(written: Written, precision: str | None) -> Dated:
    """What to store of a date. `precision` may say less than the date does, never more; None is
    as the date is written. Raises ValueError with a sentence."""
    precision = precision or written.precision
    exactness = Precision.DAY if precision == Precision.BY else Precision(precision)
    if _EXACTNESS.index(exactness) > _EXACTNESS.index(Precision(written.precision)):
        sentence = _("“%(precision)s” needs a more exact date than %(date)s.")
        raise ValueError(sentence % {"precision": Precision(precision).label, "date": written.text})
    today = timezone.localdate()
    if written.begins > today:
        raise ValueError(_("This date lies in the future."))
    day = certain_day(written.begins, precision, today)
    if day < convention_began():
        began = date_format(convention_began())
        raise ValueError(_("No date lies before %(day)s, when CITES began.") % {"day": began})
    return Dated(day, precision)


def faults(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of a field and what is wrong with it, of a statement about one Party."""
    allowed = _STEPS_WITH.get(said["status"], frozenset({""}))
    if said["status"] == Status.STEP and said["instrument"] == Instrument.FRAMEWORK:
        allowed = frozenset({""})
    if (said["step"] or "") in allowed:
        return
    if not said["step"]:
        yield "step", _("Say which step was reached.")
    elif said["instrument"] == Instrument.FRAMEWORK:
        yield "step", _("The Indicator Framework has no steps: leave this empty.")
    else:
        status = Status(said["status"]).label
        yield (
            "step",
            _("“%(status)s” does not go with this step: leave it empty, or choose “%(step)s”.")
            % {"status": status, "step": Status.STEP.label},
        )


def question(party: Party, day: date) -> str:
    """What has to be confirmed with a reason; empty where there is nothing to ask."""
    if not party.party_since or day >= party.party_since:
        return ""
    return _("%(party)s became a Party on %(day)s. Check the date, or say why it is so.") % {
        "party": party.name,
        "day": date_format(party.party_since),
    }
