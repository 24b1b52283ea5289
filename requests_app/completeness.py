"""How far a request is written: derived from what is stored, never from where somebody clicked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from requests_app.models import SupportRequest
from requests_app.questions import Question, Step, day_of, problem_with, questions_of, steps_of
from requests_app.working_copy import language_written, support_written, urgency_written


class Progress(StrEnum):
    NOT_STARTED = "not_started"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"


@dataclass(frozen=True)
class StepProgress:
    """One step of a request, what it lacks by question, and how far it is."""

    step: Step
    gaps: dict[str, list[str]]
    progress: Progress


def steps_for(support_request: SupportRequest) -> tuple[Step, ...]:
    """The steps of the form, by the kind of support that is written now."""
    return steps_of(support_written(support_request).asks)


def questions_for(support_request: SupportRequest) -> list[Question]:
    return questions_of(steps_for(support_request))


def answers_written(support_request: SupportRequest) -> dict[str, Any]:
    """Every answer by question, those that wait for a column of the request included."""
    return {
        **support_request.answers,
        "urgency": urgency_written(support_request),
        "language": language_written(support_request),
    }


def what_is_missing(support_request: SupportRequest) -> dict[str, list[str]]:
    """Sentences by question for all that stands between these answers and a submission."""
    asked = questions_for(support_request)
    # Answers that another kind of support asked for stay stored: they count for nothing here.
    written = answers_written(support_request)
    answers = {question.key: written.get(question.key) for question in asked}
    missing: dict[str, list[str]] = {}
    for question in asked:
        problem = _gap(question, answers)
        if problem:
            missing[question.key] = [problem]
    return missing | _dates_out_of_order(answers)


def _gap(question: Question, answers: Mapping[str, Any]) -> str:
    answer = answers.get(question.key)
    if answer:
        return problem_with(question, answer)
    if not question.is_required(answers):
        return ""
    if question.key == "urgency_reason":
        return _("Say why it is urgent.")
    return _("Answer this question before you submit.")


def _dates_out_of_order(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    start, end = day_of(answers.get("needed_from") or ""), day_of(answers.get("needed_until") or "")
    if start and end and end < start:
        return {"needed_until": [_("This is before the first date.")]}
    return {}


def progress(support_request: SupportRequest) -> list[StepProgress]:
    """Every step with what it lacks, in the order of the form."""
    missing = what_is_missing(support_request)
    return [_of_step(step, missing, support_request) for step in steps_for(support_request)]


def _of_step(
    step: Step, missing: Mapping[str, list[str]], support_request: SupportRequest
) -> StepProgress:
    keys = [question.key for question in step.questions]
    gaps = {key: missing[key] for key in keys if key in missing}
    if not gaps:
        return StepProgress(step, gaps, Progress.COMPLETE)
    begun = any(support_request.answers.get(key) for key in keys)
    return StepProgress(step, gaps, Progress.INCOMPLETE if begun else Progress.NOT_STARTED)
