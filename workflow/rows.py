"""Rows of a list read straight from columns, as its serializer declares them.

The serializer's fields stay the one declaration of what is shown: from them follow the columns
of one query (`values_list`, without objects of the ORM) and a function that writes each row. A
serializer with a field that no column gives (a method, a list of further rows) is used as it is.

    rows = rows_of(RequestSerializer, ["reference", "party"])   # or without names: every field
    for row in rows.read(queryset, {"request": request}):       # dicts, nested as the API shows
        ...

Dates, times and numbers come as such, not as text: the JSON renderer writes them, and a table can
hold them. What a reader may see is decided by the queryset: begin it with `visible_to`.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.kept_queries import Found, KeptQuery

Context = Mapping[str, Any]
Writer = Callable[[tuple[Any, ...]], dict[str, Any]]


class FromColumns(serializers.Field[Any, Any, Any, Any]):
    """A field that is made of some columns. A subclass names `columns` (paths like
    "support_request__reference") and gives, for the rows of one answer, the function of their
    values: whatever is the same for all rows is worked out once there."""

    columns: ClassVar[tuple[str, ...]]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "source": "*", "read_only": True})

    def function(self, context: Context) -> Callable[..., Any]:
        raise NotImplementedError

    def to_representation(self, value: Any) -> Any:
        return self.function(self.context)(*(_along(value, path) for path in self.columns))


class Given(FromColumns):
    """A field whose value the view has put into the context, under the field's name."""

    columns = ()

    def function(self, context: Context) -> Callable[[], Any]:
        value = context[str(self.field_name)]
        return lambda: value


def given(schema: Any, **kwargs: Any) -> Given:
    """A `Given` that the API's document describes by `schema`."""
    described = extend_schema_field(schema)(type("Given", (Given,), {}))
    return described(**kwargs)


