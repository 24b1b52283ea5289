"""The API's reading of what an action asks for: one serializer field per declared input."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from workflow.inputs import Input, Kind, no_such_field
from workflow.transitions import Transition

_AT_MOST_SHOWN = 20


class TextField(serializers.CharField):
    """A text, and nothing that could be turned into one: 5 is not “5”."""

    default_error_messages = {"invalid": gettext_lazy("Not a text. Put it in quotation marks.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesOrNoField(serializers.BooleanField):
    """true or false, and no word or number for it."""

    default_error_messages = {
        "invalid": gettext_lazy("Not true or false (without quotation marks).")
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WordField(serializers.ChoiceField):
    """One of the words that its input declares."""

    default_error_messages = {
        "invalid_choice": gettext_lazy(
            "“%(value)s” cannot be chosen here. You can choose: %(rows)s."
        ),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and (data in self.choices or (not data and self.allow_blank)):
            return super().to_internal_value(data)
        said = {"value": printable(data), "rows": ", ".join(map(str, self.choices))}
        sentence = self.error_messages["invalid_choice"] % said
        raise serializers.ValidationError(sentence, code="invalid_choice")


class RowField(TextField):
    """Names one row by the key its input declares; becomes that row."""

    default_error_messages = {
        "unknown": gettext_lazy("“%(value)s” cannot be chosen here. You can choose: %(rows)s."),
    }

    def __init__(self, one: Input, **kwargs: Any) -> None:
        self.one = one
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        key = super().to_internal_value(data)
        assert self.one.rows  # noqa: S101 - an input of this kind always declares them
        rows = {str(getattr(row, self.one.key)): row for row in self.one.rows(self._object())}
        if key not in rows:
            shown = ", ".join(list(rows)[:_AT_MOST_SHOWN])
            sentence = self.error_messages["unknown"] % {"value": printable(key), "rows": shown}
            raise serializers.ValidationError(sentence, code="unknown")
        return rows[key]

    def _object(self) -> Any:
        return self.context["object"]


class RowsField(serializers.ListField):
    """Names several rows; each counts once, however often it is named."""

    def to_internal_value(self, data: Any) -> Any:
        return list(dict.fromkeys(super().to_internal_value(data)))


class NotesDictField(serializers.DictField):
    """Texts by the keys that its input declares for the object."""

    default_error_messages = {
        "unknown": gettext_lazy("“%(value)s” cannot be chosen here. You can choose: %(rows)s."),
    }

    def __init__(self, one: Input, **kwargs: Any) -> None:
        self.one = one
        super().__init__(child=TextField(trim_whitespace=True), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        texts = super().to_internal_value(data)
        subjects = self.one.subjects(self.context["object"]) if self.one.subjects else []
        known = [key for key, _label in subjects]
        for key in texts:
            if key not in known:
                shown = ", ".join(known[:_AT_MOST_SHOWN])
                sentence = self.error_messages["unknown"] % {
                    "value": printable(key),
                    "rows": shown,
                }
                raise serializers.ValidationError(sentence, code="unknown")
        return {key: text for key, text in texts.items() if text}


class MarkSerializer(serializers.Serializer[Any]):
    """One of the choices, and why."""

    mark = TextField()
    text = TextField(required=False, allow_blank=True, default="")


class MarksDictField(NotesDictField):
    """Marks by the keys that its input declares for the object."""

    def __init__(self, one: Input, **kwargs: Any) -> None:
        super().__init__(one, **kwargs)
        self.child = MarkSerializer()
        self.child.fields["mark"] = WordField(choices=list(one.choices))


class ActionSerializer(serializers.Serializer[Any]):
    """The body of one action. Refuses fields that the action does not have."""

    def to_internal_value(self, data: Any) -> Any:
        problems: dict[str, Any] = {}
        values: Any = {}
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            sentence = no_such_field(list(self.fields))
            problems = {printable(name): [sentence] for name in unknown[:_AT_MOST_SHOWN]}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refused:
            said: Any = refused.detail
            raise serializers.ValidationError({**problems, **said}) from None
        if problems:
            raise serializers.ValidationError(problems)
        return values


def printable(name: object) -> str:
    """A name from outside as it can stand in an answer: short, and surely UTF-8."""
    return str(name)[:60].encode("utf-8", "replace").decode()


@cache
def action_serializer(transition: Transition, name: str) -> type[ActionSerializer]:
    """The serializer class of an action's body; `name` is what the schema calls it.

    Give the object the action is about as context "object".
    """
    fields: dict[str, Any] = {one.name: _field(one) for one in transition.inputs}
    return type(name, (ActionSerializer,), fields)


def _field(one: Input) -> serializers.Field[Any, Any, Any, Any]:
    common: dict[str, Any] = {
        "required": one.required,
        "label": one.label,
        "help_text": one.hint or one.label,
    }
    if one.judge and one.kind in {Kind.LINE, Kind.WORDS}:
        common["validators"] = [one.judge]  # with the rest: all that does not do is said at once
    match one.kind:
        case Kind.DATE:
            return serializers.DateField(**common)
        case Kind.CONFIRM:
            return YesOrNoField(**common)
        case Kind.NOTES:
            return NotesDictField(one, **common)
        case Kind.MARKS:
            return MarksDictField(one, **common)
        case Kind.YES_NO:
            return YesOrNoField(**common)
        case Kind.CHOICE:
            return WordField(choices=list(one.choices), **common)
        case Kind.ONE_OF:
            return RowField(one, **common)
        case Kind.SOME_OF:
            return RowsField(
                child=RowField(one), allow_empty=not one.required, max_length=50, **common
            )
        case Kind.WORDS:
            word = TextField(max_length=one.max_length)
            return serializers.ListField(
                child=word, allow_empty=not one.required, max_length=50, **common
            )
        case Kind.FILE:
            # An empty file gets the sentence of `Input.judge`, like every other unfit file.
            return serializers.FileField(allow_empty_file=True, **common)
    return TextField(allow_blank=not one.required, max_length=one.max_length, **common)
