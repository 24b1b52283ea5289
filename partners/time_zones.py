"""Time zones to choose from: those of one's country first, then all by part of the world."""

from collections.abc import Iterable
from functools import cache
from typing import TypeAlias
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.models import Party
from partners.models.bodies import plain_spelling
from partners.naming import in_readers_order

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
Group: TypeAlias = "tuple[str | Promise, list[Choice]]"


@cache
def _territories() -> dict[str, str]:
    """Zone → country (ISO 3166-1 alpha-2). The other names of the database are older names of
    the same zones."""
    usable = {zone for zone in available_timezones() if zone.partition("/")[0] in _PARTS}
    found = get_global("zone_territories").items()
    return {zone: territory for zone, territory in found if zone in usable}


@cache
def _older_names() -> dict[str, str]:
    """Zone → the name under which Babel keeps what its city is called."""
    return {zone: older for older, zone in get_global("zone_aliases").items()}


def city_of(zone: str) -> str:
    """What the reader calls the city after which a zone is named."""
    known = Locale.parse((get_language() or "en")[:2]).time_zones
    for name in (zone, _older_names().get(zone, "")):
        # In English the name of the zone says it, and Babel knows some by an older name only.
        if get_language() != "en" and "city" in known.get(name, {}):
            return str(known[name]["city"])
    return zone.partition("/")[2].replace("/", ", ").replace("_", " ") or zone


def zones_of(party: Party) -> list[str]:
    return [zone for zone, territory in _territories().items() if territory == party.iso2]


def usual_zone(party: Party | None) -> str:
    """The one zone of the Party's country; nothing where there are several to choose from."""
    zones = zones_of(party) if party else []
    return zones[0] if len(zones) == 1 else "" if zones else "UTC"


def grouped_zones(present: str = "UTC", parties: Iterable[Party] = ()) -> "list[Choice | Group]":
    """Choices for a select; `present` is among them, whatever it is called."""
    own = [(party.name, _choices(zones_of(party))) for party in in_readers_order(parties)]
    shown = {zone for _words, choices in own for zone, _city in choices}
    rest = [zone for zone in _territories() if zone not in shown]
    parts = [
        (words, _choices(zone for zone in rest if zone.startswith(f"{part}/")))
        for part, words in _PARTS.items()
    ]
    known = {"UTC", *_territories()}
    single = [("UTC", "UTC")] + ([] if present in known else [(present, present)])
    return [*(group for group in own if group[1]), *single, *parts]


def _choices(zones: Iterable[str]) -> list[Choice]:
    named = [(zone, city_of(zone)) for zone in zones]
    return sorted(named, key=lambda choice: plain_spelling(choice[1]))
