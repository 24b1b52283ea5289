"""What an event changed, in words: each field with what stood there before and after."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import Event
from partners.desk_words import LANGUAGE_NAMES, Words, label_of
from partners.granting.kinds import DESK_ADDED, DESK_CHANGED
from partners.models import Agency, Mandate, Party, Role, Scope, User
from workflow.executor import tables
from workflow.inputs import Input

NOTHING = "–"
_PEOPLE = frozenset({"person", "held_by", "to", "user"})
_HOLDERS = frozenset({"mandate", "stands_in_for", "succeeds"})  # mandates, by who holds them
# What stands under these names is a list, also when it happens to have two entries.
_LISTS = frozenset({"scopes", "networks", "agencies", "mentions", "supporting", "open_files"})
_LABELS: dict[str, Words] = {
    "body": gettext_lazy("body"),
    "person": gettext_lazy("person"),
    "held_by": gettext_lazy("held by"),
    "to": gettext_lazy("successor"),
    "mandate": gettext_lazy("mandate"),
    "invitation": gettext_lazy("invitation"),
    "note": gettext_lazy("note"),
    "answer": gettext_lazy("answer"),
    "steps": gettext_lazy("steps"),
    "opened": gettext_lazy("steps"),
    "was": gettext_lazy("before"),
    "marks": gettext_lazy("assessment"),
    "files": gettext_lazy("files"),
    "file": gettext_lazy("file"),
    "despite": gettext_lazy("why all the same"),
    "withdraws": gettext_lazy("number of the event that is withdrawn"),
    "thread": gettext_lazy("conversation"),
    "letter": gettext_lazy("letter"),
    "replaced_by": gettext_lazy("replaced by"),
    "replaces": gettext_lazy("replaces"),
    "was_due_on": gettext_lazy("was due on"),
    "submitted_version": gettext_lazy("submitted version"),
    "text": gettext_lazy("text"),
    "mark": gettext_lazy("answer"),
}
_described: dict[str, type[models.Model]] = {}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True)
class Difference:
    """One field. `before` is empty where the event says only what was entered."""

    label: str
    before: str
    after: str


def tell_before(found: list[Difference]) -> bool:
    """Is there anything to read in the column of what stood there before?"""
    return any(one.before for one in found)


def differences(events: Iterable[Event]) -> dict[int, list[Difference]]:
    """By event id. A fixed number of queries for any number of events."""
    events = list(events)
    names = _Names(events)
    return {event.pk: list(_differences(event, names)) for event in events}


def describe(kind: str, model: type[models.Model]) -> None:
    """Events of that kind hold values of the columns of `model`, which is not their subject."""
    _described[kind] = model


def _differences(event: Event, names: "_Names") -> Iterator[Difference]:
    for name, value in event.changes.items():
        one = _difference(event, name, value, names)
        if (one.before, one.after) != ("", NOTHING):  # left empty when it was entered
            yield one


class _Names:
    """What codes and numbers in the log stand for, in the reader's language."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events

    @cached_property
    def bodies(self) -> dict[str, str]:
        bodies: list[Any] = [*Agency.objects.all(), *Party.objects.all()]
        return {body.code: body.name for body in bodies}

    @cached_property
    def people(self) -> dict[int, str]:
        found = User.objects.filter(pk__in=self._numbers(_PEOPLE))
        return dict(found.values_list("pk", "name"))

    @cached_property
    def holders(self) -> dict[int, str]:
        found = Mandate.objects.filter(pk__in=self._numbers(_HOLDERS))
        return dict(found.values_list("pk", "user__name"))

    def _numbers(self, under: frozenset[str]) -> set[int]:
        said = [pair for event in self._events for pair in event.changes.items()]
        return {value for name, value in said if name in under and isinstance(value, int)}


def _difference(event: Event, name: str, value: Any, names: _Names) -> Difference:
    one = _inputs_of(event.kind).get(name)
    field = _field_of(event, name)
    say: Callable[[Any], str] = lambda said: _in_words(name, said, one, field, names)  # noqa: E731
    label = capfirst(str(_label(name, one, field)))
    if _is_pair(event, name, value, one):
        return Difference(label, say(value[0]), say(value[1]))
    return Difference(label, "", say(value))


