"""What the pages of an assessment show: its outcomes with their answers, and the form of one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners.kept_text import as_initial
from toolkit import assessing
from toolkit.assessment_forms import AnswersForm
from toolkit.models import Assessment, Indicator, Outcome, Score
from workflow.errors import InvalidInput, NotPermitted, Refused, StaleVersion
from workflow.executor import perform, require


@dataclass(frozen=True)
class Line:
    """One indicator and what was answered, in words; the remark stands beside it."""

    indicator: Indicator
    answer: str
    remark: str
    is_answered: bool


@dataclass(frozen=True)
class Section:
    outcome: Outcome
    rows: list[Line]

    @property
    def answered(self) -> int:
        return sum(row.is_answered for row in self.rows)

    @property
    def is_whole(self) -> bool:
        return self.answered == len(self.rows)


def outcomes_of(assessment: Assessment) -> list[Section]:
    """The outcomes of its edition in order, each indicator with its answer: two queries."""
    if assessment.edition_id is None:
        return []
    stored = assessing.stored_of(assessment)
    sections: dict[int, Section] = {}
    indicators = Indicator.objects.filter(edition=assessment.edition_id, outcome__isnull=False)
    for one in indicators.select_related("outcome").order_by("outcome__number", "number"):
        outcome: Any = one.outcome
        section = sections.setdefault(outcome.pk, Section(outcome, []))
        section.rows.append(_line(one, stored.get(one.number)))
    return list(sections.values())


def _line(indicator: Indicator, score: Score | None) -> Line:
    is_answered = score is not None and assessing.is_answered(score)
    is_data = indicator.kind == "DA"
    return Line(
        indicator=indicator,
        answer=assessing.in_words(score if is_answered else None, indicator),
        remark=score.words if score and not is_data else "",
        is_answered=is_answered,
    )


# ── the form of one outcome ──────────────────────────────────────────────────────────────────

Address = Callable[[Assessment, int], str]


def scored(
    request: HttpRequest, assessment: Assessment, number: int, *, about: str, address: Address
) -> HttpResponse:
    """Show the indicators of outcome `number`, or store what was answered and go on."""
    indicators = list(
        Indicator.objects.filter(
            edition=assessment.edition_id, outcome__number=number
        ).select_related("outcome")
    )
    if not indicators:
        raise Http404
    stored = assessing.stored_of(assessment)
    if request.method == "POST":
        form = AnswersForm(indicators, stored, request.POST)
        if _stored(form, assessment, stored, request):
            return redirect(_onwards(request, assessment, number, address))
    else:
        form = AnswersForm(indicators, stored, initial=as_initial(request))
        form.refusal = _refusal(assessment, request.user)
    return _page(request, assessment, form, about, number)


def _refusal(assessment: Assessment, actor: Any) -> Refused | None:
    try:
        require("score", assessment, actor)
    except Refused as refusal:
        return refusal
    return None


def _stored(
    form: AnswersForm, assessment: Assessment, stored: dict[int, Score], request: HttpRequest
) -> bool:
    """Whether all of it is stored now; else the form says why not and holds all that was typed."""
    form.refusal = _refusal(assessment, request.user)
    if form.refusal or not form.is_valid():
        return False
    if not form.differs_from(stored):
        return True
    data = {"scores": form.said, "seen": request.POST.get("seen", "")[:64]}
    try:
        perform("score", assessment, by=request.user, data=data)
    except InvalidInput as refusal:
        form.add_error(None, [one for said in refusal.fields.values() for one in said])
        return False
    except Refused as refusal:
        form.refusal = refusal
        return False
    messages.success(request, _("Your answers are stored."))
    return True


def _onwards(request: HttpRequest, assessment: Assessment, number: int, address: Address) -> str:
    """To the next outcome, or to the assessment."""
    if "leave" in request.POST:
        return assessing.page_of(assessment)
    later = assessment.edition.outcomes.filter(number__gt=number).order_by("number").first()  # type: ignore[union-attr,misc]  # has indicators
    return address(assessment, later.number) if later else assessing.page_of(assessment)


def _page(
    request: HttpRequest, assessment: Assessment, form: AnswersForm, about: str, number: int
) -> HttpResponse:
    """After a refusal the answers that are stored now stand beside what was typed."""
    now = assessing.stored_of(assessment)
    is_stale = isinstance(form.refusal, StaleVersion)
    context = {
        "form": form,
        "assessment": assessment,
        "party": assessment.party,
        "about": about,
        "outcome": form.indicators[0].outcome,
        "outcomes": assessment.edition.outcomes.all() if assessment.edition else [],
        "number": number,
        "back": assessing.page_of(assessment),
        "seen": assessing.fingerprint(now, form.numbers),
        "is_stale": is_stale,
        "gone": form.refusal is not None and not is_stale,
        "colleague": _of_a_colleague(form, now) if is_stale else [],
    }
    return render(request, "toolkit/assessments/scores.html", context, status=_status(form))


def _status(form: AnswersForm) -> int:
    if form.refusal is None:
        return 200
    return 403 if isinstance(form.refusal, NotPermitted) else 409


def _of_a_colleague(form: AnswersForm, now: dict[int, Score]) -> list[tuple[Indicator, str, str]]:
    """What is stored where it is not what was typed."""
    found = []
    for one in form.indicators:
        score = now.get(one.number)
        typed = form.said[str(one.number)] if form.is_bound and form.is_valid() else {}
        mark = "" if score is None or score.value is None else str(score.value)
        words = score.words if score else ""
        if typed != {"mark": mark, "text": words}:
            answer = assessing.in_words(score if mark else None, one)
            found.append((one, words if one.kind == "DA" else answer, words))
    return found
