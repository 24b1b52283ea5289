"""Single words that belong to a row, such as the codes of agencies, read in the row's own query.

found = found.annotate(agency_codes=words_of(through, "activity", "agency__code"))
agencies = words("agency_codes")   # a field of the serializer: ["INTERPOL", "WCO"]
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.rows import Context, FromColumns


class _Joined(Aggregate):
    """With commas between; PostgreSQL and SQLite have two names for it."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, **{**extra, "function": "GROUP_CONCAT"})


def words_of(found: "QuerySet[Any]", of: str, column: str) -> Subquery:
    """The words in that column of the rows of `found` whose column `of` names the row: codes and
    keys, which have no comma in them. None where there are none."""
    rows = found.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Subquery(rows.annotate(joined=_Joined(column)).values("joined"))


class _Words(FromColumns):
    def function(self, context: Context) -> Callable[[str | None], list[str]]:
        return lambda joined: sorted(joined.split(",")) if joined else []


def words(annotation: str, **kwargs: Any) -> FromColumns:
    """The field that shows what `words_of` found, in the order of the alphabet."""
    made = type("Words", (_Words,), {"columns": (annotation,)})
    listed = serializers.ListField(child=serializers.CharField())
    return extend_schema_field(listed)(made)(**kwargs)
