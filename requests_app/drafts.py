"""Writing a request: the only place where answers change, and only while they are open."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from partners.access import DRAFTER, fresh, parties_in_role
from partners.models import Party, Role
from requests_app import attaching
from requests_app.completeness import answers_written
from requests_app.models import Attachment, Support, SupportRequest
from requests_app.questions import BY_KEY, kept, problem_with
from requests_app.working_copy import COLUMNS, support_written, write_columns
from workflow.errors import InvalidInput, NotPermitted

MAX_OTHERS = 10
LONGEST_KEPT = 50_000  # characters; far above what any question takes


def parties_to_draft_for(actor: Any) -> "QuerySet[Party]":
    """The Parties for which the actor may begin a request."""
    return parties_in_role(actor, Role.FOCAL_POINT, Role.CONTRIBUTOR)


def may_edit(actor: Any, support_request: SupportRequest) -> bool:
    return support_request.can_be_edited and DRAFTER(actor, support_request)


@transaction.atomic
def begin(party: Party, *, by: Any, support: Support, **columns: Any) -> SupportRequest:
    """A new draft. Raises NotPermitted."""
    draft = SupportRequest(party=party, created_by=by, support=support, **columns)
    if not DRAFTER(fresh(by), draft):
        raise NotPermitted
    draft.save()
    return draft


def _locked(support_request: SupportRequest, by: Any) -> SupportRequest:
    """The row, held for this transaction. Raises NotPermitted when it is not open to `by`."""
    locked = SupportRequest.objects.select_for_update(no_key=True).get(pk=support_request.pk)
    if not may_edit(fresh(by), locked):
        raise NotPermitted
    return locked


# ── Answers ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Conflict:
    """An answer that somebody else wrote after the writer had looked: both texts are kept."""

    key: str
    typed: Any
    stored: Any
    by: int | None  # who wrote what is stored now: id of a User
    at: datetime | None


@dataclass(frozen=True)
class Written:
    """What came of writing: the request as it is stored now, and what was not stored and why."""

    support_request: SupportRequest
    conflicts: tuple[Conflict, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)  # sentences by question


def fingerprint(answer: Any) -> str:
    """Stands for an answer as a writer saw it; every empty answer has the same."""
    if not answer:
        return ""
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def write(
    support_request: SupportRequest,
    *,
    by: Any,
    answers: Mapping[str, Any],
    seen: Mapping[str, str] | None = None,
) -> Written:
    """Store answers as they were typed, by the keys of the questions. Raises NotPermitted.

    What is missing or malformed, the submission refuses; here only what cannot be kept at all is
    `refused`: a text without end, a choice that there is not for a column. `seen` holds the
    `fingerprint` of each answer the writer saw; an answer that was changed by somebody else
    since, and by the writer too, is a Conflict and stays as it is stored. Without `seen` every
    answer is stored.
    """
    locked = _locked(support_request, by)
    stored = _stored(locked)
    conflicts, changed, refused = [], {}, {}
    for key, typed in answers.items():
        answer = kept(BY_KEY[key], typed) if key in BY_KEY else typed
        now, base = fingerprint(stored.get(key)), None if seen is None else seen.get(key, "")
        # Left as the writer saw it: a colleague's later words stay.
        if fingerprint(answer) in {now, base}:
            continue
        if base not in {None, now}:
            conflicts.append(_conflict(locked, key, answer, stored.get(key)))
        elif sentence := _cannot_be_kept(key, answer):
            refused[key] = sentence
        else:
            changed[key] = answer
    if changed:
        _store(locked, changed, by)
    return Written(locked, tuple(conflicts), refused)


def _cannot_be_kept(key: str, answer: Any) -> str:
    if isinstance(answer, str) and len(answer) > LONGEST_KEPT:
        return problem_with(BY_KEY[key], answer)
    return problem_with(BY_KEY[key], answer) if key in COLUMNS and key in BY_KEY else ""


def _stored(support_request: SupportRequest) -> dict[str, Any]:
    written = answers_written(support_request)
    return {**written, "support": support_written(support_request).key}


def _conflict(support_request: SupportRequest, key: str, typed: Any, stored: Any) -> Conflict:
    _version, person, moment = support_request.written.get(key, (0, None, ""))
    return Conflict(key, typed, stored, person, parse_datetime(moment) if moment else None)


def _store(support_request: SupportRequest, changed: Mapping[str, Any], by: Any) -> None:
    support_request.version += 1
    stamp = [support_request.version, by.pk, timezone.now().isoformat()]
    support_request.written = {**support_request.written, **dict.fromkeys(changed, stamp)}
    own = {key: answer for key, answer in changed.items() if key not in COLUMNS}
    support_request.answers = {**support_request.answers, **own}
    # An emptied urgency or language is no answer: the one there is stays.
    write_columns(support_request, {key: changed[key] for key in COLUMNS if changed.get(key)})
    support_request.save()


# ── Files ────────────────────────────────────────────────────────────────────────────────────


def removable(support_request: SupportRequest) -> "QuerySet[Attachment]":
    """Attachments that nobody else could read yet: a wrong file can still be taken off."""
    return support_request.attachments.filter(released_at=None)


@transaction.atomic
def attach(
    support_request: SupportRequest, upload: UploadedFile, kind: str, *, by: Any
) -> Attachment:
    """Attach a file. Raises NotPermitted, ValidationError for an unfit file (attaching.judge),
    and InvalidInput when there are as many further attachments as a request can have."""
    locked = _locked(support_request, by)
    others = locked.attachments.filter(kind=Attachment.AttachmentKind.OTHER)
    if kind == Attachment.AttachmentKind.OTHER and others.count() >= MAX_OTHERS:
        sentence = _("A request can have up to %(most)d further attachments.")
        raise InvalidInput({"others": [sentence % {"most": MAX_OTHERS}]})
    attached = attaching.attach(locked, upload, kind, by=by)
    _count_change(locked)
    return attached


@transaction.atomic
def detach(attachment: Attachment, *, by: Any) -> None:
    """Take a file off. Raises NotPermitted; a file that others could read stays: InvalidInput."""
    locked = _locked(attachment.support_request, by)
    found = removable(locked).filter(pk=attachment.pk).first()
    if found is None:
        raise InvalidInput({"remove": [_("This file was submitted; it stays with the request.")]})
    attaching.detach(found)
    _count_change(locked)


def _count_change(support_request: SupportRequest) -> None:
    support_request.version += 1
    support_request.save()
