"""The workbook of an action plan: the template to fill in, and a plan to take away."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from partners.spreadsheets import Sheet
from toolkit.importing.instructions import write_instructions
from toolkit.importing.workbooks import EDITION_LABEL
from toolkit.models import Horizon, Implementation, Part, Priority
from toolkit.plan import importing

_FIRST = 2  # below the edition and the headings
_WIDTHS = (6, 26, 70, 12, 14, 30, 24, 12)
_LISTS: dict[str, type[TextChoices]] = {"part": Part, "priority": Priority, "horizon": Horizon}


def template(cycle: Implementation) -> bytes:
    """An empty table with lists to choose from, and a second sheet that says how to fill it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Action plan")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        as_day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = [EDITION_LABEL, importing.PLAN_EDITION, importing.LABEL_PARTY, cycle.party.code]
        for place, words in enumerate([*head, importing.LABEL_CYCLE, str(cycle.cycle)]):
            sheet.write_string(0, place, words)
        for place, (column, width) in enumerate(zip(importing.columns(), _WIDTHS, strict=True)):
            sheet.write_string(1, place, column.heading, bold)
            sheet.set_column(place, place, width, as_day if column.key == "due_on" else as_text)
            if column.key in _LISTS:
                offered = importing.in_english(_LISTS[column.key])
                choice = {"validate": "list", "source": offered, "ignore_blank": True}
                sheet.data_validation(
                    _FIRST, place, _FIRST + importing.MOST_ROWS - 1, place, choice
                )
        sheet.freeze_panes(_FIRST, 0)
        write_instructions(book, _about(cycle), importing.columns())
    return content.getvalue()


def _about(cycle: Implementation) -> list[tuple[str, str]]:
    named = {"party": cycle.party.name, "cycle": cycle.cycle}
    return [
        (_("What it is"), _("The action plan of %(party)s, cycle %(cycle)d.") % named),
        (
            _("How to fill it in"),
            _(
                "One recommendation a row, on the first sheet, below the headings. Leave the "
                "first two rows as they are."
            ),
        ),
    ]


def table(about: Iterable[tuple[str, str]], head: list[str], lines: Iterable[list[Any]]) -> bytes:
    """A workbook of texts, whole numbers and days: no cell is a formula or a link. What the file
    is stands on its second sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        Sheet(book, _("Action plan"), head, widths=20).add_all(lines)
        Sheet(book, _("About this file"), [_("What"), _("Says")], widths=40).add_all(about)
    return content.getvalue()
