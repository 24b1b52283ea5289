"""What an action asks of the person who does it: declared once, built into forms and API."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow import characters

Words = str | Promise


class Kind(StrEnum):
    TEXT = "text"  # several lines
    LINE = "line"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    ONE_OF = "one_of"  # one row of `rows`
    SOME_OF = "some_of"  # rows of `rows`
    FILE = "file"
    CONFIRM = "confirm"  # a box to tick; nothing but a tick will do
    NOTES = "notes"  # a text by key of `subjects`, for as many of them as one likes
    MARKS = "marks"  # one of `choices`, and perhaps a text, by key of `subjects`
    WORDS = "words"  # a list of words, none of them with a space in it


def convention_began() -> date:
    """CITES entered into force on that day: no date in the portal lies before it."""
    return date(1975, 7, 1)


def in_twenty_years() -> date:
    return timezone.localdate() + timedelta(days=20 * 365)


def is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, QuerySet | list | tuple | dict):
        return not value
    return value is None


def _texts_in(value: Any) -> Iterator[str]:
    """All that was typed, however deep it lies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)


def no_such_field(names: Sequence[str]) -> str:
    """What is said of an answer to nothing that was asked; `names` are what was."""
    if not names:
        return _("This action has no such field: it takes none.")
    return _("This action has no such field. It has: %(fields)s.") % {"fields": ", ".join(names)}


@dataclass(frozen=True, kw_only=True)
class Input:
    """One thing to fill in.

    `rows` (for ONE_OF, SOME_OF) takes the object the action is about and gives the rows that
    may be chosen; `key` is the field by which the API names a row. `subjects` (for NOTES, MARKS)
    takes it too and gives pairs of key and label. `earliest` and `latest` are for DATE.

    MARKS gives {key: {"mark": one of `choices`, "text": what was typed}} for the marked ones;
    without `has_text` there is nothing to type. `filled_by` names another input, a ONE_OF whose
    rows know `text_for(obj)`: on a page it can be had as the text to begin with.
    """

    name: str
    label: Words
    kind: Kind = Kind.TEXT
    hint: Words = ""
    required: bool = True
    max_length: int = 4000
    choices: Sequence[tuple[str, Words]] = ()
    rows: Callable[[Any], "QuerySet[Any]"] | None = None
    key: str = "pk"
    subjects: Callable[[Any], Sequence[tuple[str, Words]]] | None = None
    earliest: Callable[[], date] = convention_began
    latest: Callable[[], date] = in_twenty_years
    judge: Callable[[Any], object] | None = None
    initial: Callable[[Any], Any] | None = None
    has_text: bool = True
    filled_by: str = ""

    def _not_text(self, value: Any) -> str:
        texts = list(_texts_in(value))
        if self.kind == Kind.LINE and any("\n" in text or "\r" in text for text in texts):
            return _("Write this in one line.")
        return next(filter(None, map(characters.problem_with, texts)), "")

    def problem_with(self, value: Any) -> str:
        """What is wrong with a value of the right type, as a sentence; empty when nothing is."""
        if self.kind == Kind.CONFIRM:
            return "" if value is True else _("Tick the box to confirm this.")
        if is_blank(value):
            return _("This needs an answer.") if self.required else ""
        if problem := self._not_text(value):
            return problem
        longest = max((len(text) for text in _texts_in(value)), default=0)
        if longest > self.max_length:
            return _("Use at most %(limit)d characters (now %(length)d).") % {
                "limit": self.max_length,
                "length": longest,
            }
        if self.kind == Kind.DATE and not self.earliest() <= value <= self.latest():
            return _("Give a date between %(first)s and %(last)s.") % {
                "first": date_format(self.earliest()),
                "last": date_format(self.latest()),
            }
        if self.judge:
            try:
                self.judge(value)
            except ValidationError as unfit:
                return " ".join(unfit.messages)
        return ""
