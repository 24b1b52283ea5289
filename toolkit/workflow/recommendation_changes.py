"""What the actions on a recommendation alter, and what they leave in its history."""

from typing import Any

from django.utils.translation import gettext as _

from requests_app import drafts
from requests_app.attaching import safe_name
from requests_app.completeness import questions_for
from requests_app.models import RequestState
from toolkit import documents
from toolkit.models import Priority, Readers, Recommendation, RecommendationState
from toolkit.workflow.document_readers import judge_readers
from workflow.errors import InvalidInput
from workflow.transitions import Act, Data

_PLAIN = ("part", "text", "priority", "horizon", "responsible")
# The question that begins with the recommendation's words: the first of these that the form has.
_BEGINS = ("situation", "asked")


def keep_words(recommendation: Recommendation, act: Act) -> Data:
    return dict(act.data)


# ── progress and evidence ────────────────────────────────────────────────────────────────────


def keep_progress(recommendation: Recommendation, act: Act) -> Data:
    return {"note": act.data["note"], **_keep_file(recommendation, act)}


def report_done(recommendation: Recommendation, act: Act) -> Data:
    recommendation.reported_by = act.actor
    said = {name: act.data[name] or "" for name in ("outcome", "evidence")}
    return {**said, **_keep_file(recommendation, act)}


def is_not_for_everybody(recommendation: Recommendation, act: Act) -> None:
    judge_readers(act.data["readers"] or "", act, recommendation, is_evidence=True)


def has_evidence(recommendation: Recommendation, act: Act) -> None:
    """A recommendation of high priority is not done on somebody's word alone."""
    is_not_for_everybody(recommendation, act)
    given = (act.data["evidence"] or "").strip() or act.data["file"]
    if recommendation.priority == Priority.HIGH and not given:
        raise InvalidInput(
            {
                "evidence": [
                    _(
                        "This recommendation has high priority: say by what others can see that "
                        "it is done, or add a file."
                    )
                ]
            }
        )


def _keep_file(recommendation: Recommendation, act: Act) -> dict[str, Any]:
    upload = act.data["file"]
    if not upload:
        return {}
    kept = documents.keep(
        recommendation.implementation,
        upload,
        by=act.actor,
        title=safe_name(upload.name)[:200],
        readers=act.data["readers"] or Readers.CONCERNED,
        recommendation=recommendation,
    )
    return {"document": {"title": kept.title, "sha256": kept.sha256, "readers": kept.readers}}


# ── its date ─────────────────────────────────────────────────────────────────────────────────


def another_day(recommendation: Recommendation, act: Act) -> None:
    if act.data["due_on"] == recommendation.due_on:
        raise InvalidInput({"due_on": [_("This is the date already.")]})


def move_due(recommendation: Recommendation, act: Act) -> Data:
    before = recommendation.due_on
    recommendation.due_on = act.data["due_on"]
    return {**act.data, "was_due_on": before}


# ── its words ────────────────────────────────────────────────────────────────────────────────


def _revised(recommendation: Recommendation, act: Act) -> dict[str, list[Any]]:
    """Old and new of whatever changes."""
    pairs = {name: [getattr(recommendation, name), act.data[name] or ""] for name in _PLAIN}
    pairs["supporting"] = [
        sorted(recommendation.supporting.values_list("code", flat=True)),
        sorted(agency.code for agency in act.data["supporting"] or []),
    ]
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}


def something_is_revised(recommendation: Recommendation, act: Act) -> None:
    """What the country is carrying out keeps its words: others would be another recommendation."""
    changed = _revised(recommendation, act)
    if not changed:
        raise InvalidInput({"text": [_("Nothing is different from what the plan has already.")]})
    if "text" in changed and recommendation.state == RecommendationState.UNDER_WAY:
        raise InvalidInput(
            {
                "text": [
                    _(
                        "The country has begun to carry it out, so its words stay. Enter another "
                        "recommendation and let it supersede this one."
                    )
                ]
            }
        )


def see_whether_text_is_new(recommendation: Recommendation, answers: Data) -> dict[str, Any]:
    """The new state is asked for after the change: kept for `after_revision`."""
    return {**answers, "text_is_new": answers["text"] != recommendation.text}


def after_revision(recommendation: Recommendation, act: Act) -> str:
    """Nobody is held to words that they have not accepted."""
    if act.state_before == RecommendationState.ACCEPTED and act.data["text_is_new"]:
        return RecommendationState.PROPOSED
    return act.state_before


def revise(recommendation: Recommendation, act: Act) -> Data:
    changed = _revised(recommendation, act)
    for name in _PLAIN:
        setattr(recommendation, name, act.data[name] or "")
    recommendation.supporting.set(act.data["supporting"] or [])
    return {"revised": changed, "reason": act.data["reason"]}


def supersede(recommendation: Recommendation, act: Act) -> Data:
    successor: Recommendation = act.data["by"]
    recommendation.superseded_by = successor
    named = {"cycle": successor.implementation.cycle, "number": successor.number}
    return {"superseded_by": named, "reason": act.data["reason"]}


# ── support ──────────────────────────────────────────────────────────────────────────────────


def no_draft_waits(recommendation: Recommendation, act: Act) -> None:
    """A second click makes no second draft."""
    begun = recommendation.support_requests.filter(
        state=RequestState.DRAFT, support=act.data["support"]
    ).first()
    if begun:
        sentence = _("A draft of such a request has been begun already: %(handle)s.")
        raise InvalidInput({"support": [sentence % {"handle": begun.handle}]})


def begin_request(recommendation: Recommendation, act: Act) -> Data:
    """A draft of the Party, linked from now on, that begins with the recommendation's words."""
    party = recommendation.implementation.party
    language = getattr(act.actor, "language", "en")
    draft = drafts.begin(party, by=act.actor, support=act.data["support"], language=language)
    asked = {question.key for question in questions_for(draft)}
    for key in _BEGINS:
        if key in asked:
            drafts.write(draft, by=act.actor, answers={key: recommendation.text})
            break
    recommendation.support_requests.add(draft)
    return {"support": draft.support.key}
