"""Time zones to choose from: by part of the world, named after their cities."""

from functools import cache
from zoneinfo import available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The other zones of the database repeat these under older names.
_PARTS: dict[str, str | Promise] = {
    "Africa": _("Africa"),
    "America": _("Americas"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
Choice = tuple[str, str]


@cache
def _cities(part: str) -> tuple[Choice, ...]:
    names = sorted(name for name in available_timezones() if name.startswith(f"{part}/"))
    return tuple((name, _city(name)) for name in names)


def _city(name: str) -> str:
    return name.partition("/")[2].replace("/", ", ").replace("_", " ")


def grouped_zones(present: str = "UTC") -> "list[Choice | tuple[str | Promise, list[Choice]]]":
    """Choices for a select; `present` is among them, whatever it is called."""
    groups = [(words, list(_cities(part))) for part, words in _PARTS.items()]
    known = {"UTC"} | {name for _words, cities in groups for name, _label in cities}
    first = [("UTC", "UTC")] + ([] if present in known else [(present, present)])
    return [*first, *groups]
