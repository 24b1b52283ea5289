"""Giving an attached file back, the same way at every door."""

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from requests_app.models import Attachment


def as_download(attachment: Attachment) -> FileResponse:
    """The file, to be saved and never shown inside the portal's own pages.

    The caller has asked `Attachment.objects.visible_to`. Raises Http404 for a lost file.
    """
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404(_("This file is no longer in the store.")) from lost
    response = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
