"""What a caller of the API may do now, told so that a program can do it: the address of each
action and the JSON Schema (2020-12) of its body, both from the transition's declaration."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from rest_framework import serializers

from workflow.inputs import Input, Kind
from workflow.transitions import Transition

_MOST_ROWS = 50  # of one list, as the serializers take it
Schema = dict[str, Any]


class OfferSerializer(serializers.Serializer[Any]):
    """One action that you may do now."""

    action = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # also a Field's attribute
        help_text="in the reader's language"
    )
    url = serializers.URLField(help_text="where to POST it")
    input = serializers.DictField(help_text="JSON Schema of the body")


def offers(actions: Iterable[Transition], obj: Any, address: str) -> list[dict[str, Any]]:
    """The actions with what each asks for, of the object at this (absolute) address.

    Give what `allowed_actions` says of this caller. Rows that may be chosen are named by their
    keys, all of them read in one query.
    """
    actions, language = list(actions), get_language()
    rows = _Rows(obj, [one for action in actions for one in action.inputs])
    return [
        {
            "action": action.action,
            "label": str(action.label),
            "url": f"{address}actions/{action.action}/",
            "input": _fixed(action, language) or _body(action, rows),
        }
        for action in actions
    ]


@lru_cache(maxsize=1000)
def _fixed(action: Transition, language: str | None) -> Schema | None:
    """What is asked of everybody alike: where no rows may be chosen, the words of the language are
    all that differs. Not to be changed by whoever gets it."""
    if any(one.rows for one in action.inputs):
        return None
    return _body(action, _Rows(None, ()))


def _body(action: Transition, rows: "_Rows") -> Schema:
    return {
        "type": "object",
        "properties": {one.name: _schema(one, rows) for one in action.inputs},
        "required": [one.name for one in action.inputs if one.required],
        "additionalProperties": False,
    }


def _schema(one: Input, rows: "_Rows") -> Schema:
    said: Schema = {"title": str(one.label)}
    if one.hint:
        said["description"] = str(one.hint)
    return said | _shape(one, rows)


def _shape(one: Input, rows: "_Rows") -> Schema:
    match one.kind:
        case Kind.DATE:
            return {"type": "string", "format": "date"}
        case Kind.YES_NO:
            return {"type": "boolean"}
        case Kind.CONFIRM:
            return {"type": "boolean", "const": True}
        case Kind.CHOICE:
            return {"type": "string", "enum": _keys(one.choices)}
        case Kind.ONE_OF:
            return {"type": "string", "enum": rows.keys(one)}
        case Kind.SOME_OF:
            return _list(one, {"type": "string", "enum": rows.keys(one)})
        case "words":
            return _list(one, {"type": "string", "maxLength": one.max_length})
        case Kind.NOTES:
            return _by_key(_text(one))
        case Kind.MARKS:
            return _by_key(_mark(one))
        case Kind.FILE:
            return {"type": "string", "format": "binary"}
    return _text(one) | ({"minLength": 1} if one.required else {})


def _text(one: Input) -> Schema:
    return {"type": "string", "maxLength": one.max_length}


def _list(one: Input, item: Schema) -> Schema:
    fewest = {"minItems": 1} if one.required else {}
    return {"type": "array", "items": item, "maxItems": _MOST_ROWS, **fewest}


def _mark(one: Input) -> Schema:
    mark = {"mark": {"type": "string", "enum": _keys(one.choices)}}
    return {"type": "object", "properties": mark | {"text": _text(one)}, "required": ["mark"]}


def _by_key(each: Schema) -> Schema:
    """The keys are not counted up: that is a query for every such input, and whoever sends a
    wrong one is told which there are."""
    return {"type": "object", "additionalProperties": each}


def _keys(choices: Iterable[tuple[str, Any]]) -> list[str]:
    return [key for key, _label in choices]


class _Rows:
    """The keys of the rows that may be chosen, for all inputs of all actions in one query."""

    def __init__(self, obj: Any, inputs: Iterable[Input]) -> None:
        self._places: dict[Any, int] = {}
        parts: list[QuerySet[Any, Any]] = []
        for one in inputs:
            if one.rows and (one.rows, one.key) not in self._places:
                place = self._places[one.rows, one.key] = len(parts)
                parts.append(self._part(place, one.rows(obj), one.key))
        self._found: list[list[str]] = [[] for _part in parts]
        if parts:
            for place, key in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
                self._found[place].append(key)

    def _part(self, place: int, rows: "QuerySet[Any]", key: str) -> "QuerySet[Any, Any]":
        return rows.order_by().values_list(Value(place), Cast(key, CharField()))

    def keys(self, one: Input) -> list[str]:
        return sorted(self._found[self._places[one.rows, one.key]])
