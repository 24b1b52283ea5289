"""Two people at one form of the desk: neither overwrites what they have not seen.

Each page carries a fingerprint of every field and of each list of rows, as they were stored when
it was shown. What a colleague changed meanwhile and the writer left alone stays as the colleague
left it. What both changed comes back with both texts; sent once more, the writer's own is stored.
A form sent without fingerprints (by a script) is judged by nobody.
"""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import blake2s
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from history.models import Event
from partners.desk_history import rows_of
from partners.history_page import name_of_actor

SEEN = "seen"  # the hidden field
LONGEST_SHOWN = 400  # characters of a colleague's text


def mark_of(value: Any) -> str:
    """A short fingerprint, the same for a value as it is stored and as a form reads it."""
    return blake2s(_plain(value).encode(), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")  # no negative nought
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Iterable) and not hasattr(value, "name"):  # a file is one thing
        return "\n".join(sorted(map(_plain, value)))
    return str(value)


def _read(typed: str) -> dict[str, str]:
    """The marks of a page; none of what is not ours."""
    try:
        found = json.loads(typed)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _who_changed(obj: models.Model) -> str:
    event = Event.objects.about(obj).order_by("-pk").first()
    return name_of_actor(event) if event else ""


def _stored(obj: models.Model, name: str) -> Any:
    field: Any = obj._meta.get_field(name)
    return field.value_from_object(obj)


class SeenForm(forms.ModelForm):
    """The form of a record that another may have changed since its page was shown."""

    desk_seen: dict[str, str] = {}  # as the page had it; afterwards as the next page has it

    def _meanwhile(self) -> list[str]:
        """Fields whose stored value is not the one the page was shown with."""
        columns = [
            name for name in self.fields if name in self.desk_seen and name in _columns(self)
        ]
        return [
            name
            for name in columns
            if mark_of(_stored(self.instance, name)) != self.desk_seen[name]
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.instance.pk:
            return said
        for name in self._meanwhile():
            stored = _stored(self.instance, name)
            mine = mark_of(said[name]) if name in said else None
            if mine == self.desk_seen[name]:
                said[name] = self._as_cleaned(name, stored)
            elif mine != mark_of(stored):
                self.add_error(name, self._both(name, stored))
                self.desk_seen = {**self.desk_seen, name: mark_of(stored)}
        return said

    def _as_cleaned(self, name: str, stored: Any) -> Any:
        field = self.instance._meta.get_field(name)
        return getattr(self.instance, name) if field.many_to_one else stored

    def _both(self, name: str, stored: Any) -> str:
        sentence = _(
            "%(who)s changed this while you had the page open. It is now: “%(theirs)s”. What you "
            "entered stands here and is not stored yet: save again to put it in its place."
        )
        theirs = self._shown(name, stored)
        return sentence % {"who": _who_changed(self.instance), "theirs": theirs[:LONGEST_SHOWN]}

    def _shown(self, name: str, stored: Any) -> str:
        field = self.instance._meta.get_field(name)
        if field.many_to_many:
            return ", ".join(map(str, stored))
        if field.many_to_one:
            return str(getattr(self.instance, name) or "")
        choices = dict(getattr(field, "flatchoices", None) or [])
        return str(choices.get(stored, "" if stored is None else stored))


def _columns(form: forms.ModelForm) -> set[str]:
    meta = form.instance._meta
    return {one.name for one in (*meta.concrete_fields, *meta.many_to_many)}


class SeenFormSet(forms.BaseInlineFormSet):
    """The rows on a record's page, which another may have changed, added to or removed."""

    desk_seen: dict[str, str] = {}

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        setattr(form.instance, self.fk.name, self.instance)  # at hand, for its name
        return form

    def clean(self) -> None:
        super().clean()
        name = rows_name(self)
        if name not in self.desk_seen or not self.has_changed():
            return
        stored = rows_of(self.instance, self)
        if mark_of(stored) == self.desk_seen[name]:
            return
        self.desk_seen[name] = mark_of(stored)
        sentence = _(
            "%(who)s changed this list while you had the page open. It is now: %(rows)s. Your rows "
            "stand here and are not stored yet: open the page anew to go on from the list as it "
            "is, or save again to put yours in its place."
        )
        rows = "; ".join(stored)[:LONGEST_SHOWN] or "–"
        raise ValidationError(
            sentence % {"who": _who_changed(self.instance), "rows": rows}, code="meanwhile"
        )


def rows_name(formset: Any) -> str:
    return f"rows:{formset.model._meta.model_name}"


class SeesWhatIsNew:
    """For a DeskAdmin: its page carries the marks, its forms and lists of rows judge them. Lists
    of rows that are no SeenFormSet are left alone."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        obj = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if obj is not None and request.method == "POST":
            # Held until the form is stored: what is judged below cannot change any more.
            rows = type(obj)._base_manager.select_for_update(no_key=True)
            obj = rows.get(pk=obj.pk)
        return obj

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        made = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        bases = (made,) if issubclass(made, SeenForm) else (SeenForm, made)
        return type(made.__name__, bases, {"desk_seen": _read(request.POST.get(SEEN, ""))})

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        seen = _read(request.POST.get(SEEN, ""))
        for formset, inline in super().get_formsets_with_inlines(request, obj):  # type: ignore[misc]
            if issubclass(formset, SeenFormSet):
                formset.desk_seen = dict(seen)
            yield formset, inline

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj and kwargs.get("change"):
            context[SEEN] = self._marks(request, context, obj)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def _marks(self, request: HttpRequest, context: Any, obj: Any) -> str:
        """Of a page that is shown again, the marks it came with: what was left alone is still
        left alone. What the writer has been told of meanwhile has its new mark."""
        form = context["adminform"].form
        lists = [
            inline.formset
            for inline in context["inline_admin_formsets"]
            if isinstance(inline.formset, SeenFormSet)
        ]
        if request.method == "POST":
            marks = dict(form.desk_seen)
            for one in lists:
                name = rows_name(one)
                marks |= {name: one.desk_seen[name]} if name in one.desk_seen else {}
        else:
            columns = [name for name in form.fields if name in _columns(form)]
            marks = {name: mark_of(_stored(obj, name)) for name in columns}
            marks |= {rows_name(one): mark_of(rows_of(obj, one)) for one in lists}
        return json.dumps(marks, separators=(",", ":"))
