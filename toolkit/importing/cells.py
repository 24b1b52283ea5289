"""What makes a value of the text of a cell: for the columns of several tables."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

_YES = frozenset({"yes", "y", "true", "1", "oui", "sí", "si"})
_NO = frozenset({"no", "n", "false", "0", "non"})


def one_of(choices: Iterable[tuple[Any, Any]]) -> Callable[[str], str]:
    """The key of a choice, by the key or by its English words, whatever the case. Raises
    ValueError with those that are known."""
    with override("en"):
        words = {str(key): str(label) for key, label in choices if key}
    keys = {text.casefold(): key for key, label in words.items() for text in (key, label)}

    def parse(text: str) -> str:
        key = keys.get(" ".join(text.split()).casefold())
        if key is None:
            known = ", ".join(words)
            raise ValueError(_("This is not known here. Known are: %(names)s.") % {"names": known})
        return key

    return parse


def yes_or_no(text: str) -> bool:
    said = text.casefold()
    if said not in _YES | _NO:
        raise ValueError(_("Write yes or no."))
    return said in _YES


def at_most(length: int) -> Callable[[str], str]:
    """A text of up to so many characters."""

    def parse(text: str) -> str:
        if len(text) > length:
            sentence = _("This text has %(count)d characters; %(most)d is the most.")
            raise ValueError(sentence % {"count": len(text), "most": length})
        return text

    return parse
