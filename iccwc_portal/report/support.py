"""Part 4 of the report: the support that ICCWC gave, operations, and requests from countries."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from history.precision import certain_day
from iccwc_portal.report.asking import Asked
from iccwc_portal.report.cases import activities as done_of
from iccwc_portal.report.cases import cases
from iccwc_portal.report.counted import requests_counted
from iccwc_portal.report.document import Block, Heading, Map, Paragraph, Table
from iccwc_portal.report.done import done_in_period
from iccwc_portal.report.operations import operations
from iccwc_portal.report.recorded import (
    as_known,
    earliest,
    known,
    latest,
    sources_of,
    with_confidence,
)
from iccwc_portal.report.then import set_back
from iccwc_portal.report.wording import day_of, source_of
from partners import map as world
from partners.models import Party
from record.activities_page import by_region
from record.models import Activity, ActivityPlace
from toolkit.asof import Row

MOST = 500  # of each kind in the tables; the numbers count all of them
_PLACES = Prefetch("places", ActivityPlace.objects.select_related("party__region"))
Kind, Stage = Activity.Kind, Activity.Stage
_NOT_KNOWN = gettext_lazy("not known for that day")


@dataclass(frozen=True)
class Shown:
    """An activity, with its stage on the day."""

    row: Activity
    stage: Any


def support(actor: Any, table: tuple[list[Row], set[int]], asked: Asked) -> list[Block]:
    """`table` is that of the Toolkit, of whose steps some were done in the period."""
    found = cases(actor, asked)
    return [
        Heading(_("4. ICCWC coordinated law enforcement support")),
        *_activities(actor, asked),
        *operations(actor, asked),
        *requests_counted(found, asked),
        *done_in_period(done_of(found, asked), table, asked),
    ]


def _activities(actor: Any, asked: Asked) -> list[Block]:
    title = Heading(_("Activities"), 3)
    shown = _shown(actor, asked)
    if not shown:
        return [title, Paragraph(_("No activity is recorded up to that day."))]
    summary = ngettext(
        "By %(day)s, %(n)d activity is recorded.", "By %(day)s, %(n)d activities are recorded.",
        len(shown),
    )  # fmt: skip
    derived = _("CITES regions are derived where no CITES list confirms them.")
    return [
        title,
        Paragraph(summary % {"n": len(shown), "day": day_of(asked.as_of)}),
        _by_stage(shown),
        _by_region(shown),
        Paragraph(derived, "source"),
        *_map(shown, asked),
        *[block for kind in Kind for block in _of_kind(kind, shown)],
        source_of(sources_of(one.row for one in shown)),
    ]


def _shown(actor: Any, asked: Asked) -> list[Shown]:
    """What had begun by the day, and what was known by then to be planned."""
    rows = known(Activity, actor, asked).prefetch_related(_PLACES, "agencies")
    found = as_known(rows.order_by("starts_on", "pk"), asked)
    places = [place for one in found for place in one.places.all() if place.party]
    set_back([place.party for place in places if place.party], asked)
    # How far an activity is changes: it is as it was recorded on the day.
    then = [Activity(pk=one.pk, stage=one.stage) for one in found]
    set_back(then, asked)
    stages = {one.pk: one.stage for one in then}
    shown = [Shown(one, _stage(one, stages[one.pk], asked)) for one in found]
    return [one for one in shown if one.stage is not None]


def _stage(one: Activity, recorded: str, asked: Asked) -> Any:
    """The stage on the day, in words; None where nobody could know of it yet. What is recorded
    as completed may have been going on, or may not have begun, on an earlier day."""
    day, begun, ended = asked.as_of, earliest(one), latest(one)
    was_told = one.publish_at is not None and one.publish_at.date() <= day
    if begun is None or ended is None:
        return Stage(recorded).label if was_told else None
    if begun > day:
        return Stage.PLANNED.label if was_told else None
    if recorded != Stage.COMPLETED or ended <= day:
        return Stage(recorded).label
    surely_begun = one.starts_on and certain_day(one.starts_on, one.precision, ended) <= day
    return Stage.ONGOING.label if surely_begun and one.ends_on else _NOT_KNOWN


def _by_stage(shown: list[Shown]) -> Table:
    stages = [*(one.label for one in Stage), _NOT_KNOWN]
    counts = Counter((one.row.kind, str(one.stage)) for one in shown)
    kept = [str(one) for one in stages if any(counts[kind, str(one)] for kind in Kind)]
    rows = []
    for kind in Kind:
        numbers = [counts[kind, words] for words in kept]
        rows.append([str(kind.label), *map(str, numbers), str(sum(numbers))])
    sums = [str(sum(counts[kind, words] for kind in Kind)) for words in kept]
    return Table(
        "activities-by-stage",
        _("Activities by kind and stage"),
        [_("Kind"), *map(capfirst, kept), _("In all")],
        rows,
        [_("All"), *sums, str(len(shown))],
        numbers=frozenset(range(1, len(kept) + 2)),
    )


def _by_region(shown: list[Shown]) -> Table:
    """An activity in two regions counts in both, and once at the foot."""
    rows = []
    for group in by_region([one.row for one in shown]):
        name = group.region.name if group.region else _("in no single region")
        rows.append([name, *_numbers(group.activities)])
    return Table(
        "activities-by-region",
        _("Activities by CITES region and kind"),
        [_("CITES region"), *(str(one.label) for one in Kind), _("In all")],
        rows,
        [_("All, each counted once"), *_numbers([one.row for one in shown])],
        numbers=frozenset(range(1, len(Kind) + 2)),
    )


def _numbers(rows: list[Activity]) -> list[str]:
    counts = Counter(one.kind for one in rows)
    return [*(str(counts[kind]) for kind in Kind), str(len(rows))]


def _map(shown: list[Shown], asked: Asked) -> list[Block]:
    named: dict[str, Party] = {}
    counts: Counter[str] = Counter()
    for one in shown:
        parties = {place.party.code: place.party for place in one.row.places.all() if place.party}
        named |= parties
        counts.update(parties.keys())
    if not counts:
        return []
    bounds = world.steps_up_to(max(counts.values()))
    said = {code: world.Said(world.step_of(n, bounds), str(n)) for code, n in counts.items()}
    drawn = world.drawn_alone(named.values(), said, world.legend_of(bounds))
    title = _("Number of activities, state on %(day)s") % {"day": day_of(asked.as_of)}
    about = _("A map of the Parties. The tables that follow say the same in words.")
    return [Map("activities-map", title, drawn, about)]


def _of_kind(kind: Activity.Kind, shown: list[Shown]) -> list[Block]:
    these = [one for one in shown if one.row.kind == kind]
    if not these:
        return []
    head = [_("Activity"), _("Place"), _("Date"), _("Stage"), _("Agencies")]
    rows = [_line(one) for one in these[:MOST]]
    table = Table(f"activities-{kind}", str(kind.label), head, rows)
    if len(these) <= MOST:
        return [table]
    more = _("%(n)d more are not listed here; the page of activities has them.")
    return [table, Paragraph(more % {"n": len(these) - MOST})]


def _line(one: Shown) -> list[str]:
    return [
        with_confidence(one.row.title, one.row),
        "; ".join(str(place) for place in one.row.places.all()) or "–",
        one.row.when_in_words or "–",
        str(one.stage),
        ", ".join(agency.name for agency in one.row.agencies.all()) or "–",
    ]
