"""Requests for support, counted by kind and by CITES region."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from iccwc_portal.report.asking import Asked
from iccwc_portal.report.cases import STANDS, Case
from iccwc_portal.report.document import Block, Heading, Paragraph, Table
from iccwc_portal.report.wording import day_of, period_of, source_of


def requests_counted(found: list[Case], asked: Asked) -> list[Block]:
    title = Heading(_("Requests for ICCWC support"), 3)
    if not found:
        return [title, Paragraph(_("No request had been submitted by that day."))]
    lately = sum(case.submitted_on >= asked.since for case in found)
    summary = _("Submitted by %(day)s: %(all)d; of these in the period (%(period)s): %(lately)d.")
    said = {
        "all": len(found),
        "lately": lately,
        "day": day_of(asked.as_of),
        "period": period_of(asked),
    }
    derived = _("CITES regions are derived where no CITES list confirms them.")
    history = _("the history of the portal, from submissions and the moves of the requests")
    return [
        title,
        Paragraph(summary % said),
        _counted("by-support", _("By kind of support"), _("Kind of support"), found, _kind_of),
        _counted("by-region", _("By CITES region"), _("CITES region"), found, _region_of),
        Paragraph(derived, "source"),
        source_of(history),
    ]


def _kind_of(case: Case) -> tuple[Any, str]:
    if case.support is None:
        return (1, 0, ""), _("not in the catalogue any more")
    return (0, case.support.position, case.support.key), case.support.name


def _region_of(case: Case) -> tuple[Any, str]:
    return case.party.region.name, case.party.region.name


def _counted(
    key: str, caption: str, first: str, found: list[Case], by: Callable[[Case], tuple[Any, str]]
) -> Table:
    """How many stand where, by whatever `by` names: an order and words."""
    groups: dict[tuple[Any, str], list[Case]] = {}
    for case in found:
        groups.setdefault(by(case), []).append(case)
    stands = [capfirst(str(words)) for words, _states in STANDS]
    return Table(
        key,
        caption,
        [first, _("Submitted"), *stands],
        [[name, *_numbers(groups[order, name])] for order, name in sorted(groups)],
        [_("All"), *_numbers(found)],
        numbers=frozenset(range(1, len(stands) + 2)),
    )


def _numbers(found: Iterable[Case]) -> list[str]:
    states = Counter(case.state for case in found)
    by_group = [sum(states[one] for one in group) for _words, group in STANDS]
    return [str(sum(states.values())), *map(str, by_group)]
