"""Giving a stored file back, the same way at every door."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from requests_app.models import Attachment, Scan, StoredFile
from requests_app.readings import note_reading
from workflow.errors import Refused


class FileClosed(Refused):
    """Nobody reads the file now: the virus scanner has not passed it."""

    code = "file_closed"


def as_download(attachment: Attachment, reader: Any) -> FileResponse:
    """The file of a request; that `reader` is given a confidential one is recorded.

    The caller has asked `Attachment.objects.visible_to`. Raises as `give` does.
    """
    return give(attachment, lambda: note_reading(attachment, reader))


def give(stored: StoredFile, note: Callable[[], None]) -> FileResponse:
    """The file, to be saved and never shown inside the portal's own pages; `note` is called once
    it is certain that it can be given.

    Raises FileClosed for a file that was not checked for viruses yet or did not pass, Http404 for
    a lost one.
    """
    if not stored.is_readable:
        raise FileClosed(why_closed(stored))
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404(_("This file is no longer in the store.")) from lost
    note()
    response = FileResponse(
        content,
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def why_closed(stored: StoredFile) -> str:
    """A sentence about a file that cannot be read; empty for any other."""
    name = {"name": stored.name}
    if stored.scan == Scan.WAITING:
        return _("“%(name)s” is still being checked for viruses. Try again in a minute.") % name
    if stored.scan == Scan.REFUSED:
        return _("“%(name)s” was refused by the virus scanner. Nobody can open it.") % name
    return ""
