from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from partners.access import standing
from requests_app.copy_pdf import copy_of
from requests_app.models import Attachment, RequestVersion, SupportRequest
from requests_app.reading import is_of_the_party
from requests_app.views.detail import visible_request


@require_safe
@login_required
def copy_pdf(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """The copy of one submitted version, to be saved; ?language= for another than the reader's."""
    support_request = visible_request(request, handle)
    version = get_object_or_404(_open_to(request.user, support_request), number=number)
    version.support_request = support_request
    version.attachments = _files_open_to(request.user, version)
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = get_language() or settings.LANGUAGE_CODE
    file = copy_of(version, language)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _open_to(actor: Any, support_request: SupportRequest) -> "QuerySet[RequestVersion]":
    """All versions to the Party and the Secretariat; to an agency the last, as on every page."""
    versions = support_request.versions.select_related("submitted_by")
    if is_of_the_party(actor, support_request) or standing(actor).sees_all:
        return versions
    return versions.filter(number=versions.aggregate(last=Max("number"))["last"])


def _files_open_to(actor: Any, version: RequestVersion) -> list[dict[str, Any]]:
    """The files that the version names, as far as the reader may know of them."""
    attached: list[dict[str, Any]] = version.attachments
    if is_of_the_party(actor, version.support_request) or standing(actor).sees_all:
        return attached
    visible = Attachment.objects.visible_to(actor).filter(support_request=version.support_request)
    known = set(visible.values_list("name", "sha256"))
    return [one for one in attached if (one["name"], one["sha256"]) in known]
