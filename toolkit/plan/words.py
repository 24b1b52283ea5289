"""What happened to a recommendation, in words beside those it shares with steps."""

from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.entries import Words
from toolkit.models import Horizon, Part, Priority

_REVISED: dict[str, Any] = {
    "part": gettext_lazy("Part of the Toolkit:"),
    "text": gettext_lazy("Recommendation:"),
    "priority": gettext_lazy("Priority:"),
    "horizon": gettext_lazy("Horizon:"),
    "responsible": gettext_lazy("Responsible national body:"),
    "supporting": gettext_lazy("Supporting agencies:"),
}
_KINDS: dict[str, type[TextChoices]] = {"part": Part, "priority": Priority, "horizon": Horizon}


def words_of(said: dict[str, Any]) -> Words:
    """Old and new of what was revised, the date before, what took its place, its files."""
    words: Words = []
    if isinstance(said.get("was_due_on"), str):
        words.append((_("Due before:"), day_in_words(said["was_due_on"])))
    for name, pair in said.get("revised", {}).items():
        old, new = (_value(name, one) for one in pair)
        words.append((str(_REVISED[name]), _("“%(old)s” → “%(new)s”") % {"old": old, "new": new}))
    if "superseded_by" in said:
        sentence = _("recommendation %(number)d of cycle %(cycle)d")
        words.append((_("Superseded by:"), sentence % said["superseded_by"]))
    return words


def day_in_words(written: str | None) -> str:
    return date_format(date.fromisoformat(written), "DATE_FORMAT") if written else "–"


def _value(name: str, one: Any) -> str:
    if name in _KINDS and one:
        return str(_KINDS[name](one).label)
    return ", ".join(one) if isinstance(one, list) else str(one)
