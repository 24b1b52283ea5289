"""An action plan to take away, as CSV and XLSX, in the reader's language."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partners.spreadsheets import harmless
from toolkit.models import Implementation
from toolkit.plan import workbook
from toolkit.plan.reading import Line, PlanFilter


def as_csv(cycle: Implementation, lines: Iterable[Line], asked: PlanFilter) -> bytes:
    """Begins with the mark by which Excel knows UTF-8; each line says of when and of what it is."""
    text = io.StringIO()
    writer = csv.writer(text)
    about = _about(cycle, asked)
    writer.writerow(harmless([*(label for label, _words in about), *_head()]))
    for line in lines:
        writer.writerow(harmless([*(words for _label, words in about), *_cells(line)]))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(cycle: Implementation, lines: Iterable[Line], asked: PlanFilter) -> bytes:
    return workbook.table(_about(cycle, asked), _head(), [_cells(line) for line in lines])


def _about(cycle: Implementation, asked: PlanFilter) -> list[tuple[str, str]]:
    return [
        (_("Party"), cycle.party.name),
        (_("Party code"), cycle.party.code),
        (_("Cycle"), str(cycle.cycle)),
        (_("As of"), timezone.now().isoformat(timespec="seconds")),
        (_("Filters"), asked.words or _("none")),
        (_("Source"), _("ICCWC support portal, action plan as recorded there")),
    ]


def _head() -> list[str]:
    said = [
        _("No."), _("part of the Toolkit"), _("recommendation"), _("priority"), _("horizon"),
        _("state"), pgettext("a recommendation", "due"), pgettext("a recommendation", "overdue"),
        _("responsible national body"), _("supporting agencies"), _("superseded by"),
    ]  # fmt: skip
    return [capfirst(one) for one in said]


def _cells(line: Line) -> list[Any]:
    one = line.recommendation
    successor = one.superseded_by
    return [
        one.number,
        str(one.get_part_display()),
        one.text,
        str(one.get_priority_display()),
        str(one.get_horizon_display()) if one.horizon else None,
        str(one.get_state_display()),
        one.due_on,
        _("yes") if line.is_overdue else None,
        one.responsible or None,
        ", ".join(agency.code for agency in one.supporting.all()) or None,
        f"{successor.number} ({successor.implementation.cycle})" if successor else None,
    ]
