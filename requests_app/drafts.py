"""Writing a request: the only place where answers change, and only while they are open."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from partners.access import DRAFTER, fresh, parties_in_role
from partners.models import Party, Role
from requests_app import attaching
from requests_app.models import Attachment, Support, SupportRequest
from requests_app.working_copy import write_columns
from workflow.errors import NotPermitted, StaleVersion


def parties_to_draft_for(actor: Any) -> "QuerySet[Party]":
    """The Parties for which the actor may begin a request."""
    return parties_in_role(actor, Role.FOCAL_POINT, Role.CONTRIBUTOR)


def may_edit(actor: Any, support_request: SupportRequest) -> bool:
    return support_request.can_be_edited and DRAFTER(actor, support_request)


def removable(support_request: SupportRequest) -> "QuerySet[Attachment]":
    """Attachments that nobody else could read yet: a wrong file can still be taken off."""
    return support_request.attachments.filter(released_at=None)


@transaction.atomic
def begin(party: Party, *, by: Any, support: Support, **columns: Any) -> SupportRequest:
    """A new draft. Raises NotPermitted."""
    draft = SupportRequest(party=party, created_by=by, support=support, **columns)
    if not DRAFTER(fresh(by), draft):
        raise NotPermitted
    draft.save()
    return draft


@transaction.atomic
def save(
    support_request: SupportRequest,
    *,
    by: Any,
    version: int,
    answers: Mapping[str, Any],
    columns: Mapping[str, Any],
    letter: UploadedFile | None = None,
    others: Iterable[UploadedFile] = (),
    remove: Iterable[Attachment] = (),
) -> SupportRequest:
    """Store what was typed. Raises NotPermitted, and StaleVersion when somebody was faster.

    Of the attachments to `remove`, those that were ever submitted stay: see `removable`.
    `version` is the one the writer saw. Nothing is judged complete here: see workflow "submit".
    """
    locked = SupportRequest.objects.select_for_update(no_key=True).get(pk=support_request.pk)
    if not may_edit(fresh(by), locked):
        raise NotPermitted
    if locked.version != version:
        raise StaleVersion
    locked.answers = {**locked.answers, **answers}
    write_columns(locked, columns)
    locked.version += 1
    locked.save()
    for attachment in removable(locked).filter(pk__in=[one.pk for one in remove]):
        attaching.detach(attachment)
    if letter:
        attaching.attach(locked, letter, Attachment.AttachmentKind.LETTER, by=by)
    for upload in others:
        attaching.attach(locked, upload, Attachment.AttachmentKind.OTHER, by=by)
    return locked
