"""Keeping the files of a cycle: judged by content, stored privately, checked for viruses."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from requests_app import scanning
from requests_app.attaching import ALLOWED, fingerprint, judge, safe_name
from requests_app.models import Scan
from toolkit.models import Document, Implementation, Recommendation, StepStatus
from workflow.errors import InvalidInput

MOST = 200  # of one cycle


def keep(
    implementation: Implementation,
    upload: UploadedFile,
    *,
    by: Any,
    title: str,
    readers: str,
    step: StepStatus | None = None,
    recommendation: Recommendation | None = None,
) -> Document:
    """Store a file with a cycle. Call with the row of the cycle held.

    Raises InvalidInput, at "file", for an unfit file, one that the virus scanner has refused
    before, or one too many.
    """
    try:
        content_type = judge(upload)
    except ValidationError as unfit:
        raise InvalidInput({"file": unfit.messages}) from unfit
    stem = PurePath(safe_name(upload.name)).stem[:140] or "file"
    document = Document(
        implementation=implementation,
        step=step,
        recommendation=recommendation,
        title=title,
        readers=readers,
        name=f"{stem}{ALLOWED[content_type]}",
        content_type=content_type,
        size=upload.size or 0,
        sha256=fingerprint(upload),
        added_by=by,
    )
    of_cycle = implementation.documents.all()
    if of_cycle.filter(sha256=document.sha256, scan=Scan.REFUSED).exists():
        sentence = _("“%(name)s” was refused by the virus scanner. Send another file.")
        raise InvalidInput({"file": [sentence % {"name": document.name}]})
    if of_cycle.count() >= MOST:
        sentence = _("A cycle can have up to %(most)d documents.")
        raise InvalidInput({"file": [sentence % {"most": MOST}]})
    document.file.save(document.name, upload, save=False)
    scanning.ask_about(document)
    document.save()
    return document
