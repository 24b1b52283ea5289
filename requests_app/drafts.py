"""Writing a request: the only place where answers change, and only while they are open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.access import DRAFTER, fresh, parties_in_role
from partners.models import Party, Role
from requests_app import attaching
from requests_app.completeness import answers_written
from requests_app.merging import Conflict, Sheet, Stamp, merge, stamp_of
from requests_app.models import Attachment, Support, SupportRequest
from requests_app.questions import BY_KEY, kept, problem_with
from requests_app.working_copy import COLUMNS, support_written, write_columns
from workflow.errors import InvalidInput, NotPermitted
from workflow.guard import may_write

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
class Written:
    """What came of writing: the request as it is stored now, and what was not stored and why."""

    support_request: SupportRequest
    conflicts: tuple[Conflict, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)  # sentences by question


@transaction.atomic
def write(
    support_request: SupportRequest,
    *,
    by: Any,
    answers: Mapping[str, Any],
    seen: Mapping[str, str] | None = None,
    sheet: Sheet | None = None,
) -> Written:
    """Store answers as they were typed, by the keys of the questions. Raises NotPermitted.

    What is missing or malformed, the submission refuses; here only what cannot be kept at all is
    `refused`: a text without end, a choice that there is not for a column. `seen` holds the
    `fingerprint` of each answer the writer saw; an answer that was changed from elsewhere since,
    and by the writer too, is a Conflict and stays as it is stored. Without `seen` every answer
    is stored.
    """
    locked = _locked(support_request, by)
    typed = {key: kept(BY_KEY[key], one) if key in BY_KEY else one for key, one in answers.items()}
    stamps = {key: stamp_of(locked, key) for key in typed}
    changed, conflicts = merge(_stored(locked), typed, stamps, seen, sheet)
    refused = {key: said for key in changed if (said := _cannot_be_kept(key, changed[key]))}
    accepted = {key: answer for key, answer in changed.items() if key not in refused}
    if accepted:
        _store(locked, accepted, by, sheet or Sheet("", 0))
    return Written(locked, conflicts, refused)


def _cannot_be_kept(key: str, answer: Any) -> str:
    if isinstance(answer, str) and len(answer) > LONGEST_KEPT:
        return problem_with(BY_KEY[key], answer)
    return problem_with(BY_KEY[key], answer) if key in COLUMNS and key in BY_KEY else ""


def _stored(support_request: SupportRequest) -> dict[str, Any]:
    written = answers_written(support_request)
    return {**written, "support": support_written(support_request).key}


def _store(
    support_request: SupportRequest, changed: Mapping[str, Any], by: Any, sheet: Sheet
) -> None:
    now = timezone.now().isoformat()
    stamp = Stamp(support_request.version + 1, by.pk, now, sheet.key, sheet.turn)
    support_request.written = {**support_request.written, **dict.fromkeys(changed, stamp)}
    own = {key: answer for key, answer in changed.items() if key not in COLUMNS}
    support_request.answers = {**support_request.answers, **own}
    # An emptied urgency or language is no answer: the one there is stays.
    write_columns(support_request, {key: changed[key] for key in COLUMNS if changed.get(key)})
    _count_change(support_request, "answers", "written", *COLUMNS)


# ── Files ────────────────────────────────────────────────────────────────────────────────────


def removable(support_request: SupportRequest) -> "QuerySet[Attachment]":
    """Attachments that nobody else could read yet: a wrong file can still be taken off."""
    return support_request.attachments.filter(released_at=None)


@transaction.atomic
def attach(
    support_request: SupportRequest, upload: UploadedFile, kind: str, *, by: Any
) -> Attachment:
    """Attach a file. Raises NotPermitted, ValidationError for an unfit file (attaching.judge),
    and InvalidInput when there are as many of its kind as a request can have."""
    locked = _locked(support_request, by)
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


def _count_change(support_request: SupportRequest, *changed: str) -> None:
    """Save those columns as a new version: who has a page of the request open is told."""
    support_request.version += 1
    with may_write("version"):
        support_request.save(update_fields=[*changed, "version", "updated_at"])
