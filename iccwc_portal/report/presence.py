"""Part 1 of the report: the partner agencies, how far they reach, and their offices."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from history.precision import first_possible_day, in_words
from iccwc_portal.report.asking import Asked
from iccwc_portal.report.document import Block, Heading, Map, Paragraph, Table
from iccwc_portal.report.recorded import sources_of
from iccwc_portal.report.then import set_back
from iccwc_portal.report.wording import source_of
from partners import map as world
from partners.models import Agency, MembershipFigure, Office

_SHADE = 4  # of a Party in which an office lies


def global_network(actor: Any, asked: Asked) -> list[Block]:
    title = Heading(_("1. ICCWC global network"))
    agencies = list(Agency.objects.visible_to(actor))
    if not agencies:
        return [title, Paragraph(_("No agency is recorded."))]
    set_back(agencies, asked)
    offices = _offices(agencies, asked)
    return [
        title,
        Paragraph(_("The partner agencies of the Consortium work through offices and national "
                    "counterparts in all regions.")),
        *_reach(agencies, asked),
        *_where(offices),
    ]  # fmt: skip


def _reach(agencies: list[Agency], asked: Asked) -> list[Block]:
    """Of each agency the last figure of each kind that may bear a date up to the day: one of
    November stands in the report of the 9th, with its date beside it."""
    by_id = {one.pk: one for one in agencies}
    last: dict[tuple[int, str], MembershipFigure] = {}
    for one in MembershipFigure.objects.filter(agency__in=agencies).order_by("as_of"):
        if first_possible_day(one.as_of, one.precision) <= asked.as_of:
            last[one.agency_id, one.unit_en] = one
    caption = _("How far the partner agencies reach")
    head = [_("Agency"), _("Seat"), _("Figure"), _("Of what"), _("Date"), _("Source")]
    rows = []
    for agency in agencies:
        figures = [one for (pk, _unit), one in last.items() if pk == agency.pk]
        rows += [[agency.name, agency.seat, *_figure(one)] for one in figures]
        rows += [] if figures else [[agency.name, agency.seat, "–", "–", "–", "–"]]
    table = Table("agencies", caption, head, rows, numbers=frozenset({2}))
    return [table, source_of(sources_of(by_id.values()))] if sources_of(agencies) else [table]


def _figure(one: MembershipFigure) -> list[str]:
    date = in_words(one.as_of, one.precision)
    said = _("about %(date)s") % {"date": date} if one.is_approximate else date
    return [number_format(one.count, force_grouping=True), one.unit, said, one.source]


def _offices(agencies: list[Agency], asked: Asked) -> list[Office]:
    rows = Office.objects.filter(agency__in=agencies).select_related("agency", "party")
    offices = list(rows.order_by("agency__name_en", "kind", "place"))
    set_back([one.party for one in offices if one.party], asked)
    return offices


def _where(offices: list[Office]) -> list[Block]:
    if not offices:
        return []
    named = {one.party.code: one.party for one in offices if one.party}
    words = {code: "; ".join(map(_office, _in(offices, code))) for code in named}
    said = {code: world.Said(_SHADE, text) for code, text in words.items()}
    legend = [(_SHADE, _("an office or hub is there"))]
    drawn = world.drawn_alone(named.values(), said, legend)
    undated = _("The sources name the offices without a date: they are listed for every day.")
    head = [_("Agency"), _("Office"), _("Place"), _("Party")]
    rows = [
        [one.agency.name, one.kind, one.place, one.party.name if one.party else "–"]
        for one in offices
    ]
    caption = _("Regional offices, bureaus and hubs")
    about = _("A map of the Parties. The table that follows says the same in words.")
    return [
        Map("offices-map", caption, drawn, about),
        Table("offices", caption, head, rows),
        Paragraph(undated, "source"),
        source_of(sources_of(offices)),
    ]


def _in(offices: list[Office], code: str) -> list[Office]:
    return [one for one in offices if one.party and one.party.code == code]


def _office(one: Office) -> str:
    return f"{one.agency.name}, {one.kind}: {one.place}"
