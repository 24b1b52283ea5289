"""Workbooks to fill in: the edition of the template in the first line, the headings below."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from toolkit.framework.importer import COLUMNS, FRAMEWORK_EDITION
from toolkit.importing import EDITION_LABEL, Column
from toolkit.importing.instructions import write_instructions
from toolkit.models import Edition, Indicator, IndicatorKind
from toolkit.models.framework import INDICATORS


def framework_template() -> bytes:
    """50 rows numbered through, with the titles that a source confirms; all else is empty, to be
    taken from the official text."""
    known = Indicator.objects.filter(edition__is_complete=False).exclude(title_en="")
    titles = dict(known.values_list("number", "title_en"))
    rows = [
        {"number": number, "title_en": titles.get(number, "")}
        for number in range(1, INDICATORS + 1)
    ]
    return workbook(COLUMNS, rows, FRAMEWORK_EDITION)


def loaded_edition(edition: Edition) -> bytes:
    """A complete edition in the columns of the template: to read it, or to begin the next."""
    rows = []
    for one in edition.indicators.select_related("outcome"):
        row: dict[str, Any] = {"number": one.number, "kind": one.kind}
        for language in ("en", "fr", "es"):
            row[f"title_{language}"] = getattr(one, f"title_{language}")
            if one.outcome:
                row["outcome"] = one.outcome.number
                row[f"outcome_{language}"] = getattr(one.outcome, f"title_{language}")
            for value, text in enumerate(one.answers.get(language, [])):
                row[f"answer{value}_{language}"] = text
        rows.append(row)
    return workbook(COLUMNS, rows, FRAMEWORK_EDITION)


def workbook(columns: Sequence[Column], rows: Iterable[dict[str, Any]], edition: str) -> bytes:
    """Texts are written as texts: no cell is a formula or a link."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Indicators")[:31])
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, EDITION_LABEL, bold)
        sheet.write_string(0, 1, edition)
        for place, column in enumerate(columns):
            sheet.write_string(1, place, column.heading, bold)
            sheet.set_column(place, place, 12 if len(column.heading) < 14 else 28)
        for line, row in enumerate(rows, start=2):
            for place, column in enumerate(columns):
                cell = row.get(column.key)
                if isinstance(cell, int):
                    sheet.write_number(line, place, cell)
                elif cell:
                    sheet.write_string(line, place, str(cell))
        sheet.freeze_panes(2, 0)
        _offer_kinds(sheet, columns)
        write_instructions(book, _about(), columns)
    return content.getvalue()


def _offer_kinds(sheet: Any, columns: Sequence[Column]) -> None:
    """A list to choose from, in the column where a kind is to be filled in."""
    for place, column in enumerate(columns):
        if column.key == "kind" and column.required:
            kinds = {"validate": "list", "source": IndicatorKind.values}
            sheet.data_validation(2, place, INDICATORS + 1, place, kinds)


def _about() -> list[tuple[str, str]]:
    return [
        (
            _("How to fill it in"),
            _(
                "One indicator a row, on the first sheet, below the headings. Leave the first two "
                "rows as they are. Nothing is stored before every fault is mended."
            ),
        ),
    ]
