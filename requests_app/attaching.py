"""Attaching files to a request: what may come in, judged by content and never by name."""

import hashlib
import re
import unicodedata
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from partners.models import User
from requests_app import scanning
from requests_app.models import Attachment, Referral, Scan, StoredFile, SupportRequest
from workflow.errors import InvalidInput

# Content type → the ending under which it is given back.
ALLOWED = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
# Something may stand before the file proper; readers of PDF look this far for its beginning.
_PDF_BEGINS_WITHIN = 1024
# Of one request.
MAX_LETTERS = 3
MAX_OTHERS = 10
MAX_OF_AGENCY = 50  # of one agency

Kept = TypeVar("Kept", bound=StoredFile)


def judge(upload: UploadedFile) -> str:
    """The content type of an acceptable file. Raises ValidationError with a sentence."""
    size = upload.size or 0
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(too_large(safe_name(upload.name)))
    if getattr(upload, "was_cut", False):
        at_once = filesizeformat(settings.ATTACHMENTS_MAX_BYTES_AT_ONCE)
        raise ValidationError(
            _("“%(name)s” came with too much else. Send up to %(limit)s at once, then the rest.")
            % {"name": safe_name(upload.name), "limit": at_once}
        )
    if size == 0:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": safe_name(upload.name)})
    found = _content_type(upload)
    if found not in ALLOWED:
        raise ValidationError(
            _("“%(name)s” is not a PDF file or a PNG or JPEG picture, whatever its name says.")
            % {"name": safe_name(upload.name)}
        )
    return found


def what_may_come_in() -> str:
    """The limits as a sentence, to be read before a file is chosen."""
    return _("A PDF file or a picture (PNG, JPEG) of up to %(limit)s.") % {"limit": _limit()}


LIMITS = lazy(what_may_come_in, str)()  # for whatever is declared once and read in any language


def too_large(name: str) -> str:
    sentence = _("“%(name)s” is too large. A file can have up to %(limit)s.")
    return sentence % {"name": name, "limit": _limit()}


def _limit() -> str:
    return filesizeformat(settings.ATTACHMENT_MAX_BYTES)


def _content_type(upload: UploadedFile) -> str:
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found not in ALLOWED and b"%PDF-" in head[:_PDF_BEGINS_WITHIN]:
        return "application/pdf"
    return found


def safe_name(name: str | None) -> str:
    """A name that is safe in a header, on a page and on any disk; letters of any script stay."""
    plain = unicodedata.normalize("NFC", PurePath((name or "").replace("\\", "/")).name)
    plain = re.sub(r"[^\w .()-]", "_", plain).strip(" .")
    return plain[-150:] or "file"


def described(upload: UploadedFile) -> dict[str, Any]:
    """The columns of a file that its content decides. Raises ValidationError for an unfit file."""
    content_type = judge(upload)
    stem = PurePath(safe_name(upload.name)).stem[:140] or "file"
    return {
        "name": f"{stem}{ALLOWED[content_type]}",
        "content_type": content_type,
        "size": upload.size or 0,
        "sha256": fingerprint(upload),
    }


def refuse_known_virus(same: "QuerySet[Any]", name: str) -> None:
    """Raise ValidationError if one of the stored files of the same content was refused."""
    if same.filter(scan=Scan.REFUSED).exists():
        sentence = _("“%(name)s” was refused by the virus scanner. Send another file.")
        raise ValidationError(sentence % {"name": name})


def store(row: Kept, upload: UploadedFile) -> Kept:
    """Store the file and its row, and have it looked at."""
    row.file.save(row.name, upload, save=False)
    scanning.ask_about(row)
    row.save()
    return row


def attach(
    support_request: SupportRequest, upload: UploadedFile, kind: str, *, by: Any
) -> Attachment:
    """Store a file with the request; a file that is attached already is not stored twice.

    Call with the row of the request held. Raises ValidationError for an unfit file, and
    InvalidInput when there are as many of its kind as a request can have.
    """
    row = Attachment(support_request=support_request, kind=kind, added_by=by, **described(upload))
    same = support_request.attachments.filter(sha256=row.sha256)
    refuse_known_virus(same, row.name)
    there = same.filter(kind=kind).first()
    if there:
        return there
    _find_room(support_request, kind)
    return store(row, upload)


def bring_in(
    referral: Referral, upload: UploadedFile, *, by: User | None
) -> tuple[Attachment, bool]:
    """Store a document of the referral's agency with the request, and whether it is new: the same
    file is not stored twice.

    A new one moves the date of the referral's last change: a copy that follows the list reads the
    files again. Call with the row of the request held. Raises as `attach`.
    """
    row = Attachment(
        support_request=referral.support_request,
        agency=referral.agency,
        kind=Attachment.AttachmentKind.OTHER,
        released_at=timezone.now(),
        added_by=by,
        **described(upload),
    )
    brought = Attachment.objects.filter(
        support_request=referral.support_request_id, agency=referral.agency_id
    )
    same = brought.filter(sha256=row.sha256)
    refuse_known_virus(same, row.name)
    there = same.first()
    if there:
        return there, False
    if brought.count() >= MAX_OF_AGENCY:
        sentence = _("An agency can send up to %(most)d documents on a request.")
        raise InvalidInput({"file": [sentence % {"most": MAX_OF_AGENCY}]})
    Referral.objects.filter(pk=referral.pk).update(updated_at=timezone.now())
    return store(row, upload), True


def _find_room(support_request: SupportRequest, kind: str) -> None:
    of_kind = support_request.attachments.filter(kind=kind)
    if kind == Attachment.AttachmentKind.OTHER:
        if of_kind.count() >= MAX_OTHERS:
            sentence = _("A request can have up to %(most)d further attachments.")
            raise InvalidInput({"others": [sentence % {"most": MAX_OTHERS}]})
    # A letter that was sent later and refused cannot be taken off: it takes no room.
    elif of_kind.exclude(scan=Scan.REFUSED).count() >= MAX_LETTERS:
        sentence = _("A request can have up to %(most)d signed letters.")
        raise InvalidInput({"letter": [sentence % {"most": MAX_LETTERS}]})


def detach(attachment: Attachment) -> None:
    """Take a file off its request; the stored file goes once that is certain."""
    attachment.delete()
    if attachment.file:  # a refused file is gone already
        stored = str(attachment.file.name)
        transaction.on_commit(partial(attachment.file.storage.delete, stored))


def what_stays_closed(support_request: SupportRequest) -> dict[str, list[str]]:
    """Sentences, by the field of the form, about files that the virus scanner has not passed and
    that therefore cannot be submitted. A letter that was sent later and refused only counts as
    none: it cannot be taken off any more."""
    said: dict[str, list[str]] = {}
    waiting = _("“%(name)s” is still being checked for viruses. Try again in a minute.")
    refused = _("“%(name)s” was refused by the virus scanner. Take it off and attach another file.")
    for file in support_request.attachments.exclude(scan__in=[Scan.NOT_ASKED, Scan.CLEAN]):
        if file.scan == Scan.WAITING or file.released_at is None:
            field = "letter" if file.kind == Attachment.AttachmentKind.LETTER else "others"
            sentence = waiting if file.scan == Scan.WAITING else refused
            said.setdefault(field, []).append(sentence % {"name": file.name})
    return said


def fingerprint(upload: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
