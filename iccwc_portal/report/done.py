"""What was done in the period, from the history: support, and steps of the Toolkit."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.precision import first_possible_day
from iccwc_portal.report.asking import Asked
from iccwc_portal.report.cases import DONE, Activity
from iccwc_portal.report.document import Block, Heading, Paragraph, Table
from iccwc_portal.report.tracked import name_of, step_name
from iccwc_portal.report.wording import day_of, period_of, source_of
from toolkit import asof
from toolkit.asof import Row
from toolkit.steps import Step, StepState, number


def done_in_period(
    done: list[Activity], table: tuple[list[Row], set[int]], asked: Asked
) -> list[Block]:
    steps, undated = _steps_in_period(table, asked)
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
        Heading(_("What was done in the period"), 3),
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


def _steps_in_period(
    table: tuple[list[Row], set[int]], asked: Asked
) -> tuple[list[list[str]], int]:
    """Toolkit steps done for certain in the period, of the rows that the report shows; and how
    many may have been done in it or before."""
    rows, public = table
    found = [
        (fact.effective_on, fact.event_id, number(step), row, step, fact)
        for row in rows
        for step, fact in row.facts.items()
        if fact.state == StepState.DONE and fact.effective_on >= asked.since
    ]
    found.sort(key=lambda one: one[:3])
    within = [one for one in found if _surely_within(one[-1], asked)]
    said = [
        [fact.when_in_words, name_of(row, public), step_name(Step(step))]
        for _on, _event, _number, row, step, fact in within
    ]
    return said, len(found) - len(within)


def _surely_within(fact: asof.Fact, asked: Asked) -> bool:
    """Was it done on the first day of the period or later, however its date is known?"""
    return first_possible_day(fact.effective_on, fact.precision) >= asked.since


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
