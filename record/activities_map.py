"""Activities on a map, and the same as a table: how many of each kind, country by country.

Counted in the database, because an import may bring activities by the ten thousand; what is drawn
is bounded by the number of Parties and by MOST_SPOTS.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners import map as world_map
from partners.map import Said, WorldMap
from partners.map_marks import OUTLINES, Mark, legend_of, side_by_side
from partners.map_projection import Spot, spot_of
from partners.models import Party
from record.activities_page import SHEETS, STILL_TO_COME
from record.models import Activity, ActivityPlace

# Beyond that many positions, marks stand at their countries instead of at their own positions.
MOST_SPOTS = 400
_KINDS = list(Activity.Kind)
_DEGREES = ("latitude", "longitude")
_HOLLOW = _("hollow: at least one is planned or ongoing")


@dataclass
class AtPlace:
    """What is done in a country, or at a place that is none: a row of the table."""

    party: Party | None
    name: str
    by_kind: Counter[str] = field(default_factory=Counter)
    to_come: Counter[str] = field(default_factory=Counter)  # planned or ongoing

    @property
    def total(self) -> int:
        return self.by_kind.total()

    @property
    def numbers(self) -> list[int]:
        return [self.by_kind[kind] for kind in _KINDS]

    @property
    def planned_or_ongoing(self) -> int:
        return self.to_come.total()

    @property
    def url(self) -> str:
        code = self.party.code if self.party else ""
        return f"{reverse('record:activities')}?party={code}" if code else ""

    @property
    def words(self) -> str:
        said = ngettext("%(n)d activity", "%(n)d activities", self.total) % {"n": self.total}
        kinds = [f"{kind.label} {self.by_kind[kind]}" for kind in _KINDS if self.by_kind[kind]]
        return f"{said}: {', '.join(kinds)}"


@dataclass(frozen=True)
class ActivitiesMap:
    world: WorldMap
    title: Any
    rows: list[AtPlace]
    kinds = _KINDS  # in the order of the numbers of a row


def drawn(
    activities: "QuerySet[Activity]", sheet: str = "world", where: Mapping[str, Any] | None = None
) -> ActivitiesMap:
    """The map and the table of these activities; of a sheet, its part of the world alone. `where`
    narrows their places further."""
    within = ActivityPlace.objects.filter(activity__in=activities.order_by().values("pk"))
    within = within.filter(**where or {})
    shown = SHEETS[sheet]
    if shown.regions:
        within = within.filter(party__region__key__in=shown.regions)
    rows = _rows(within)
    world = _drawn(rows, within)
    if shown.view_box:
        world = replace(world, view_box=shown.view_box, detail="half")
    return ActivitiesMap(world, shown.title, rows)


def _rows(places: "QuerySet[ActivityPlace]") -> list[AtPlace]:
    """By region and name; places that are no Party last. An activity counts once in a country."""
    parties = {one.pk: one for one in Party.objects.select_related("region")}
    found: dict[Any, AtPlace] = {}
    of_parties = _counted(places.exclude(party=None), "party")
    others = _counted(places.filter(party=None), "name")
    for key, kind, number, to_come in (*of_parties, *others):
        party = parties.get(key)
        row = found.setdefault(key, AtPlace(party, party.name if party else str(key)))
        row.by_kind[kind] += number
        row.to_come[kind] += to_come
    return sorted(found.values(), key=_in_order)


def _in_order(row: AtPlace) -> tuple[bool, str, str]:
    region = row.party.region if row.party else None
    return region is None, region.name if region else "", row.name


def _counted(places: "QuerySet[ActivityPlace]", *by: str) -> Iterable[tuple[Any, ...]]:
    coming = Q(activity__stage__in=STILL_TO_COME)
    rows = places.order_by().values_list(*by, "activity__kind").annotate(
        n=Count("activity", distinct=True),
        to_come=Count("activity", distinct=True, filter=coming),
    )  # fmt: skip
    return list(rows)


def _drawn(rows: list[AtPlace], places: "QuerySet[ActivityPlace]") -> WorldMap:
    here = {row.party.code: row for row in rows if row.party}
    parties = [row.party for row in rows if row.party]
    said = {code: Said(1, row.words, row.url) for code, row in here.items()}
    world = world_map.drawn_alone(parties, said, [(1, _("country with activities"))])
    spots = _at_positions(places)
    placed = [
        replace(one, marks=_marks_of(one.spot, here[one.party.code], spots, one.party.pk))
        for one in world.places
    ]
    elsewhere = [mark for spot in spots.get(None, {}).values() for mark in spot]
    hollow = ("capacity map__mark--open", OUTLINES["capacity"], _HOLLOW)
    legend = (*legend_of({str(kind): kind.label for kind in _KINDS}), hollow)
    return replace(world, places=placed, marks=tuple(elsewhere), mark_legend=legend)


def _at_positions(
    places: "QuerySet[ActivityPlace]",
) -> dict[int | None, dict[Spot, list[Mark]]]:
    """Marks at positions of their own, by Party. An activity counts once at a spot."""
    columns = ("party", *_DEGREES, "activity__kind", "activity__stage", "activity")
    rows = places.exclude(latitude=None).order_by().values_list(*columns)[: MOST_SPOTS + 1]
    if len(rows) > MOST_SPOTS:
        return {}
    by_spot: dict[int | None, dict[Spot, AtPlace]] = {}
    spots = {(party, spot_of(float(x), float(y)), *said) for party, y, x, *said in rows}
    for party, spot, kind, stage, _activity in spots:
        here = by_spot.setdefault(party, {}).setdefault(spot, AtPlace(None, ""))
        here.by_kind[kind] += 1
        here.to_come[kind] += stage in STILL_TO_COME
    return {
        party: {spot: list(_marks(spot, here)) for spot, here in sorted(of_party.items())}
        for party, of_party in by_spot.items()
    }


def _marks_of(
    middle: Spot | None, row: AtPlace, spots: dict[int | None, dict[Spot, list[Mark]]], party: int
) -> tuple[Mark, ...]:
    """At their own positions, and in the middle of the country for kinds that have none there."""
    own = [mark for marks in spots.get(party, {}).values() for mark in marks]
    known = {mark.kind for mark in own}
    rest = AtPlace(
        None, "",
        Counter({kind: number for kind, number in row.by_kind.items() if kind not in known}),
        row.to_come,
    )  # fmt: skip
    return (*own, *(_marks(middle, rest) if middle else ()))


def _marks(spot: Spot, here: AtPlace) -> Iterable[Mark]:
    kinds = [kind for kind in _KINDS if here.by_kind[kind]]
    for kind, shift in zip(kinds, side_by_side(len(kinds)), strict=True):
        words = format_lazy("{}: {}", kind.label, here.by_kind[kind])
        yield Mark(str(kind), spot, words, is_open=bool(here.to_come[kind]), shift=shift)
