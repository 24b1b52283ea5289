"""Words as they are searched: no accents, case or punctuation, and a blank before each."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from partners.models.bodies import plain_spelling

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})  # one letter in Unicode


def folded(text: str) -> str:
    """ " officers met in cote d ivoire ": a blank at both ends, so that a search for " met" finds
    the beginnings of words, and " met " whole ones. Nothing for a text without a letter."""
    plain = plain_spelling(text.translate(_LIGATURES))
    return f" {plain} " if plain else ""


class Folded(models.TextField):
    """The words of other columns of the same row, folded for searching.

    Written by itself with every `save` and bulk insert, as `auto_now` is, and so like it missed by
    `update()`, and by `update_fields` that do not name it. Never read by people.
    """

    def __init__(self, *columns: str, **kwargs: Any) -> None:
        super().__init__(**{"blank": True, "default": "", "editable": False, **kwargs})
        self.columns = columns

    def deconstruct(self) -> Any:
        """For the database, and so for migrations, a column of text as any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clone(self) -> "Folded":
        return type(self)(*self.columns, **super().deconstruct()[3])

    def words_of(self, row: models.Model) -> str:
        """What the column should hold: the words of the first column, which is the title, a new
        line, the words of the others. The columns are those named, or on a row that has
        `searched`, those; a name that ends in "_" means it in every language."""
        title, *others = self.columns or row.searched  # type: ignore[attr-defined]
        return f"{_words(row, [title])}\n{_words(row, others)}"

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = self.words_of(model_instance)
        setattr(model_instance, self.attname, words)
        return words


def _words(row: models.Model, names: Iterable[str]) -> str:
    columns = (column for name in names for column in _in_languages(name))
    return folded(" ".join(str(getattr(row, column) or "") for column in columns))


def _in_languages(name: str) -> tuple[str, ...]:
    return tuple(f"{name}{code}" for code in ("en", "fr", "es")) if name.endswith("_") else (name,)