def _along(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row


class Rows:
    """How rows are read as one serializer, or some of its fields, shows them. See `rows_of`."""

    def __init__(self, serializer: Any, names: Sequence[str], language: str) -> None:
        self.serializer, self.names = serializer, tuple(names)
        self._language = language
        self.columns: list[str] = []
        self._functions: list[Callable[[Context], Callable[..., Any]]] = []
        self._make_writer: Any = None
        self._kept: dict[Any, KeptQuery] = {}
        if not hasattr(serializer, "Meta"):  # it is no serializer of a model
            return
        try:
            written = self._dict(self._chosen(), serializer.Meta.model, "")
        except _NoColumn:
            return
        # As namedtuple does: a function written out for these very fields is several times
        # quicker than one that walks over them. Every word in it is one of our own classes'.
        arguments = ", ".join(f"f{n}" for n in range(len(self._functions)))
        self._make_writer = eval(f"lambda {arguments}: lambda row: {written}")  # noqa: S307

    @property
    def is_direct(self) -> bool:
        """Whether columns give all of it; else rows are objects, written by the serializer."""
        return self._make_writer is not None

    def read(self, queryset: "QuerySet[Any]", context: Context) -> Iterator[dict[str, Any]]:
        """The rows of the queryset, in its order, one at a time."""
        if not self.is_direct:
            yield from self.of_objects(queryset.iterator(chunk_size=500), context)
            return
        write = self.writer(context)
        for row in self.select(queryset).iterator(chunk_size=2000):
            yield write(row)

    def columns_with(self, *more: str) -> list[str]:
        """What the tuples of `select` hold, in their order."""
        return list(dict.fromkeys([*self.columns, *more]))

    def read_kept(
        self, build: "Callable[..., QuerySet[Any]]", context: Context, **values: Any
    ) -> list[dict[str, Any]]:
        """The rows of the queryset that `build` gives for the values; for what is asked so often
        that writing the query costs more than its answer (see workflow.kept_queries)."""
        return self.written(self.kept(build).find(**values), context)

    def kept(self, build: "Callable[..., QuerySet[Any]]") -> KeptQuery:
        """That query; `written` makes rows of what it finds."""
        if build not in self._kept:
            self._kept[build] = KeptQuery(
                lambda **marks: self.select(build(**marks)), is_planned_once=True
            )
        return self._kept[build]

    def written(self, found: Found, context: Context) -> list[dict[str, Any]]:
        return list(map(self.writer(context), found.rows()))

    def select(self, queryset: "QuerySet[Any]", *more: str) -> "QuerySet[Any]":
        """The queryset as tuples of the columns that `writer` takes, and `more` after them."""
        return queryset.prefetch_related(None).values_list(*self.columns_with(*more))

    def writer(self, context: Context) -> Writer:
        """The function from a tuple of `select` to what the API shows of it."""
        functions = (function(context) for function in self._functions)
        made: Writer = self._make_writer(*functions)
        return made

    def of_objects(self, objects: Iterable[Any], context: Context) -> Iterator[dict[str, Any]]:
        """The same of objects that have been loaded."""
        if self.is_direct:
            write = self.writer(context)
            return (write(tuple(_along(one, path) for path in self.columns)) for one in objects)
        shown = self.serializer(context=context)
        for name in set(shown.fields) - set(self.names):
            shown.fields.pop(name)
        return (shown.to_representation(one) for one in objects)

    def of_object(self, one: Any, context: Context) -> dict[str, Any]:
        (shown,) = self.of_objects([one], context)
        return shown

    @property
    def fields(self) -> dict[str, Any]:
        """The serializer's fields that are shown."""
        return self._chosen()

    def flat(self) -> list[tuple[str, ...]]:
        """The way to each single value of a row: ("reference",), ("party", "code") …"""
        return list(_flat(self._chosen(), ()))

    # ── compiling ────────────────────────────────────────────────────────────────────────────

    def _chosen(self) -> dict[str, Any]:
        return {
            name: field for name, field in _fields(self.serializer).items() if name in self.names
        }

    def _dict(self, fields: dict[str, Any], model: type[Model], prefix: str) -> str:
        pairs = (f"{name!r}: {self._value(one, model, prefix)}" for name, one in fields.items())
        return "{" + ", ".join(pairs) + "}"

    def _value(self, one: Any, model: type[Model], prefix: str) -> str:
        """Python that gives the field's value from `row`."""
        if isinstance(one, FromColumns):
            made = self._function(one.function)
            return f"{made}({', '.join(self._column(prefix + path) for path in one.columns)})"
        if isinstance(one, serializers.SlugRelatedField):
            return self._column(f"{prefix}{_path(one)}__{one.slug_field}")
        if isinstance(one, serializers.BaseSerializer):
            return self._nested(one, model, prefix)
        if not isinstance(one, _PLAIN):
            raise _NoColumn(one)
        return self._plain(one, model, prefix)

    def _nested(self, one: Any, model: type[Model], prefix: str) -> str:
        if isinstance(one, serializers.ListSerializer):
            raise _NoColumn(one)
        path = _path(one)
        for name in path.split("__"):
            model = _relation(model, name)
        written = self._dict(one.fields, model, f"{prefix}{path}__")
        if not one.allow_null:
            return written
        return f"(None if {self._column(f'{prefix}{path}_id')} is None else {written})"

    def _plain(self, one: Any, model: type[Model], prefix: str) -> str:
        *way, name = _path(one).split("__")
        for step in way:
            model = _relation(model, step)
        prefix += "".join(f"{step}__" for step in way)
        if hasattr(model, f"{name}_en"):  # a text that is kept in three languages
            texts = dict.fromkeys([f"{name}_{self._language}", f"{name}_en"])
            return "(" + " or ".join(self._column(prefix + text) for text in texts) + ")"
        if isinstance(getattr(model, name, None), property):
            raise _NoColumn(one)
        value = self._column(prefix + name)
        if isinstance(one, serializers.DateTimeField):
            return f"{self._function(_in_readers_zone)}({value})"
        return value

    def _column(self, path: str) -> str:
        if path not in self.columns:
            self.columns.append(path)
        return f"row[{self.columns.index(path)}]"

    def _function(self, function: Callable[[Context], Any]) -> str:
        if function not in self._functions:
            self._functions.append(function)
        return f"f{self._functions.index(function)}"


class _NoColumn(TypeError):
    """No column gives this field."""


# Fields that show a column as it is.
_PLAIN = (
    serializers.CharField, serializers.IntegerField, serializers.BooleanField,
    serializers.ChoiceField, serializers.DateField, serializers.DateTimeField,
    serializers.JSONField, serializers.ListField,
)  # fmt: skip


def rows_of(serializer: Any, names: Iterable[str] = ()) -> Rows:
    """How the serializer shows rows, in the reader's language; with names, those fields alone."""
    chosen = set(names)
    every = field_names(serializer)
    wanted = tuple(name for name in every if name in chosen) if chosen else every
    return _rows_of(serializer, wanted, (get_language() or settings.LANGUAGE_CODE)[:2])


@lru_cache(maxsize=500)  # what is asked with `fields` is up to callers: not without end
def _rows_of(serializer: Hashable, names: tuple[str, ...], language: str) -> Rows:
    return Rows(serializer, names, language)


@cache
def field_names(serializer: Hashable) -> tuple[str, ...]:
    """What can be asked for with `fields`, in the order in which it is shown."""
    return tuple(_fields(serializer))


@cache
def _fields(serializer: Any) -> dict[str, Any]:
    return dict(serializer().fields)


def _path(field: Any) -> str:
    return "__".join(field.source_attrs)


def _relation(model: type[Model], name: str) -> type[Model]:
    try:
        related = model._meta.get_field(name).related_model
    except FieldDoesNotExist:
        raise _NoColumn(name) from None
    if related is None or isinstance(related, str):
        raise _NoColumn(name)
    return related


def _flat(fields: Mapping[str, Any], way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, field in fields.items():
        if isinstance(field, serializers.Serializer):
            yield from _flat(field.fields, (*way, name))
        else:
            yield (*way, name)


def _same(value: Any) -> Any:
    return value


def _in_readers_zone(context: Context) -> Callable[[Any], Any]:
    """Times as the serializer's field has them: in the zone of the account; UTC for keys."""
    zone = timezone.get_current_timezone()
    if str(zone) == "UTC":
        return _same
    return lambda moment: moment and moment.astimezone(zone)
