"""What each action on a request alters, and what must be true before. Called by the executor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from history.log import record
from partners.access import snapshot
from requests_app import attaching
from requests_app.completeness import answers_written, questions_for, what_is_missing
from requests_app.models import (
    Assessment,
    Attachment,
    Counter,
    Criterion,
    Note,
    Openness,
    Referral,
    RequestState,
    RequestVersion,
    Scan,
    SupportRequest,
    Use,
)
from requests_app.searching import text_to_find
from requests_app.working_copy import release_columns, support_written
from workflow.errors import InvalidInput
from workflow.transitions import Act, Data

REFERRAL_SENT = "referrals.sent"


def keep_words(support_request: SupportRequest, act: Act) -> Data:
    """For actions that alter nothing beside the state: history keeps the words."""
    return _words_of(act)


def _words_of(act: Act) -> dict[str, Any]:
    """What was said. A reason from the catalogue is given by its key; with which standard reply
    a text began is nobody's business."""
    said = dict(act.data)
    standard = said.pop("standard", None)
    is_reason = standard and standard.use in {Use.RETURN, Use.REDIRECT}
    return said | ({"standard": standard.key} if is_reason else {})


# ── submit ───────────────────────────────────────────────────────────────────────────────────


def gaps(support_request: SupportRequest) -> dict[str, list[str]]:
    """All that stands between a draft and its submission, as sentences by field."""
    missing = what_is_missing(support_request)
    may_follow = support_written(support_request).letter_may_follow
    if letter_is_missing(support_request) and not may_follow:
        missing["letter"] = [_("Attach the signed letter.")]
    for field, sentences in attaching.what_stays_closed(support_request).items():
        missing[field] = [*missing.get(field, []), *sentences]
    return missing


def answers_complete(support_request: SupportRequest, act: Act) -> None:
    missing = gaps(support_request)
    if missing:
        raise InvalidInput(missing, _("The request is not complete yet."))


def letter_is_missing(support_request: SupportRequest) -> bool:
    """One that is still being checked for viruses is there; one that was refused is not."""
    letters = support_request.attachments.filter(kind=Attachment.AttachmentKind.LETTER)
    return not letters.exclude(scan=Scan.REFUSED).exists()


def submit(support_request: SupportRequest, act: Act) -> Data:
    now = timezone.now()
    if support_request.reference is None:
        support_request.reference = Counter.next_reference(now.date())
        support_request.submitted_at = now
    support_request.to_correct, support_request.remarks = "", {}
    release_columns(support_request)
    answers = frozen_answers(support_request)
    support_request.search_text = text_to_find(answers)
    support_request.attachments.filter(released_at=None).update(released_at=now)
    attached = support_request.attachments.readable().values("name", "kind", "size", "sha256")
    version = RequestVersion.objects.create(
        support_request=support_request,
        number=support_request.versions.count() + 1,
        answers=answers,
        attachments=list(attached),
        submitted_by=act.actor,
    )
    return {"reference": support_request.reference, "submitted_version": version.number}


def frozen_answers(support_request: SupportRequest) -> dict[str, Any]:
    """All that is said, kind of support first, under the keys of the questions that are asked.

    Answers to questions of another kind of support, chosen before, are not said.
    """
    answers = answers_written(support_request)
    asked = [question.key for question in questions_for(support_request)]
    said = {key: answers[key] for key in asked if answers.get(key)}
    return {"support": support_written(support_request).key, **said}


def send_letter(support_request: SupportRequest, act: Act) -> Data:
    kind = Attachment.AttachmentKind.LETTER
    try:
        letter = attaching.attach(support_request, act.data["letter"], kind, by=act.actor)
    except ValidationError as unfit:
        raise InvalidInput({"letter": unfit.messages}) from unfit
    letter.released_at = timezone.now()
    letter.save(update_fields=["released_at"])
    return {"letter": letter.name}


# ── the Secretariat ──────────────────────────────────────────────────────────────────────────


def take_up(support_request: SupportRequest, act: Act) -> Data:
    support_request.assignee = act.data["assignee"]
    return {"assignee": act.data["assignee"].name}


def not_in_those_hands(support_request: SupportRequest, act: Act) -> None:
    if support_request.assignee_id == act.data["assignee"].pk:
        sentence = _("%(officer)s has it in hand already.") % {"officer": act.data["assignee"].name}
        raise InvalidInput({"assignee": [sentence]})


def release(support_request: SupportRequest, act: Act) -> Data:
    support_request.assignee = None
    return {}


