"""Giving a stored file back, the same way at every door."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from requests_app import ranges
from requests_app.models import Attachment, Scan, StoredFile
from requests_app.readings import note_reading
from workflow.errors import Refused
from workflow.preconditions import has_it


class FileClosed(Refused):
    """Nobody reads the file now: the virus scanner has not passed it."""

    code = "file_closed"


class ImpossibleRange(Refused):
    """The part that was asked for lies behind the end of the file; `headers` say where that is."""

    code = "impossible_range"

    def __init__(self, size: int, tag: str) -> None:
        said = _("The file has %(size)d bytes; the part that was asked for begins behind them.")
        super().__init__(said % {"size": size})
        self.headers = {"Content-Range": f"bytes */{size}", "ETag": tag, "Accept-Ranges": "bytes"}

    def in_plain_text(self) -> HttpResponseBase:
        """For doors that are no API: only a program asks for parts."""
        answer = HttpResponse(self.sentence, "text/plain; charset=utf-8", 416, headers=self.headers)
        return _with_headers(answer, self.headers["ETag"])


def as_download(attachment: Attachment, request: Any) -> HttpResponseBase:
    """The file of a request; that the caller is given a confidential one is recorded.

    The caller has asked `Attachment.objects.visible_to`. Raises as `give` does.
    """
    return give(attachment, request, lambda: note_reading(attachment, request.user))


def give(stored: StoredFile, request: Any, note: Callable[[], None]) -> HttpResponseBase:
    """The file, or the part of it that `Range` asks for (206); 304 for a caller who has it. To be
    saved and never shown inside the portal's own pages; `note` is called once it is certain that
    some of it is given.

    Call it when the caller is known to see the file. Raises FileClosed for a file that was not
    checked for viruses yet or did not pass, ImpossibleRange for a part that there is not, Http404
    for a lost one.
    """
    if not stored.is_readable:
        raise FileClosed(why_closed(stored))
    tag = f'"{stored.sha256}"'
    if has_it(request, tag):
        return _with_headers(HttpResponse(status=304), tag)
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404(_("This file is no longer in the store.")) from lost
    size = content.size
    try:
        asked = ranges.asked_part(request, tag, size)
    except ranges.Impossible as behind:
        content.close()
        raise ImpossibleRange(size, tag) from behind
    note()
    how: dict[str, Any] = {"as_attachment": True, "filename": stored.name}
    how["content_type"] = stored.content_type
    if asked is None:
        return _with_headers(FileResponse(content, **how), tag)
    return _with_headers(ranges.part(content, asked, size, **how), tag)


def _with_headers(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
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
