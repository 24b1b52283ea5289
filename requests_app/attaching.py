"""Attaching files to a request: what may come in, judged by content and never by name."""

import hashlib
import re
import unicodedata
from functools import partial
from pathlib import PurePath
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from requests_app.models import Attachment, SupportRequest

# Content type → the ending under which it is given back.
ALLOWED = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
# Something may stand before the file proper; readers of PDF look this far for its beginning.
_PDF_BEGINS_WITHIN = 1024


def judge(upload: UploadedFile) -> str:
    """The content type of an acceptable file. Raises ValidationError with a sentence."""
    size = upload.size or 0
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is too large. A file can have up to %(limit)s.")
            % {"name": safe_name(upload.name), "limit": _limit()}
        )
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


def attach(
    support_request: SupportRequest, upload: UploadedFile, kind: str, *, by: Any
) -> Attachment:
    """Store a file with the request; a file that is attached already is not stored twice."""
    content_type = judge(upload)
    stem = PurePath(safe_name(upload.name)).stem[:140] or "file"
    attachment = Attachment(
        support_request=support_request,
        kind=kind,
        name=f"{stem}{ALLOWED[content_type]}",
        content_type=content_type,
        size=upload.size or 0,
        sha256=_fingerprint(upload),
        added_by=by,
    )
    there = support_request.attachments.filter(sha256=attachment.sha256, kind=kind).first()
    if there:
        return there
    attachment.file.save(attachment.name, upload, save=False)
    attachment.save()
    return attachment


def detach(attachment: Attachment) -> None:
    """Take a file off its request; the stored file goes once that is certain."""
    attachment.delete()
    stored = str(attachment.file.name)
    transaction.on_commit(partial(attachment.file.storage.delete, stored))


def _fingerprint(upload: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
