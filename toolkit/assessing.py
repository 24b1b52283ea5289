"""What is read and written of assessments: the head, the answers, what is disclosed of them."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from partners.models import Agency, Party
from toolkit.models import Assessment, AssessmentState, Indicator, IndicatorKind, Score
from toolkit.models.framework import HIGHEST_SCORE
from workflow.guard import may_write


@dataclass(frozen=True)
class Disclosed:
    """All that the public learns of an assessment: never an answer, never who to write to."""

    held_on: date
    precision: str
    when: str
    instrument: str
    is_joint: bool
    lead_agency: Agency | None
    url: str  # its page, for a reader who is inside; else empty


def public_of(party: Party, actor: Any) -> list[Disclosed]:
    """The assessments that the country has disclosed, newest first. Two queries."""
    found = disclosed().filter(party=party).select_related("lead_agency")
    inside = set(Assessment.objects.inside(actor).filter(party=party).values_list("pk", flat=True))
    return [
        Disclosed(
            held_on=one.held_on,
            precision=one.precision,
            when=one.when_in_words,
            instrument=one.get_instrument_display(),
            is_joint=one.is_joint,
            lead_agency=one.lead_agency,
            url=page_of(one, party) if one.pk in inside else "",
        )
        for one in found
    ]


def disclosed() -> Any:
    """Of all Parties. Observations in documents stand beside them and are not counted here."""
    return Assessment.objects.filter(state=AssessmentState.SUBMITTED, is_disclosed=True)


def disclosed_count() -> int:
    """How many Parties have disclosed that they carried out an assessment."""
    return int(disclosed().order_by().values("party").distinct().count())


def page_of(assessment: Assessment, party: Party | None = None) -> str:
    code = (party or assessment.party).code.lower()
    return reverse("country_assessment", args=[code, assessment.pk])


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def stored_of(assessment: Assessment) -> dict[int, Score]:
    """By number of the indicator, answers and remarks."""
    scores = assessment.scores.select_related("indicator")
    return {one.indicator.number: one for one in scores if one.value is not None or one.words}


def answers_of(assessment: Assessment) -> dict[int, Score]:
    """By number of the indicator, answers alone; of some there is a remark and no answer."""
    return {number: one for number, one in stored_of(assessment).items() if is_answered(one)}


def is_answered(score: Score) -> bool:
    """Data in words are an answer to a data-based indicator only; elsewhere they are a remark."""
    if score.indicator.kind == IndicatorKind.DA:
        return bool(score.words)
    return score.value is not None


def fingerprint(answers: Mapping[int, Score], numbers: Iterable[int]) -> str:
    """Says whether the answers to some indicators are still those that a page showed."""
    said = [
        [number, answers[number].value, answers[number].words] if number in answers else [number]
        for number in sorted(numbers)
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def highest(kind: str) -> int:
    """The highest score of an indicator; data have none and give -1."""
    return {IndicatorKind.EA.value: HIGHEST_SCORE, IndicatorKind.PA.value: 1}.get(kind, -1)


def write_answers(
    assessment: Assessment, said: Mapping[Indicator, tuple[int | None, str]]
) -> list[int]:
    """Store answers by indicator; the numbers of those that changed. For the workflow alone."""
    stored = {one.indicator_id: one for one in assessment.scores.all()}
    changed = []
    with may_write("assessment", "indicator", "value", "words"):
        for indicator, (value, words) in said.items():
            score = stored.get(indicator.pk) or Score(assessment=assessment, indicator=indicator)
            if (score.value, score.words) != (value, words):
                score.value, score.words = value, words
                score.save()
                changed.append(indicator.number)
    return sorted(changed)


def missing(assessment: Assessment, answers: Collection[int]) -> list[int]:
    """The numbers of the edition's indicators without an answer."""
    if assessment.edition_id is None:
        return []
    numbers = Indicator.objects.filter(edition=assessment.edition_id)
    return [one for one in numbers.values_list("number", flat=True) if one not in answers]


def in_words(score: Score | None, indicator: Indicator) -> str:
    """An answer as a person reads it, with the text of the chosen one where there is one."""
    if score is not None and indicator.kind == IndicatorKind.DA:
        return str(score.words)
    if score is None or score.value is None:
        return pgettext("an indicator", "not assessed")
    if indicator.kind == IndicatorKind.PA:
        return _("present") if score.value else _("absent")
    text = answer_text(indicator, score.value)
    return f"{score.value}: {text}" if text else str(score.value)


def briefly(score: Score | None, indicator: Indicator) -> str:
    """An answer in a table: the score alone, without the text of the chosen answer."""
    if score is not None and indicator.kind == IndicatorKind.EA:
        return str(score.value)
    return in_words(score, indicator)


def answer_text(indicator: Indicator, value: int) -> str:
    """One of the four answers of an expert-based indicator, in the reader's language."""
    language = (get_language() or "en")[:2]
    texts = indicator.answers.get(language) or indicator.answers.get("en") or []
    return str(texts[value]) if value < len(texts) else ""
