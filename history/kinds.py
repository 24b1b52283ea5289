"""Kinds of event: registered strings, so that a new one needs no migration."""

from django.utils.functional import Promise

_kinds: dict[str, "str | Promise"] = {}


def register(kind: str, label: "str | Promise") -> None:
    """Make `kind` known; `label` is what people read. Called from an app's ready()."""
    _kinds[kind] = label


def label(kind: str) -> str:
    """The words for `kind` in the reader's language, or the kind itself when nobody knows it."""
    return str(_kinds.get(kind, kind))


def is_known(kind: str) -> bool:
    return kind in _kinds


def all_kinds() -> list[str]:
    return sorted(_kinds)
