"""What a question is, what an answer to it looks like, and when an answer is malformed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow import characters
from workflow.inputs import convention_began, in_twenty_years

Words = str | Promise
Answers = Mapping[str, Any]


class Shape(StrEnum):
    """How an answer is given and kept: a string as it was typed, or, for SOME_OF, a list."""

    TEXT = "text"
    LINE = "line"
    DATE = "date"
    EMAIL = "email"
    NUMBER = "number"
    CHOICE = "choice"
    SOME_OF = "some_of"


def _never(answers: Answers) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `free_text` ones carry the warning about operational information.

    `needed_if` makes an optional question required by what else was answered. `latest` bounds a
    date; none lies before CITES entered into force.
    """

    key: str
    label: Words
    hint: Words = ""
    shape: Shape = Shape.TEXT
    required: bool = True
    needed_if: Callable[[Answers], bool] = _never
    max_length: int = 4000
    choices: Sequence[tuple[str, Words]] = ()
    latest: Callable[[], date] = in_twenty_years
    most: int = 100_000  # for NUMBER

    @property
    def free_text(self) -> bool:
        return self.shape == Shape.TEXT

    @property
    def anchor(self) -> str:
        """Of its field on the page of its step; the first of its boxes, if it has several."""
        return f"id_{self.key}" + ("_0" if self.choices else "")

    def is_required(self, answers: Answers) -> bool:
        return self.required or self.needed_if(answers)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the form: one subject. `key` stands in its address."""

    key: str
    heading: Words  # a question, where it can be one
    title: Words  # in lists: two or three words
    hint: Words = ""
    questions: tuple[Question, ...]


def kept(question: Question, typed: Any) -> Any:
    """An answer as it is stored: what was typed, without blanks around it."""
    if question.shape == Shape.SOME_OF:
        chosen = [str(one) for one in typed or []]
        known = [key for key, _words in question.choices if key in chosen]
        return known + [key for key in dict.fromkeys(chosen) if key not in known]
    return str(typed or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def problem_with(question: Question, answer: Any) -> str:
    """What is malformed about a stored answer, as a sentence; empty when nothing is.

    An empty answer is never malformed: what is missing, only a submission refuses.
    """
    if not answer:
        return ""
    if isinstance(answer, str) and len(answer) > question.max_length:
        return _("Use at most %(limit)d characters (now %(length)d).") % {
            "limit": question.max_length,
            "length": len(answer),
        }
    if isinstance(answer, str) and (unfit := characters.problem_with(answer)):
        return unfit
    judge = _JUDGES.get(question.shape)
    return judge(question, answer) if judge else ""


def _judge_date(question: Question, answer: str) -> str:
    day = day_of(answer)
    if day is None:
        return _("Give the date as year-month-day, for example 2015-12-31.")
    if not convention_began() <= day <= question.latest():
        return _("Give a date between %(first)s and %(last)s.") % {
            "first": date_format(convention_began()),
            "last": date_format(question.latest()),
        }
    return ""


def _judge_email(question: Question, answer: str) -> str:
    try:
        validate_email(answer)
    except ValidationError:
        return _("Give an address like name@example.org.")
    return ""


def _judge_number(question: Question, answer: str) -> str:
    if not answer.isdecimal() or not 1 <= int(answer) <= question.most:
        return _("Give a whole number between 1 and %(most)d, in figures.") % {
            "most": question.most
        }
    return ""


def _judge_choice(question: Question, answer: Any) -> str:
    chosen = answer if isinstance(answer, list) else [answer]
    known = {key for key, _words in question.choices}
    return "" if set(chosen) <= known else _("Choose from the list.")


_JUDGES: dict[Shape, Callable[[Question, Any], str]] = {
    Shape.DATE: _judge_date,
    Shape.EMAIL: _judge_email,
    Shape.NUMBER: _judge_number,
    Shape.CHOICE: _judge_choice,
    Shape.SOME_OF: _judge_choice,
}


def day_of(answer: str) -> date | None:
    """The day that a stored answer names; None when it was typed in another way."""
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        return None
    return day if day.isoformat() == answer else None


def in_words(question: Question, answer: Any) -> str:
    """An answer as people read it, in the reader's language; free text as it was written."""
    if not answer:
        return ""
    if question.choices:
        words = dict(question.choices)
        chosen = answer if isinstance(answer, list) else [answer]
        return ", ".join(str(words.get(one, one)) for one in chosen)
    if question.shape == Shape.DATE and (day := day_of(answer)):
        return date_format(day, "DATE_FORMAT")
    return str(answer)
