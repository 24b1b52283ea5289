"""States stay as the executor left them: no other way of saving a row reaches them.

Two locks, each for what the other cannot see. The fields judge every value on its way into an
UPDATE or an INSERT: of `save`, of any queryset, of a fixture, of bulk methods. The queryset
refuses early, and alone sees an upsert, which names columns and no values.

Creating is not changing: a row can be made in a state in which its kind `begins`. SQL typed by
hand is not stopped here: a database account for people should only read.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)

_may_write: ContextVar[frozenset[str]] = ContextVar("fields open now", default=frozenset())


class StateIsProtected(RuntimeError):
    """A state was about to change outside the workflow. Use `workflow.executor.perform`."""

    def __init__(self, names: Collection[str] = ()) -> None:
        super().__init__(
            f"Only workflow.executor.perform writes {', '.join(sorted(names))}: to save other "
            "fields of the row, name them in update_fields."
        )


@contextmanager
def may_write(*names: str) -> Iterator[None]:
    """Open the protected fields of those names, for the few lines that store what was decided."""
    token = _may_write.set(frozenset(names))
    try:
        yield
    finally:
        _may_write.reset(token)


# ── fields ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Begun:
    """The value with which a row is made, on its way from `pre_save` to the database."""

    value: Any


class _Protected:
    """A field whose stored value changes only inside `may_write`."""

    name: str
    begins: frozenset[Any] | None  # none: a row is made with any value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)  # type: ignore[misc]  # of the field
        # JSON cannot be hashed
        begins = add and (self.begins is None or any(value == one for one in self.begins))
        return _Begun(value) if begins else value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, _Begun):
            value = value.value
        elif self.name not in _may_write.get():
            raise StateIsProtected({self.name})
        return super().get_db_prep_save(value, connection)  # type: ignore[misc]  # of the field


class StateField(_Protected, models.CharField):
    """Where a row stands. `begins`: the states in which one can be made, else the default."""

    def __init__(self, *args: Any, begins: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, **kwargs})
        self.begins = frozenset(begins or {self.default})

    def deconstruct(self) -> Any:
        """For the database, and so for migrations, a column of text as any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class VersionField(_Protected, models.PositiveIntegerField):
    """How often a row has changed: pages and tokens say which one they saw."""

    begins = frozenset({0})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": 0, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs


class FlagField(_Protected, models.BooleanField):
    """A yes or no that an action decides; a row is made with no."""

    begins = frozenset({False})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": False, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BooleanField", args, kwargs


F = TypeVar("F", bound=models.Field)


def kept(field: type[F], *, from_the_start: bool = True) -> type[F]:
    """The same field for rows that no other way makes or alters than an action: written inside
    `may_write` alone, also when the row is new, unless it is not kept `from_the_start`."""

    def deconstruct(self: Any) -> Any:
        name, _path, args, kwargs = field.deconstruct(self)
        return name, f"django.db.models.{field.__name__}", args, kwargs

    said: dict[str, Any] = {
        "begins": frozenset() if from_the_start else None,
        "deconstruct": deconstruct,
    }
    return type(f"Kept{field.__name__}", (_Protected, field), said)


def guarded(model: type[models.Model]) -> list[str]:
    """The names of a model's fields that only the executor may change."""
    return [one.name for one in model._meta.concrete_fields if isinstance(one, _Protected)]


# batch_size and ignore_conflicts
_ARGUMENTS_BEFORE_AN_UPSERT = 2


# ── querysets ────────────────────────────────────────────────────────────────────────────────


class StatefulQuerySet(models.QuerySet[M], Generic[M]):
    """A queryset whose bulk methods refuse to touch what only the executor may change."""

    protected = frozenset({"state", "version"})

    def update(self, **kwargs: Any) -> int:
        self._refuse(kwargs)
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        fields = list(fields)
        self._refuse(fields)
        return super().bulk_update(objs, fields, *args, **kwargs)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        """`update_fields` only by its name: what an upsert would change is read here."""
        if len(args) > _ARGUMENTS_BEFORE_AN_UPSERT:
            raise TypeError("bulk_create: name the arguments of an upsert")
        self._refuse(kwargs.get("update_fields") or ())
        return super().bulk_create(objs, *args, **kwargs)

    def _refuse(self, names: Collection[str]) -> None:
        closed = self.protected & set(names)
        if closed:
            raise StateIsProtected(closed)
