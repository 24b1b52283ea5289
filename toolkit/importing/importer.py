"""What is imported, and the two steps to it: look through, then do all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.attaching import safe_name
from toolkit.importing.sheets import Column, Row, Sheet, Words
from toolkit.models import Import
from workflow import characters
from workflow.errors import Refused

Values = dict[str, Any]

KEPT_FOR = timedelta(days=7)  # a file that nobody confirmed
LONGEST_CELL = 10_000  # characters


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, or with a row as a whole (`column`, its heading, is then
    empty)."""

    row: int
    column: str
    found: str
    sentence: str


class NotImported(Refused):
    """Nothing was imported."""

    code = "not_imported"

    def __init__(self, sentence: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence)
        self.problems = list(problems)


@dataclass(frozen=True, kw_only=True)
class Importer:
    """One kind of table.

    `read` makes rows of a file. `judge` says what is wrong with the values of all rows together
    and with what is stored already (row number → values by column key); it may put a row of the
    database in the place of its name. `write` stores them, inside one transaction, and gives how
    many it made; it gets the kept file too, which says who sent it. Both get the target (a cycle,
    an edition, or None). Of rows with a faulty cell `judge` sees nothing.
    """

    kind: str
    title: Words
    columns: tuple[Column, ...]
    read: Callable[[UploadedFile, Sequence[Column]], Sheet]
    judge: Callable[[Mapping[int, Values], Any], list[Problem]]
    write: Callable[[Sequence[Values], Any, Import], int]

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
        faults = [Problem(row.number, "", "", row.faults[""])] if "" in row.faults else []
        for column in self.columns:
            text = row.cells.get(column.key, "")
            try:
                if column.key in row.faults:
                    raise ValueError(row.faults[column.key])
                said[column.key] = _value(column, text)
            except ValueError as wrong:
                faults.append(Problem(row.number, column.heading, text[:80], str(wrong)))
        problems += faults
        return None if faults else said

    def problem(self, row: int, key: str, found: Any, sentence: str) -> Problem:
        """A problem of the cell under the column of that key; "" is the row as a whole."""
        heading = next((one.heading for one in self.columns if one.key == key), "")
        return Problem(row, heading, str(found or "")[:80], sentence)

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

    def carry_out(self, kept_id: int, target: Any, by: Any) -> int:
        """Import what was kept: all rows, or none. Raises NotImported with the reason, or
        whatever refusal `write` met."""
        try:
            with transaction.atomic():
                return self._carry_out(kept_id, target, by)
        except IntegrityError as wrong:
            # Somebody stored the same between our look and our writing.
            raise NotImported(_changed()) from wrong

    def _carry_out(self, kept_id: int, target: Any, by: Any) -> int:
        kept = (
            Import.objects.select_for_update(no_key=True, of=("self",))
            .select_related("by")
            .get(pk=kept_id, kind=self.kind, target_id=target.pk if target else 0, by=by)
        )
        if kept.done_at:
            raise NotImported(_("This file has been imported already."))
        values, problems = self.look_through(rows_of(kept), target)
        if problems:
            raise NotImported(_changed(), problems)
        made = self.write(list(values.values()), target, kept)
        kept.done_at, kept.rows = timezone.now(), []
        kept.save(update_fields=["done_at", "rows"])
        return made


def rows_of(kept: Import) -> list[Row]:
    return [Row(one["number"], one["cells"]) for one in kept.rows]


def forget_unconfirmed() -> int:
    """Delete the files that were read and never confirmed; how many. Their senders have had a
    week, and would be shown the same faults or rows when they send one again."""
    read_before = timezone.now() - KEPT_FOR
    forgotten, _by_model = Import.objects.filter(done_at=None, made_at__lt=read_before).delete()
    return forgotten


def _changed() -> str:
    return _("Nothing was imported: something has changed since the file was read. Send it again.")


def _value(column: Column, text: str) -> Any:
    if not text:
        if column.required:
            raise ValueError(_("This cell is empty."))
        return None
    if len(text) > LONGEST_CELL:
        raise ValueError(_("This cell holds too much text."))
    if unfit := characters.problem_with(text):
        raise ValueError(unfit)
    return column.parse(text)
