"""What a country is asked, as data. Forms, checks, pages, versions, PDF and API read it here."""

from collections.abc import Iterable

from requests_app.models import Asks
from requests_app.questions import general, incident, subjects, toolkit
from requests_app.questions.shapes import (
    Answers,
    Question,
    Shape,
    Step,
    day_of,
    in_words,
    kept,
    problem_with,
)

__all__ = [
    "BY_KEY",
    "FORMS",
    "Answers",
    "Question",
    "Shape",
    "Step",
    "day_of",
    "in_words",
    "kept",
    "known_by_key",
    "problem_with",
    "questions_of",
    "steps_of",
]

_WHAT_AND_WHO = (general.SITUATION, general.HELP, general.AUTHORITIES)
_WHEN_AND_CONTACT = (general.TIMING, general.CONTACT)

# The steps of the form for each kind of form, in order. Kind of support, documents and the last
# check are pages of every form and stand in the frame.
FORMS: dict[str, tuple[Step, ...]] = {
    Asks.GENERAL: (*_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.TOOLKIT: (
        toolkit.NOMINATION, toolkit.SCOPE, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT,
    ),
    Asks.FRAMEWORK: (toolkit.WORKSHOP, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.FOLLOW_UP: (toolkit.RECOMMENDATIONS, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.INCIDENT: (
        incident.INCIDENT, incident.SPECIMENS, incident.TEAM, incident.INFORMED,
        incident.CONTACT_AT_ALL_HOURS,
    ),
    Asks.LEGISLATION: (subjects.LAWS, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.TRAINING: (
        general.SITUATION, subjects.TRAINING, general.HELP, general.AUTHORITIES,
        *_WHEN_AND_CONTACT,
    ),
    Asks.FORENSICS: (subjects.MATERIAL, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.OPERATION: (subjects.OPERATION, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.NETWORK: (subjects.NETWORK, *_WHAT_AND_WHO, *_WHEN_AND_CONTACT),
    Asks.INFORMATION: (subjects.ENQUIRY, general.CONTACT),
}  # fmt: skip

# One question for each key, whatever the form: for answers whose form has changed since.
BY_KEY: dict[str, Question] = {}
for _steps in FORMS.values():
    for _step in _steps:
        for _question in _step.questions:
            BY_KEY.setdefault(_question.key, _question)


def known_by_key(asks: str) -> dict[str, Question]:
    """Every question by key, in the wording of one form where that form asks it."""
    return BY_KEY | {question.key: question for question in questions_of(FORMS[asks])}


def steps_of(asks: str) -> tuple[Step, ...]:
    return FORMS[asks]


def questions_of(steps: Iterable[Step]) -> list[Question]:
    return [question for step in steps for question in step.questions]
