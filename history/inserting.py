"""Adding rows by SQL that the ORM writes once: every action adds the same few kinds of rows, and
writing the INSERT out takes Django longer than the database takes to obey it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models.sql import InsertQuery

M = TypeVar("M", bound=models.Model)

_FEW = 40  # more are no longer few: an engine may limit the values of a statement


def insert(rows: Sequence[M]) -> list[M]:
    """`bulk_create` for a few new rows of one model, all in one statement: their fields prepare
    and judge their values as ever, and they are given their ids."""
    made = list(rows)
    if not 0 < len(made) <= _FEW:
        return type(made[0])._base_manager.bulk_create(made) if made else made
    how = _written(type(made[0]), connection.vendor)
    params = [
        field.get_db_prep_save(field.pre_save(one, add=True), connection)
        for one in made
        for field in how.fields
    ]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(how.sql(len(made)), params)
        ids = cursor.fetchall()
    for one, (pk,) in zip(made, ids, strict=True):
        one.pk = pk
        one._state.adding = False
        one._state.db = connection.alias
    return made


@dataclass(frozen=True)
class _Insert:
    fields: list[Any]
    before: str
    row: str
    after: str

    def sql(self, rows: int) -> str:
        return self.before + ", ".join([self.row] * rows) + self.after


@cache
def _written(model: type[models.Model], vendor: str) -> _Insert:
    """What the ORM writes for one row, taken apart at the row."""
    fields = [one for one in model._meta.local_concrete_fields if not one.primary_key]
    query = InsertQuery(model)
    query.insert_values(fields, [model()], raw=True)
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk]
    compiler.prepare_value = lambda field, value: None
    ((sql, _params),) = compiler.as_sql()
    row = f"({', '.join(['%s'] * len(fields))})"
    before, found, after = sql.partition(row)
    if not found or row in after:
        raise TypeError(f"{model.__name__} has a column that is not given by its value")
    return _Insert(fields, before, row, after)
