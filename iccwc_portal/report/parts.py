"""The report itself: the four parts of CITES SC66 Inf. 9, as far as the portal holds them."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from iccwc_portal.report.asking import ALL, Asked
from iccwc_portal.report.cases import DONE, Activity, activities, cases
from iccwc_portal.report.counted import requests_counted
from iccwc_portal.report.cycles import rows as cycles_of
from iccwc_portal.report.document import Block, Document, Heading, Map, Paragraph, Table
from iccwc_portal.report.then import first_possible_day
from iccwc_portal.report.wording import day_of, period_of, source_of
from partners import map as world
from toolkit import asof
from toolkit.asof import Row
from toolkit.steps import Phase, Step, StepState, number

_MARKS = {StepState.DONE: "✓", StepState.UNDER_WAY: "…", StepState.NOT_APPLICABLE: "n/a"}
# Their full names stand in the table before.
_IN_SHORT = {
    Phase.REQUEST_RECEIVED: gettext_lazy("request received"),
    Phase.PLANNING: gettext_lazy("planning phase"),
    Phase.IN_PROCESS: gettext_lazy("in process"),
    Phase.COMPLETE: gettext_lazy("complete"),
}
# From light to dark, so that they can be told apart in print too.
_SHADES = {Phase.REQUEST_RECEIVED: 1, Phase.PLANNING: 2, Phase.IN_PROCESS: 3, Phase.COMPLETE: 5}


def report(actor: Any, asked: Asked) -> Document:
    """The whole document, in its language."""
    with translation.override(asked.language):
        found = cases(actor, asked)
        blocks = [
            *_preface(),
            *_recognition(),
            *_toolkit(actor, asked),
            *requests_counted(found, asked),
            *_activities(activities(found, asked), actor, asked),
        ]
        return Document(
            name=f"iccwc-report-{asked.as_of.isoformat()}-{asked.language}",
            title=_("International Consortium on Combating Wildlife Crime (ICCWC)"),
            language=asked.language,
            day=asked.as_of,
            facts=_facts(asked),
            blocks=blocks,
        )


def _facts(asked: Asked) -> list[tuple[str, str]]:
    facts = [
        (_("Report for"), _("the Standing Committee of CITES")),
        (_("State on"), day_of(asked.as_of)),
        (_("Activities"), period_of(asked)),
    ]
    if asked.known_at:
        moment = _("%(moment)s UTC") % {"moment": date_format(asked.known_at, "DATETIME_FORMAT")}
        facts.append((_("As known on"), moment))
    return facts


def _preface() -> list[Block]:
    follows = _(
        "The report follows the parts of document SC66 Inf. 9. It is made from what the portal has "
        "recorded: the same question gives the same report at any later time."
    )
    demo = _(
        "This is a demonstration. The Toolkit table of 9 November 2015 is that of SC66 Inf. 9; "
        "requests for support and activities are invented."
    )
    warned: list[Block] = [Paragraph(demo, "warning")] if settings.DEMO else []
    return [Paragraph(follows), *warned]


def _recognition() -> list[Block]:
    return [
        Heading(_("1. Role and recognition of ICCWC")),
        Paragraph(_("The portal does not hold this part yet. It follows later.")),
    ]


# ── Toolkit ──────────────────────────────────────────────────────────────────────────────────


def _toolkit(actor: Any, asked: Asked) -> list[Block]:
    rows, public = cycles_of(actor, asked)
    totals = asof.totals(rows, asked.as_of)
    said = {
        "day": day_of(asked.as_of),
        "requested": totals.requested,
        "complete": totals.complete,
        "others": totals.at_other_stages,
    }
    summary = _(
        "By %(day)s, Toolkit implementations requested: %(requested)d; complete: %(complete)d; at "
        "other stages: %(others)d."
    )
    title = Heading(_("2. Implementation of the Wildlife and Forest Crime Analytic Toolkit"))
    if not rows:
        return [title, Paragraph(_("No implementation had begun by that day."))]
    return [
        title,
        Paragraph(summary % said),
        _map(rows, asked),
        _phases(totals),
        _table_of(rows, public, asked),
        *_notes_on(rows, public, asked),
    ]


def _map(rows: list[Row], asked: Asked) -> Map:
    said: dict[str, world.Said] = {}
    for row in rows:  # of several cycles the last one counts
        if row.phase:
            said[row.implementation.party.code] = world.Said(_SHADES[row.phase], row.phase.label)
    legend = [(shade, phase.label) for phase, shade in _SHADES.items()]
    # The others have no name here: what they are called later is no part of the report.
    named = {row.implementation.party.code: row.implementation.party for row in rows}
    title = _("Toolkit implementation, state on %(day)s") % {"day": day_of(asked.as_of)}
    words = _("A map of the Parties. The table that follows says the same in words.")
    return Map("toolkit-map", title, world.drawn_alone(named.values(), said, legend), words)


def _phases(totals: asof.Totals) -> Table:
    return Table(
        "phases",
        _("Number of implementations in each phase"),
        [_("Phase"), _("Number")],
        [[str(phase.label), str(totals.by_phase[phase])] for phase in Phase],
        [_("Requested"), str(totals.requested)],
        numbers=frozenset({1}),
    )


def _table_of(rows: list[Row], public: set[int], asked: Asked) -> Table:
    steps = [_step_name(step) for step in Step]
    caption = _("Steps done by %(day)s") % {"day": day_of(asked.as_of)}
    return Table(
        "steps",
        caption,
        [_("Party"), *steps, _("Phase")],
        [
            [
                _name_of(row, public),
                *(_MARKS.get(StepState(fact.state), "") if fact else "" for _s, fact in row.cells),
                str(_IN_SHORT[row.phase]) if row.phase else "–",
            ]
            for row in rows
        ],
        centred=frozenset(range(1, len(steps) + 1)),
    )


def _step_name(step: Step) -> str:
    return str(step.label) if step is Step.FOLLOW_UP else f"{number(step)}. {step.label}"


def _name_of(row: Row, public: set[int]) -> str:
    one = row.implementation
    name: str = one.party.name
    if one.cycle > 1:
        name = _("%(party)s (cycle %(number)d)") % {"party": name, "number": one.cycle}
    return name if one.pk in public else f"{name}*"


def _notes_on(rows: list[Row], public: set[int], asked: Asked) -> list[Block]:
    marks = _("✓ done; … under way; n/a not applicable; empty: not started.")
    notes: list[Block] = [Paragraph(marks, "source")]
    if asked.rows == ALL and any(row.implementation.pk not in public for row in rows):
        warning = _(
            "* Not made public by the country by that day: not for publication without its consent."
        )
        notes.append(Paragraph(warning, "warning"))
    phases = _(
        "Phases are derived from the steps done; their correspondence is inferred from the legend "
        "of the map in SC66 Inf. 9."
    )
    sources = sorted({f.source for row in rows for f in row.facts.values()} - {""})
    cited = "; ".join([*sources, _("the history of the portal")])
    return [*notes, Paragraph(phases, "source"), source_of(cited)]


# ── Activities ───────────────────────────────────────────────────────────────────────────────


def _activities(done: list[Activity], actor: Any, asked: Asked) -> list[Block]:
    title = Heading(_("4. ICCWC coordinated support: activities"))
    steps, undated = _steps_in_period(actor, asked)
    counted = Counter(activity.kind for activity in done)
    numbers = [[str(words), str(counted[kind])] for kind, words in DONE.items()]
    numbers.append([_("Toolkit steps were done"), str(len(steps))])
    counts = Table(
        "activities-counted",
        _("Activities in the period: %(period)s") % {"period": period_of(asked)},
        [_("Activity"), _("Number")],
        numbers,
        numbers=frozenset({1}),
    )
    return [
        title,
        counts,
        *_left_out(undated, asked),
        *_listed(done),
        *_steps_listed(steps),
        source_of(_("the history of the portal; no words of a request are quoted")),
    ]


def _listed(done: list[Activity]) -> list[Block]:
    if not done:
        return []
    rows = [
        [
            day_of(one.on),
            str(DONE[one.kind]),
            one.case.party.name,
            one.case.support.name if one.case.support else "–",
            one.agency.name if one.agency else "–",
        ]
        for one in done
    ]
    head = [_("Date"), _("Activity"), _("Party"), _("Kind of support"), _("Agency")]
    return [Table("activities", _("Support, oldest first"), head, rows)]


def _steps_in_period(actor: Any, asked: Asked) -> tuple[list[list[str]], int]:
    """Toolkit steps done for certain in the period, of the rows that the report shows; and how
    many may have been done in it or before."""
    rows, public = cycles_of(actor, asked)
    found = [
        (fact.effective_on, fact.event_id, number(step), row, step, fact)
        for row in rows
        for step, fact in row.facts.items()
        if fact.state == StepState.DONE and fact.effective_on >= asked.since
    ]
    found.sort(key=lambda one: one[:3])
    within = [one for one in found if _surely_within(one[-1], asked)]
    said = [
        [fact.when_in_words, _name_of(row, public), _step_name(Step(step))]
        for _on, _event, _number, row, step, fact in within
    ]
    return said, len(found) - len(within)


def _surely_within(fact: asof.Fact, asked: Asked) -> bool:
    """Was it done on the first day of the period or later, however its date is known?"""
    first = first_possible_day(fact.effective_on, fact.precision)
    return first is not None and first >= asked.since


def _left_out(undated: int, asked: Asked) -> list[Block]:
    if not undated:
        return []
    words = ngettext(
        "%(n)d step was done by %(day)s; its day is not known, so it is not counted here.",
        "%(n)d steps were done by %(day)s; their day is not known, so they are not counted here.",
        undated,
    )
    return [Paragraph(words % {"n": undated, "day": day_of(asked.as_of)})]


def _steps_listed(steps: list[list[str]]) -> list[Block]:
    head = [_("Date"), _("Party"), _("Step")]
    return [Table("toolkit-steps", _("Toolkit steps, oldest first"), head, steps)] if steps else []
