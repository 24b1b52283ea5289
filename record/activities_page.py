"""Activities as their pages show them: what is asked for, and the three regions of SC66 Inf. 9."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Agency, Party, Region
from record.models import Activity

# The maps of Part 4, by the CITES regions that they show.
SHEETS: dict[str, tuple[Any, frozenset[str]]] = {
    "americas": (
        _("Americas"),
        frozenset({"central-and-south-america-and-the-caribbean", "north-america"}),
    ),
    "africa-and-europe": (_("Africa and Europe"), frozenset({"africa", "europe"})),
    "asia": (_("Asia"), frozenset({"asia"})),
    "world": (_("The world"), frozenset()),
}


class ActivityQuestion(forms.Form):
    """The parameters of the page, all of them optional; an unknown value is said at its field."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("every kind")), *Activity.Kind.choices]
    )
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("every stage")), *Activity.Stage.choices]
    )
    region = forms.ModelChoiceField(
        label=_("Region"), required=False, queryset=Region.objects.all(), to_field_name="key",
        empty_label=_("every region"),
    )  # fmt: skip
    party = forms.ModelChoiceField(
        label=_("Country"), required=False, queryset=Party.objects.all(), to_field_name="code",
        empty_label=_("every country"),
    )  # fmt: skip
    agency = forms.ModelChoiceField(
        label=_("Agency"), required=False, queryset=Agency.objects.all(), to_field_name="code",
        empty_label=_("every agency"),
    )  # fmt: skip
    support = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def narrowed(self, rows: "QuerySet[Activity]") -> "QuerySet[Activity]":
        """Those that were asked for; all of them where nothing was."""
        said = self.cleaned_data
        ways = {
            "kind": "kind", "stage": "stage", "region": "places__party__region",
            "party": "places__party", "agency": "agencies", "support": "support__key",
        }  # fmt: skip
        asked = {way: said[name] for name, way in ways.items() if said[name]}
        return rows.filter(**asked).distinct() if asked else rows


@dataclass(frozen=True)
class OfRegion:
    region: Region | None  # None: for all, or at a place that is no Party
    activities: list[Activity]


def by_region(activities: Iterable[Activity]) -> list[OfRegion]:
    """Under each region whatever has a place in it: one in two regions stands twice."""
    found: dict[Region | None, list[Activity]] = {}
    for one in activities:
        regions = {place.party.region if place.party else None for place in one.places.all()}
        for region in regions or {None}:
            found.setdefault(region, []).append(one)
    known = sorted((one for one in found if one), key=lambda one: one.name)
    ordered: list[Region | None] = [*known, *([None] if None in found else [])]
    return [OfRegion(one, found[one]) for one in ordered]
