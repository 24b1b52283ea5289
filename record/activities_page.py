"""Activities as their pages show them: what is asked for, and the sheets of SC66 Inf. 9."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Agency, Party, Region
from record.models import Activity, ActivityPlace
from requests_app.models import Support

# Marked with an asterisk on the maps of SC66 Inf. 9: "ongoing/planned activities".
STILL_TO_COME = frozenset({Activity.Stage.PLANNED, Activity.Stage.ONGOING})


@dataclass(frozen=True)
class Sheet:
    """A map of Part 4, by the CITES regions that it shows and its part of the drawing."""

    title: Any
    regions: frozenset[str] = frozenset()  # none: all
    view_box: str = ""


SHEETS = {
    "americas": Sheet(
        _("Americas"),
        frozenset({"central-and-south-america-and-the-caribbean", "north-america"}),
        "230 20 570 847",
    ),
    "africa-and-europe": Sheet(
        _("Africa and Europe"), frozenset({"africa", "europe"}), "780 15 600 740"
    ),
    "asia": Sheet(_("Asia"), frozenset({"asia"}), "1060 85 680 500"),
    "world": Sheet(_("The world")),
}


def sheet_of(region: Region | None) -> str:
    """The key of the sheet on which a region is seen best; Oceania has none of its own."""
    key = region.key if region else ""
    return next((name for name, one in SHEETS.items() if key in one.regions), "world")


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
    support = forms.ModelChoiceField(
        label=_("Kind of support"), required=False, queryset=Support.objects.all(),
        to_field_name="key", empty_label=_("every kind of support"),
    )  # fmt: skip

    @property
    def where(self) -> dict[str, Any]:
        """What was asked of places."""
        ways = {"region": "party__region", "party": "party"}
        found = {way: self.cleaned_data[name] for name, way in ways.items()}
        return {way: value for way, value in found.items() if value}

    def narrowed(self, rows: "QuerySet[Activity]") -> "QuerySet[Activity]":
        """Those that were asked for; all of them where nothing was. Each stands once, in however
        many countries it is."""
        said = self.cleaned_data
        columns = {"kind": "kind", "stage": "stage", "support": "support"}
        rows = rows.filter(**{way: said[name] for name, way in columns.items() if said[name]})
        if self.where:
            places = ActivityPlace.objects.filter(**self.where)
            rows = rows.filter(pk__in=places.values("activity"))
        if said["agency"]:
            rows = rows.filter(pk__in=said["agency"].activities.values("pk"))
        return rows


@dataclass(frozen=True)
class Numbers:
    """How many activities of each kind there are in each stage."""

    rows: list[tuple[Any, list[int], int]]  # kind, in the order of `stages`, all of it
    stages: list[Any]
    total: int


def numbers(activities: "QuerySet[Activity]") -> Numbers:
    counted = activities.order_by().values_list("kind", "stage").annotate(n=Count("pk"))
    found = {(kind, stage): n for kind, stage, n in counted}
    stages = [stage for stage in Activity.Stage if any(of == stage for _kind, of in found)]
    rows = []
    for kind in Activity.Kind:
        row = [found.get((kind, stage), 0) for stage in stages]
        rows.append((kind, row, sum(row)))
    return Numbers(rows, stages, sum(found.values()))


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
