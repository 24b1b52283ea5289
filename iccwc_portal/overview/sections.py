"""The parts of the overview: each a chart, the table with the same data, and what to know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from iccwc_portal.overview import links
from iccwc_portal.overview.charts import Cell, Chart, Row, Series, Table
from iccwc_portal.overview.times import answers_section, times_section
from partners import map as world_map
from partners.models import Party
from requests_app.figures import counts
from requests_app.figures.period import Period
from requests_app.figures.spells import spells_of
from requests_app.models import Support


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    notes: Sequence[str]
    chart: Chart | None
    table: Table


@dataclass(frozen=True)
class World:
    map: world_map.WorldMap
    title: str
    table: Table


def every(period: Period, actor: Any) -> list[Section]:
    spells = spells_of(period, actor)
    return [
        *_intake(period, actor),
        Section(*times_section("acknowledged", spells.acknowledged, period)),
        Section(*times_section("decided", spells.decided, period)),
        _load(actor),
        Section(*answers_section(period, actor)),
    ]


# ── intake ───────────────────────────────────────────────────────────────────────────────────


def _intake(period: Period, actor: Any) -> list[Section]:
    """By month and by kind of support, and both together in the first table."""
    found = counts.intake(period, actor)
    asked = {support for _month, support in found}
    supports = [one for one in Support.objects.all() if one.pk in asked]
    months = [(month, month.first.replace(day=1)) for month in period.months]
    by_month = [
        (month, {one.pk: found.get((first, one.pk), 0) for one in supports})
        for month, first in months
    ]
    by_support = [(one, sum(of[one.pk] for _month, of in by_month)) for one in supports]
    total = sum(found.values())
    return [
        _by_month(period, by_month, by_support, total),
        _by_support(period, by_support, total),
    ]


def _by_month(
    period: Period, by_month: list[Any], by_support: list[tuple[Support, int]], total: int
) -> Section:
    def row(label: str, of: Period, numbers: dict[int, int]) -> Row:
        cells = [
            links.cell(number, links.requests(submitted=of, support__id__exact=pk))
            for pk, number in numbers.items()
        ]
        all_of_it = sum(numbers.values())
        return Row(label, [links.cell(all_of_it, links.requests(submitted=of)), *cells])

    labels = [date_format(month.first, "YEAR_MONTH_FORMAT") for month, _of in by_month]
    rows = [row(label, *each) for label, each in zip(labels, by_month, strict=True)]
    title = _("Requests by month")
    said = ngettext("%(number)d request in all.", "%(number)d requests in all.", total)
    chart = Chart(
        "intake",
        title,
        _("Requests first submitted in each month.") + " " + said % {"number": total},
        [Series(_("Requests"), "solid")],
        [
            (label, [sum(numbers.values())])
            for label, (_month, numbers) in zip(labels, by_month, strict=True)
        ],
    )
    columns = [_("Month"), _("All"), *(one.name for one, _number in by_support)]
    table = Table(
        _("Requests by month and kind of support"),
        columns,
        rows,
        row(_("All"), period, {one.pk: number for one, number in by_support}),
    )
    note = _("Counted on the day of the first submission; drafts are counted nowhere.")
    return Section("intake", title, [note], chart, table)


def _by_support(period: Period, by_support: list[tuple[Support, int]], total: int) -> Section:
    ranked = sorted(by_support, key=lambda pair: (-pair[1], pair[0].name))
    title = _("Requests by kind of support")
    chart = Chart(
        "supports",
        title,
        _("Kinds of support, the most asked for first."),
        [Series(_("Requests"), "solid")],
        [(one.name, [number]) for one, number in ranked],
    )
    rows = [
        Row(
            one.name,
            [
                links.cell(number, links.requests(submitted=period, support__id__exact=one.pk)),
                Cell(in_percent(number / total)),
            ],
        )
        for one, number in ranked
    ]
    columns = [_("Kind of support"), _("Requests"), _("Share")]
    return Section("supports", title, [], chart, Table(title, columns, rows))


def in_percent(share: float) -> str:
    return _("%(number)d %%") % {"number": round(share * 100)}


# ── load ─────────────────────────────────────────────────────────────────────────────────────


def _load(actor: Any) -> Section:
    loads = counts.loads(actor)
    title = _("Open requests by officer, today")
    chart = Chart(
        "load",
        title,
        _("Open requests in each officer’s hands; the overdue ones are marked."),
        [Series(_("Not overdue"), "solid"), Series(_("Overdue"), "hatched")],
        [(one.name or _("Nobody yet"), [one.open - one.overdue, one.overdue]) for one in loads],
    )
    rows = []
    for one in loads:
        officer = one.officer_id or "nobody"
        rows.append(
            Row(
                one.name or _("Nobody yet"),
                [
                    links.cell(one.open, links.requests("open", officer=officer)),
                    links.cell(one.overdue, links.requests("overdue", officer=officer)),
                ],
            )
        )
    note = _("As things stand now, whatever period is chosen.")
    table = Table(title, [_("Officer"), _("Open"), _("Overdue")], rows)
    return Section("load", title, [note], chart, table)


# ── map ──────────────────────────────────────────────────────────────────────────────────────


def world(period: Period, actor: Any) -> World:
    numbers = counts.by_party(period, actor)
    parties = sorted(Party.objects.all(), key=lambda one: one.name)
    bounds = world_map.steps_up_to(max(numbers.values(), default=0))
    asking = [one for one in parties if one.pk in numbers]

    def url(party: Party) -> str:
        return links.requests(submitted=period, party__id__exact=party.pk)

    def said(party: Party) -> world_map.Said:
        number = numbers[party.pk]
        words = ngettext("%(number)d request", "%(number)d requests", number)
        step = world_map.step_of(number, bounds)
        return world_map.Said(step, words % {"number": number}, url(party))

    drawn = world_map.drawn(
        parties,
        {party.code: said(party) for party in asking},
        world_map.Said(0, _("no request")),
        [(0, _("no request")), *world_map.legend_of(bounds)],
    )
    ranked = sorted(asking, key=lambda one: -numbers[one.pk])
    rows = [Row(one.name, [links.cell(numbers[one.pk], url(one))]) for one in ranked]
    title = _("Requests by Party")
    return World(drawn, title, Table(title, [capfirst(_("Party")), _("Requests")], rows))
