"""What may happen to an assessment of a Party. It is the country's own, and confidential.

The people of the Party make it; its focal point submits it. What a published document says of an
assessment is an observation instead (toolkit.workflow.observing): no officer enters one. After
submission nothing changes but whether the bare fact of it is public.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from history.log import record
from history.precision import Precision, certain_day
from partners.access import DRAFTER, FOCAL_POINT, fresh, snapshot
from partners.models import Party
from toolkit import assessing
from toolkit import assessment_notices as notices
from toolkit.models import Assessment, AssessmentState, Indicator, Observation
from toolkit.workflow import assessment_inputs as asks
from toolkit.workflow import step_inputs
from workflow.errors import InvalidInput, NotPermitted, StaleVersion
from workflow.transitions import Act, Data, Table, Transition

S = AssessmentState
BEGUN = "toolkit.assessments.begun"
_PLAIN = ("instrument", "national_bodies", "contact_person", "contact_details")


@transaction.atomic
def begin(party: Party, *, by: Any, said: Data) -> Assessment:
    """A draft with its head. `said` holds the answers to assessment_inputs.HEAD. Raises
    NotPermitted and InvalidInput."""
    made = Assessment(party=party)
    if not DRAFTER(fresh(by), made):
        raise NotPermitted
    _judge_head(made, said)
    _set_head(made, said)
    made.save()
    made.agencies.set(said.get("agencies") or [])
    record(made, BEGUN, by=snapshot(by, made), changes=_head_in_history(made))
    return made


# ── the head ─────────────────────────────────────────────────────────────────────────────────


def _head_fits(assessment: Assessment, act: Act) -> None:
    _judge_head(assessment, act.data)


def _judge_head(assessment: Assessment, said: Data) -> None:
    problems: dict[str, list[str]] = {}
    edition = said.get("edition")
    uses_framework = said["instrument"] != Observation.Instrument.TOOLKIT
    if uses_framework and edition is None:
        words = translate_now("Choose the edition of the Indicator Framework that was used.")
        problems["edition"] = [words]
    if not uses_framework and edition is not None:
        words = translate_now("The Toolkit alone has no edition of the Indicator Framework.")
        problems["edition"] = [words]
    another = assessment.edition_id != (edition.pk if edition else None)
    if assessment.pk and another and assessing.stored_of(assessment):
        words = translate_now(
            "Indicators have been answered by the edition “%(edition)s”. Take these answers back "
            "first, or discard this draft."
        )
        problems["edition"] = [words % {"edition": assessment.edition}]
    if problems:
        raise InvalidInput(problems)


def _set_head(assessment: Assessment, said: Data) -> None:
    for name in _PLAIN:
        setattr(assessment, name, said.get(name) or "")
    assessment.precision = said.get("precision") or Precision.DAY
    day = said["held_on"]
    assessment.held_on = certain_day(day, assessment.precision, step_inputs.today())
    assessment.edition = said.get("edition")
    assessment.lead_agency = said.get("lead_agency")
    assessment.implementation = said.get("implementation")


def _edit(assessment: Assessment, act: Act) -> Data:
    _set_head(assessment, act.data)
    assessment.agencies.set(act.data.get("agencies") or [])
    return _head_in_history(assessment)


def _head_in_history(assessment: Assessment) -> dict[str, Any]:
    """Whom to write to stays out of the log: it outlives the person."""
    cycle, edition, lead = (
        assessment.implementation,
        assessment.edition,
        assessment.lead_agency,
    )
    return {
        "instrument": assessment.instrument,
        "edition": edition.key if edition else None,
        "held_on": assessment.held_on,
        "held_on_precision": assessment.precision,
        "national_bodies": assessment.national_bodies,
        "lead_agency": lead.code if lead else None,
        "agencies": sorted(one.code for one in assessment.agencies.all()),
        "cycle": cycle.cycle if cycle else None,
    }


# ── the answers ──────────────────────────────────────────────────────────────────────────────


def _has_indicators(assessment: Assessment) -> bool:
    return assessment.edition_id is not None


def _answers_fit(assessment: Assessment, act: Act) -> None:
    """Each answer is one of its indicator's kind; and those the writer saw are still there."""
    by_number = {str(one.number): one for one in _indicators(assessment)}
    problems = []
    for number, said in (act.data["scores"] or {}).items():
        indicator = by_number.get(number)
        if indicator is None:
            words = translate_now("The edition has no indicator %(number)s.")
            problems.append(words % {"number": number})
        elif not _fits(indicator, said["mark"]):
            words = translate_now("Indicator %(number)s has no such answer: %(answer)s.")
            problems.append(words % {"number": number, "answer": said["mark"]})
    if problems:
        raise InvalidInput({"scores": problems})
    seen = act.data["seen"]
    numbers = [int(number) for number in act.data["scores"] or {}]
    stored = assessing.stored_of(assessment)
    if seen and seen != assessing.fingerprint(stored, numbers):
        raise StaleVersion


