"""The answers of an assessment from a workbook, for whoever may answer its indicators."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from toolkit import assessing
from toolkit.framework.score_import import importer_of, template_of
from toolkit.importing.pages import Place, import_page
from toolkit.models import Assessment, Edition
from toolkit.views.assessments import about, found
from workflow.executor import can

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _to_answer(request: HttpRequest, iso3: str, pk: int) -> tuple[Assessment, Edition]:
    one = found(request, iso3, pk)
    if one.edition is None or not can(request.user, "score", one):
        raise Http404
    return one, one.edition


@never_cache
@require_safe
@login_required
def scores_workbook(request: HttpRequest, iso3: str, pk: int) -> HttpResponse:
    """The template, with what is answered already."""
    one, _edition = _to_answer(request, iso3, pk)
    response = HttpResponse(template_of(one), content_type=_XLSX)
    name = f"assessment-{one.party.code.lower()}-{one.held_on:%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def scores_import(request: HttpRequest, iso3: str, pk: int) -> HttpResponse:
    one, edition = _to_answer(request, iso3, pk)
    place = Place(
        importer=importer_of(edition),
        target=one,
        about=about(one),
        back=assessing.page_of(one),
        template_file=reverse("country_assessment_workbook", args=[iso3.lower(), pk]),
    )
    return import_page(request, place)
