"""Part 3 of the report: how far the Toolkit had come, as map and tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from iccwc_portal.report.asking import ALL, Asked
from iccwc_portal.report.document import Block, Heading, Map, Paragraph, Table
from iccwc_portal.report.wording import day_of, source_of
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


def toolkit(table: tuple[list[Row], set[int]], asked: Asked) -> list[Block]:
    """`table` is what iccwc_portal.report.cycles.rows gives."""
    rows, public = table
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
    title = Heading(_("3. Implementation of the Wildlife and Forest Crime Analytic Toolkit"))
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
    steps = [step_name(step) for step in Step]
    caption = _("Steps done by %(day)s") % {"day": day_of(asked.as_of)}
    return Table(
        "steps",
        caption,
        [_("Party"), *steps, _("Phase")],
        [
            [
                name_of(row, public),
                *(_MARKS.get(StepState(fact.state), "") if fact else "" for _s, fact in row.cells),
                str(_IN_SHORT[row.phase]) if row.phase else "–",
            ]
            for row in rows
        ],
        centred=frozenset(range(1, len(steps) + 1)),
    )


def step_name(step: Step) -> str:
    return str(step.label) if step is Step.FOLLOW_UP else f"{number(step)}. {step.label}"


def name_of(row: Row, public: set[int]) -> str:
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
