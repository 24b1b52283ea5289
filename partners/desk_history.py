"""What is changed in the forms of the desk goes into the history, with what stood there before.

Actions of the workflow and of `granting` write their own events; this is for the rest: Parties,
agencies, the catalogue, the calendar.
"""

from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest

from history.log import record
from partners.access import snapshot
from partners.granting.kinds import DESK_ADDED, DESK_CHANGED, DESK_REMOVED
from workflow.guard import guarded


class KeepsHistory:
    """For a ModelAdmin: one event for what a form changed, in the transaction of the change."""

    recorded_elsewhere: tuple[str, ...] = ()  # fields whose change has an event of its own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # A row that is not kept here leaves no `desk_before`, and save_related then says nothing.
        form.desk_before = self._locked_row(obj) if change else {}
        closed = guarded(type(obj))
        if change and closed:  # its state and version are for the executor alone
            obj.save(update_fields=_columns_but(type(obj), closed))
        else:
            super().save_model(request, obj, form, change)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        lists = lists_of(form.instance, formsets) if change else {}
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        before = getattr(form, "desk_before", None)
        if before is None:
            return
        obj = type(form.instance)._base_manager.get(pk=form.instance.pk)
        after = columns_of(obj) | lists_of(obj, formsets)
        self._record(request, obj, before | lists, after, change)

    def _locked_row(self, obj: Any) -> dict[str, Any]:
        rows = type(obj)._base_manager.select_for_update(no_key=True)
        return columns_of(rows.get(pk=obj.pk))

    def _record(
        self, request: HttpRequest, obj: Any, before: Any, after: dict[str, Any], change: bool
    ) -> None:
        left_out = self.recorded_elsewhere if change else ()
        kept = {name: value for name, value in after.items() if name not in left_out}
        keep(DESK_CHANGED if change else DESK_ADDED, obj, request.user, before, kept)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        pk, before = obj.pk, self._locked_row(obj)
        super().delete_model(request, obj)  # type: ignore[misc]
        obj.pk = pk  # Django takes it away; history knows the row by it
        self.after_deleting(request, obj)
        keep(DESK_REMOVED, obj, request.user, before, dict.fromkeys(before))

    def after_deleting(self, request: HttpRequest, obj: Any) -> None:
        """What follows from it; before the event, whose writers wait for each other."""


def keep(kind: str, obj: Any, actor: Any, before: Any, after: dict[str, Any]) -> None:
    """One event for what differs between the stored values before and after; none when nothing
    does. Call last in the transaction of the change: see history.log."""
    changes = {
        name: [before.get(name), value]
        for name, value in after.items()
        if (before.get(name) or None) != (value or None)
    }
    if changes:
        record(obj, kind, by=snapshot(actor, None), changes=changes)


# Set by the machinery, or not to be kept in a record that many read.
_NOT_KEPT = frozenset(
    {
        "id", "password", "last_login", "updated_at", "edited_at", "date_joined", "version",
        "search_text",
    }
)  # fmt: skip


def _columns_but(model: type[models.Model], closed: list[str]) -> list[str]:
    return [
        one.name
        for one in model._meta.concrete_fields
        if not (one.primary_key or one.generated or one.name in closed)
    ]


def columns_of(obj: models.Model) -> dict[str, Any]:
    """The stored values of a row, related rows by the name that history knows them by."""
    return {
        field.name: _value(obj, field)
        for field in obj._meta.concrete_fields
        if field.name not in _NOT_KEPT
    }


def lists_of(obj: models.Model, formsets: Any) -> dict[str, Any]:
    """Related rows that a form changes with the row: those chosen, and those on its page."""
    chosen = {
        field.name: sorted(str(key_of(one)) for one in getattr(obj, field.name).all())
        for field in obj._meta.many_to_many
        if _is_chosen(field)
    }
    return chosen | {
        str(formset.model._meta.model_name): rows_of(obj, formset)
        for formset in formsets
        if formset.has_changed()
    }


def _is_chosen(field: Any) -> bool:
    """Of a relation with columns of its own the rows stand on the page."""
    return bool(field.remote_field.through._meta.auto_created)


def rows_of(obj: models.Model, formset: Any) -> list[str]:
    """Each row in one line, with all that it says."""
    rows = formset.model._base_manager.filter(**{formset.fk.name: obj.pk})
    rows = rows.select_related(*relations_of(formset.model)).order_by("pk")
    return [
        " · ".join(
            str(said)
            for name, said in columns_of(row).items()
            if name != formset.fk.name and said not in (None, "")
        )
        for row in rows
    ]


def relations_of(model: type[models.Model]) -> list[str]:
    """The columns that lead to other rows."""
    return [one.name for one in model._meta.concrete_fields if one.is_relation]


def key_of(row: Any) -> Any:
    """A code or key, which says the same in every language and after every change of name."""
    return getattr(row, "code", None) or getattr(row, "key", None) or row.pk


def _value(obj: models.Model, field: Any) -> Any:
    if field.is_relation:
        related = getattr(obj, field.name)
        return related and key_of(related)
    value = field.value_from_object(obj)
    return value.name if isinstance(value, FieldFile) else value
