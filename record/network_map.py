"""The network of the agencies on the map: their seats, regional offices and hubs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners import map as world_map
from partners.map import WorldMap
from partners.map_marks import OUTLINES, Mark, legend_of, moved_apart
from partners.map_projection import spot_of
from partners.models import Agency, Office

_APART = 26  # units of the drawing between two marks
_OTHER = "analysis"  # how an agency is drawn that has no mark of its own


def drawn(agencies: Iterable[Agency], offices: Iterable[Office]) -> WorldMap:
    """Seats filled, offices hollow, each in the shape and colour of its agency."""
    agencies = list(agencies)
    found = [*_seats(agencies), *_offices(offices)]
    names = {_kind(one): one.name for one in agencies}
    hollow = (f"{_OTHER} map__mark--open", OUTLINES[_OTHER], _("hollow: office or hub"))
    return replace(
        world_map.drawn_alone([], {}, []),
        marks=tuple(moved_apart(found, _APART)),
        mark_legend=(*legend_of(names), hollow),
    )


def _seats(agencies: Iterable[Agency]) -> Iterable[Mark]:
    for one in agencies:
        if one.seat_latitude is not None and one.seat_longitude is not None:
            words = format_lazy("{}: {}, {}", one.name, _("seat"), one.seat)
            yield _mark(one, one.seat_latitude, one.seat_longitude, words)


def _offices(offices: Iterable[Office]) -> Iterable[Mark]:
    for one in offices:
        if one.latitude is not None and one.longitude is not None:
            words = f"{one.agency.name}: {one.kind}, {one.place}"
            yield replace(_mark(one.agency, one.latitude, one.longitude, words), is_open=True)


def _mark(agency: Agency, latitude: Any, longitude: Any, words: Any) -> Mark:
    url = reverse("record:agency", args=[agency.code.lower()])
    return Mark(_kind(agency), spot_of(float(longitude), float(latitude)), words, url)


def _kind(agency: Agency) -> str:
    code = agency.code.lower()
    return code if code in OUTLINES else _OTHER
