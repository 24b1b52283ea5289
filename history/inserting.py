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
    params = [_value(field, one) for one in made for field in how.fields]
    ids = _executed(how.sql(len(made)), params)
    for one, (pk,) in zip(made, ids, strict=True):
        _is_there(one, pk)
    return made


def insert_with(head: models.Model, others: Sequence[models.Model]) -> None:
    """Add a new row, and rows beside it that refer to it: they were made with `head` in the field,
    not with its id, which it is only given here. PostgreSQL is told all of it at once."""
    if connection.vendor != "postgresql":
        insert([head])
        for one in others:
            _refer_to(head, one)
            insert([one])
        return
    told: list[str] = []
    params: list[Any] = []
    for number, one in enumerate([head, *others]):
        how = _written(type(one), connection.vendor)
        about_head = [_is_about(field, one, head) for field in how.fields]
        values = ["(TABLE row_0)" if is_it else "%s" for is_it in about_head]
        told.append(f"row_{number} AS ({how.before}({', '.join(values)}){how.after})")
        pairs = zip(how.fields, about_head, strict=True)
        params += [_value(field, one) for field, is_it in pairs if not is_it]
    ids = ", ".join(f"(TABLE row_{number})" for number in range(len(told)))
    (found,) = _executed(f"WITH {', '.join(told)} SELECT {ids}", params)  # noqa: S608 - by the ORM
    for one, pk in zip([head, *others], found, strict=True):
        _is_there(one, pk)
        _refer_to(head, one)


def _is_about(field: Any, one: models.Model, head: models.Model) -> bool:
    return field.is_relation and field.is_cached(one) and field.get_cached_value(one) is head


def _refer_to(head: models.Model, one: models.Model) -> None:
    for field in one._meta.local_concrete_fields:
        if _is_about(field, one, head):
            setattr(one, field.attname, head.pk)


# What these fields would give the database for a value of these types: the value. To be told so
# takes them longer than all else that is done for it.
_AS_IT_IS: dict[type, set[type]] = {
    models.CharField: {str},
    models.TextField: {str},
    models.BooleanField: {bool},
    models.IntegerField: {int},
    models.PositiveIntegerField: {int},
    models.PositiveSmallIntegerField: {int},
    models.ForeignKey: {int},
}
_NO_TYPES: set[type] = set()


def _value(field: Any, one: models.Model) -> Any:
    value = field.pre_save(one, add=True)
    if value is None or type(value) in _AS_IT_IS.get(type(field), _NO_TYPES):
        return value
    return field.get_db_prep_save(value, connection)


def _executed(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _is_there(one: models.Model, pk: Any) -> None:
    one.pk = pk
    one._state.adding = False
    one._state.db = connection.alias


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
