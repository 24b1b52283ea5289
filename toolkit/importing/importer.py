"""What is imported, and the two steps to it: look through, then do all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.attaching import safe_name
from toolkit.importing.sheets import LONGEST_CELL, Column, Row, Sheet, Words
from toolkit.models import Import
from workflow.errors import Refused

Values = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, or with a row as a whole (`column` is then empty)."""

    row: int
    column: str
    found: str
    sentence: str


class NotImported(Refused):
    """Nothing was imported."""

    code = "not_imported"


@dataclass(frozen=True, kw_only=True)
class Importer:
    """One kind of table.

    `read` makes rows of a file; `judge` says what is wrong with the values of all rows together
    and with what is stored already (row number → values); `write` stores them, inside one
    transaction, and gives how many it made. Both get the target (a cycle, an edition, or None).
    """

    kind: str
    title: Words
    columns: tuple[Column, ...]
    read: Callable[[UploadedFile, Sequence[Column]], Sheet]
    judge: Callable[[Mapping[int, Values], Any], list[Problem]]
    write: Callable[[Sequence[Values], Any, Any], int]

    def look_through(
        self, rows: Sequence[Row], target: Any
    ) -> tuple[dict[int, Values], list[Problem]]:
        """The values by row number, and everything that is wrong, in the order of the file."""
        values: dict[int, Values] = {}
        problems: list[Problem] = []
        for row in rows:
            said = self._values(row, problems)
            if said is not None:
                values[row.number] = said
        problems += self.judge(values, target)
        return values, sorted(problems, key=lambda one: one.row)

    def _values(self, row: Row, problems: list[Problem]) -> Values | None:
        said: Values = {}
        faults = []
        for column in self.columns:
            text = row.cells.get(column.key, "")
            try:
                said[column.key] = _value(column, text)
            except ValueError as wrong:
                faults.append(Problem(row.number, column.heading, text[:80], str(wrong)))
        problems += faults
        return None if faults else said

    def keep(self, upload: UploadedFile, sheet: Sheet, target: Any, by: Any) -> Import:
        """Keep the rows of a file without a fault until its sender confirms. As text: they are
        judged again then, because what is stored may have changed."""
        rows = [{"number": row.number, "cells": row.cells} for row in sheet.rows]
        return Import.objects.create(
            kind=self.kind,
            target_id=target.pk if target else 0,
            by=by,
            file_name=safe_name(upload.name),
            rows=rows,
        )

    @transaction.atomic
    def carry_out(self, kept_id: int, target: Any, by: Any) -> int:
        """Import what was kept: all rows, or none. Raises NotImported with the reason."""
        kept = Import.objects.select_for_update(no_key=True).get(
            pk=kept_id, kind=self.kind, target_id=target.pk if target else 0, by=by
        )
        if kept.done_at:
            raise NotImported(_("This file has been imported already."))
        rows = [Row(one["number"], one["cells"]) for one in kept.rows]
        values, problems = self.look_through(rows, target)
        if problems:
            raise NotImported(
                _("Something has changed since the file was read. Send it again: %(problem)s")
                % {"problem": problems[0].sentence}
            )
        made = self.write(list(values.values()), target, by)
        kept.done_at, kept.rows = timezone.now(), []
        kept.save(update_fields=["done_at", "rows"])
        return made


def _value(column: Column, text: str) -> Any:
    if not text:
        if column.required:
            raise ValueError(_("This cell is empty."))
        return None
    if len(text) > LONGEST_CELL:
        raise ValueError(_("This cell holds too much text."))
    return column.parse(text)