def assess(support_request: SupportRequest, act: Act) -> Data:
    """Write what changed; the history keeps what was said before and who said it."""
    said = act.data["marks"]
    before = {one.criterion.key: one for one in _assessments(support_request)}
    changed: dict[str, Any] = {}
    for criterion in Criterion.objects.filter(key__in=said):
        mark, reason = said[criterion.key]["mark"], said[criterion.key]["text"]
        earlier = before.get(criterion.key)
        if earlier and (earlier.mark, earlier.reason) == (mark, reason):
            continue
        values = {"mark": mark, "reason": reason, "by": act.actor, "at": timezone.now()}
        Assessment.objects.update_or_create(
            support_request=support_request, criterion=criterion, defaults=values
        )
        changed[criterion.key] = {"mark": mark, "text": reason}
    for key in before.keys() - said.keys():
        before[key].delete()
        changed[key] = {"mark": "", "text": ""}
    return {"marks": changed}


def _assessments(support_request: SupportRequest) -> "QuerySet[Assessment]":
    offered = support_request.assessments.filter(criterion__is_offered=True)
    return offered.select_related("criterion")


def write_note(support_request: SupportRequest, act: Act) -> Data:
    mentioned = list(act.data["mentions"] or [])
    note = Note.objects.create(
        support_request=support_request, text=act.data["text"], author=act.actor
    )
    note.mentions.set(mentioned)
    return {"note": note.pk, "mentions": [person.name for person in mentioned]}


def open_documents(support_request: SupportRequest, act: Act) -> Data:
    support_request.documents = act.data["documents"]
    changed: dict[str, str] = {}
    for pk, said in (act.data["files"] or {}).items():
        if (
            support_request.attachments.filter(pk=pk)
            .exclude(openness=said["mark"])
            .update(openness=said["mark"])
        ):
            changed[pk] = said["mark"]
    return {"documents": support_request.documents, "files": changed}


def return_(support_request: SupportRequest, act: Act) -> Data:
    support_request.to_correct = act.data["to_correct"]
    support_request.remarks = act.data["remarks"] or {}
    return _words_of(act)


def not_referred_twice(support_request: SupportRequest, act: Act) -> None:
    again = support_request.referrals.live().filter(agency__in=act.data["agencies"])
    names = ", ".join(referral.agency.name for referral in again.select_related("agency"))
    if names:
        raise InvalidInput(
            {"agencies": [_("Already referred to %(agencies)s.") % {"agencies": names}]}
        )


def refer(support_request: SupportRequest, act: Act) -> Data:
    """One referral a chosen agency, each with a history of its own from this moment."""
    agencies = list(act.data["agencies"])
    opened = list(act.data["open_files"] or [])
    support_request.attachments.filter(pk__in=[file.pk for file in opened]).update(
        openness=Openness.OPEN
    )
    for agency in agencies:
        referral = Referral.objects.create(
            support_request=support_request,
            agency=agency,
            note=act.data["note"],
            answer_due_on=act.data["answer_due_on"],
        )
        record(
            referral,
            REFERRAL_SENT,
            by=snapshot(act.actor, support_request),
            changes={
                "state": ["", referral.state],
                "note": referral.note,
                "answer_due_on": referral.answer_due_on,
            },
        )
    return {
        "agencies": [agency.code for agency in agencies],
        "note": act.data["note"],
        "answer_due_on": act.data["answer_due_on"],
        **({"open_files": [file.pk for file in opened]} if opened else {}),
    }


def lead_agency_can_see_it(support_request: SupportRequest, act: Act) -> None:
    """An agency sees a request only through a referral of its own; the lead needs one."""
    lead = act.data["lead_agency"]
    live = support_request.referrals.live()
    if not lead.is_coordinator and not live.filter(agency=lead).exists():
        raise InvalidInput(
            {
                "lead_agency": [
                    _("Refer the request to %(agency)s first; until then it cannot see it.")
                    % {"agency": lead.name}
                ]
            }
        )


def accepted_or_awaiting_funds(support_request: SupportRequest, act: Act) -> str:
    return RequestState.ACCEPTED if act.data["funding_known"] else RequestState.AWAITING_FUNDS


def accept(support_request: SupportRequest, act: Act) -> Data:
    support_request.lead_agency = act.data["lead_agency"]
    return {**act.data, "lead_agency": act.data["lead_agency"].code}


def reopen(support_request: SupportRequest, act: Act) -> Data:
    """The decision is open again, and with it which agency leads."""
    support_request.lead_agency = None
    return dict(act.data)


def decline(support_request: SupportRequest, act: Act) -> Data:
    return {**act.data, "reason": act.data["reason"].key}