def _fits(indicator: Indicator, mark: str) -> bool:
    return mark == "" or mark in {str(n) for n in range(assessing.highest(indicator.kind) + 1)}


def _indicators(assessment: Assessment) -> Any:
    return Indicator.objects.filter(edition=assessment.edition_id)


def _score(assessment: Assessment, act: Act) -> Data:
    """Which indicators were answered; the answers themselves enter history on submission."""
    by_number = {str(one.number): one for one in _indicators(assessment)}
    said = {
        by_number[number]: (int(one["mark"]) if one["mark"] else None, one["text"])
        for number, one in (act.data["scores"] or {}).items()
    }
    return {"indicators": assessing.write_answers(assessment, said)}


def _is_whole(assessment: Assessment, act: Act) -> None:
    """Every indicator has an answer, or the country says why not."""
    answers = assessing.answers_of(assessment)
    left = assessing.missing(assessment, answers)
    if assessment.edition_id and not answers:
        words = translate_now("No indicator has an answer yet.")
        raise InvalidInput({"not_assessed": [words]})
    if left and not act.data["not_assessed"]:
        sentence = ngettext(
            "%(count)d indicator has no answer: %(numbers)s. Answer it, or say why it is not "
            "assessed.",
            "%(count)d indicators have no answer: %(numbers)s. Answer them, or say why they are "
            "not assessed.",
            len(left),
        )
        numbers = ", ".join(str(one) for one in left)
        raise InvalidInput({"not_assessed": [sentence % {"count": len(left), "numbers": numbers}]})


def _freeze(assessment: Assessment, act: Act) -> Data:
    """A copy of what was submitted: the answers by number, with the edition they belong to."""
    answers = assessing.answers_of(assessment)
    scores = {
        str(number): {"value": one.value, "words": one.words}
        for number, one in sorted(assessing.stored_of(assessment).items())
    }
    left = {
        "not_assessed": act.data["not_assessed"],
        "not_assessed_indicators": assessing.missing(assessment, answers),
    }
    return {**_head_in_history(assessment), "scores": scores, **left}


# ── the bare fact in public ──────────────────────────────────────────────────────────────────


def _disclose(assessment: Assessment, act: Act) -> Data:
    assessment.is_disclosed = True
    return {}


def _undisclose(assessment: Assessment, act: Act) -> Data:
    assessment.is_disclosed = False
    return dict(act.data)


ASSESSMENTS = Table(
    name="toolkit.assessments",
    model=Assessment,
    transitions=(
        Transition(
            action="score",
            label=_("Answer the indicators"),
            done=_("Indicators answered"),
            sources=frozenset({S.DRAFT}),
            who=DRAFTER,
            when=_has_indicators,
            inputs=(asks.SCORES, asks.SEEN),
            guard=_answers_fit,
            change=_score,
        ),
        Transition(
            action="edit",
            label=_("Change the head"),
            done=_("Head changed"),
            sources=frozenset({S.DRAFT}),
            who=DRAFTER,
            inputs=asks.HEAD,
            guard=_head_fits,
            change=_edit,
        ),
        Transition(
            action="submit",
            label=pgettext_lazy("an assessment", "Submit"),
            done=pgettext_lazy("an assessment", "Submitted"),
            sources=frozenset({S.DRAFT}),
            target=S.SUBMITTED,
            who=FOCAL_POINT,
            inputs=(asks.WHY_NOT_ALL,),
            guard=_is_whole,
            change=_freeze,
            tells=(notices.DESK, notices.LEAD_AGENCY),
            warning=_(
                "The Secretariat and the lead agency can then read the whole assessment, its "
                "answers and its contact too; nobody else can. Nothing in it can be changed any "
                "more."
            ),
        ),
        Transition(
            action="discard",
            label=pgettext_lazy("an assessment", "Discard the draft"),
            done=pgettext_lazy("an assessment", "Draft discarded"),
            sources=frozenset({S.DRAFT}),
            target=S.DISCARDED,
            who=DRAFTER,
            warning=_(
                "Only your country can read the draft then, and nobody can take it up again."
            ),
        ),
        Transition(
            action="disclose",
            label=_("Make its date public"),
            done=_("Date made public"),
            sources=frozenset({S.SUBMITTED}),
            who=FOCAL_POINT,
            when=lambda one: not one.is_disclosed,
            change=_disclose,
            tells=(notices.DESK,),
            warning=_(
                "Everybody can see that the assessment was made, when, by which instrument and "
                "which agency led it. Answers and contact stay confidential. You can take this "
                "back at any time."
            ),
        ),
        Transition(
            action="undisclose",
            label=_("Make its date confidential again"),
            done=_("Date made confidential again"),
            sources=frozenset({S.SUBMITTED}),
            who=FOCAL_POINT,
            when=lambda one: one.is_disclosed,
            inputs=(step_inputs.REMARK,),
            change=_undisclose,
            tells=(notices.DESK,),
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    notify=notices.assessment_moved,
)
