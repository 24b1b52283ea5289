"""Giving an attached file back, the same way at every door."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from requests_app.models import Attachment, Scan
from requests_app.readings import note_reading
from workflow.errors import Refused


class FileClosed(Refused):
    """Nobody reads the file now: the virus scanner has not passed it."""

    code = "file_closed"


def as_download(attachment: Attachment, reader: Any) -> FileResponse:
    """The file, to be saved and never shown inside the portal's own pages.

    The caller has asked `Attachment.objects.visible_to`. That `reader` is given a confidential
    file is recorded. Raises FileClosed for a file that was not checked for viruses yet or did not
    pass, Http404 for a lost one.
    """
    if not attachment.is_readable:
        raise FileClosed(why_closed(attachment))
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404(_("This file is no longer in the store.")) from lost
    note_reading(attachment, reader)
    response = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def why_closed(attachment: Attachment) -> str:
    """A sentence about a file that cannot be read; empty for any other."""
    name = {"name": attachment.name}
    if attachment.scan == Scan.WAITING:
        return _("“%(name)s” is still being checked for viruses. Try again in a minute.") % name
    if attachment.scan == Scan.REFUSED:
        return _("“%(name)s” was refused by the virus scanner. Nobody can open it.") % name
    return ""