def _is_pair(event: Event, name: str, value: Any, one: Input | None) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    if name == "state" or event.kind in {DESK_ADDED, DESK_CHANGED}:
        return True
    if name in _LISTS:
        return all(isinstance(each, list) for each in value)  # a list before and one after
    return one is None


def _inputs_of(kind: str) -> dict[str, Input]:
    """What the action asked, under whose labels its words were typed."""
    name, _dot, action = kind.rpartition(".")
    table = next((one for one in tables() if one.name == name), None)
    transition = table.by_action.get(action) if table else None
    return {one.name: one for one in transition.inputs} if transition else {}


def _field_of(event: Event, name: str) -> Any:
    """The column or the related rows of that name, where the subject's model has them."""
    try:
        model = _described.get(event.kind) or apps.get_model(event.subject_type)
    except (LookupError, ValueError):  # a model of an earlier release
        return None
    related = {one.related_model._meta.model_name: one.related_model for one in _many(model)}
    if name in related:
        return related[name]
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _many(model: type[models.Model]) -> list[Any]:
    return [one for one in model._meta.related_objects if one.one_to_many]


def _label(name: str, one: Input | None, field: Any) -> Words:
    if one:
        return one.label
    if isinstance(field, type) and issubclass(field, models.Model):
        return str(field._meta.verbose_name_plural)
    known = _LABELS.get(name)
    if known:
        return known
    verbose: Words | None = getattr(field, "verbose_name", None)
    if verbose and str(verbose) != name.replace("_", " "):
        return verbose
    base, _underscore, language = name.rpartition("_")
    if base and language in LANGUAGE_NAMES:
        return f"{base.replace('_', ' ')}: {LANGUAGE_NAMES[language]}"
    return label_of(name) or verbose or name.replace("_", " ")


def _in_words(name: str, value: Any, one: Input | None, field: Any, names: _Names) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        parts = [
            f"{_label_in(key, one)}: {_in_words(key, said, None, None, names)}"
            for key, said in value.items()
        ]
        return "; ".join(parts)
    if isinstance(value, list):
        return "\n".join(_in_words(name, said, one, field, names) for said in value)
    if isinstance(value, int):
        if name in _PEOPLE:
            return names.people.get(value, str(value))
        return names.holders.get(value, str(value)) if name in _HOLDERS else str(value)
    return _code_in_words(name, str(value), one, field, names)


def _label_in(key: str, one: Input | None) -> str:
    choices = dict(one.subjects(None)) if one and one.subjects and _asks_nobody(one) else {}
    return str(choices.get(key) or _LABELS.get(key) or key.replace("_", " "))


def _asks_nobody(one: Input) -> bool:
    """Subjects that follow from the object itself cannot be had from the log."""
    try:
        return bool(one.subjects and one.subjects(None))
    except AttributeError:
        return False


def _code_in_words(name: str, value: str, one: Input | None, field: Any, names: _Names) -> str:
    choices: dict[Any, Any] = dict(getattr(field, "flatchoices", None) or [])
    if one and one.choices:
        choices |= dict(one.choices)
    if name == "scopes":
        choices |= dict(Scope.choices)
    if name == "role":
        choices |= dict(Role.choices)
    if value in choices:
        return str(choices[value])
    moment = _moment(value)
    if moment:
        return moment
    is_code = value.isupper() and 2 <= len(value) <= 10 and name not in {"code", "iso2"}
    return names.bodies.get(value, value) if is_code else value


def _moment(value: str) -> str:
    """A date or a moment as people write it; empty for any other text."""
    if not _MOMENT.fullmatch(value):
        return ""
    try:
        found: date | datetime | None = parse_date(value) or parse_datetime(value)
    except ValueError:
        return ""
    if isinstance(found, datetime):
        return f"{date_format(found, 'DATETIME_FORMAT')} UTC"
    return date_format(found, "DATE_FORMAT") if found else ""
