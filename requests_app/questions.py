"""What a country is asked, as data. Forms, checks, pages, versions and the API read it here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from requests_app.models import SupportRequest, Urgency
from requests_app.working_copy import urgency_written

Words = str | Promise


class Shape(StrEnum):
    TEXT = "text"
    LINE = "line"
    DATE = "date"
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `free_text` ones carry the warning about operational information."""

    key: str
    label: Words
    hint: Words = ""
    shape: Shape = Shape.TEXT
    required: bool = True
    max_length: int = 4000

    @property
    def free_text(self) -> bool:
        return self.shape == Shape.TEXT


QUESTIONS: tuple[Question, ...] = (
    Question(
        key="situation",
        label=_("What is the situation?"),
        hint=_("What happens, since when, and what has been done about it so far."),
    ),
    Question(
        key="asked",
        label=_("What do you ask for?"),
        hint=_("What ICCWC should do: an assessment, a training course, experts, equipment."),
    ),
    Question(
        key="objective",
        label=_("What should be different afterwards?"),
        hint=_("The result you want to see, and how one will know."),
    ),
    Question(
        key="authorities",
        label=_("Which national authorities are involved?"),
        hint=_("For example the CITES Management Authority, Customs, police, prosecution."),
        max_length=2000,
    ),
    Question(
        key="species",
        label=_("Which species or commodities are concerned?"),
        hint=_("Common names will do."),
        required=False,
        max_length=1000,
    ),
    Question(
        key="urgency_reason",
        label=_("Why is it urgent?"),
        hint=_("Needed when the urgency is high or critical."),
        required=False,
        max_length=1000,
    ),
    Question(
        key="needed_from",
        label=_("From when is support needed?"),
        shape=Shape.DATE,
        required=False,
    ),
    Question(
        key="needed_until",
        label=_("Until when?"),
        shape=Shape.DATE,
        required=False,
    ),
    Question(
        key="contact_office",
        label=_("Which office should be contacted?"),
        hint=_("The office or post, for example “Head of the CITES Management Authority”."),
        shape=Shape.LINE,
        max_length=200,
    ),
    Question(
        key="contact_email",
        label=_("E-mail address of that office"),
        shape=Shape.EMAIL,
        max_length=254,
    ),
    Question(
        key="contact_phone",
        label=_("Telephone number of that office"),
        hint=_("With the country code."),
        shape=Shape.LINE,
        required=False,
        max_length=60,
    ),
)

BY_KEY = {question.key: question for question in QUESTIONS}


def what_is_missing(support_request: SupportRequest) -> dict[str, list[str]]:
    """Sentences by question key for all that stands between these answers and a submission."""
    answers = support_request.answers
    missing = {
        question.key: [translate_now("Answer this question before you submit.")]
        for question in QUESTIONS
        if question.required and not answers.get(question.key)
    }
    if urgency_written(support_request) != Urgency.NORMAL and not answers.get("urgency_reason"):
        missing["urgency_reason"] = [translate_now("Say why it is urgent.")]
    return missing | dates_out_of_order(answers)


def dates_out_of_order(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    start, end = answers.get("needed_from"), answers.get("needed_until")
    if start and end and date.fromisoformat(end) < date.fromisoformat(start):
        return {"needed_until": [translate_now("This is before the first date.")]}
    return {}
