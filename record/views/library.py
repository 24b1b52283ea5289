"""The document library: a list, a page of each document, and the files that are kept here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from record.library_page import LibraryQuestion, readable
from record.models import Document, DocumentVersion
from record.paging import page_of
from record.reading import its_page, one_to_read
from requests_app.downloads import ImpossibleRange, give

PAGE = 50


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    form = LibraryQuestion(request.GET, Document.objects.visible_to(request.user))
    if not form.is_valid():
        return render(request, "record/library.html", {"form": form}, status=400)
    rows = form.narrowed().prefetch_related("versions")
    page = page_of(rows, "effective_on", request, at_once=PAGE)
    return render(request, "record/library.html", page | {"form": form})


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_to_read(request, Document.objects.prefetch_related("versions", "topics"), slug)
    versions = readable(found, found.versions.all())
    return its_page(request, "record/document.html", found, versions=versions)


@require_safe
def file(request: HttpRequest, slug: str, language: str) -> HttpResponseBase:
    """The file of a published document for everybody, that of a draft for the Secretariat. While
    the virus scanner has not passed it there is none."""
    rows = DocumentVersion.objects.filter(document__slug=slug, language=language)
    found, is_public = rows.visible_to(None).first(), True
    if found is None:
        found, is_public = rows.inside(request.user).first(), False
    if found is None or not found.file_is_open:
        raise Http404
    try:
        answer = give(found, request, _nobody_notes)
    except ImpossibleRange as behind:
        answer = behind.in_plain_text()
    if is_public:
        answer["Cache-Control"] = "public, no-cache"  # asked for again each time: it may go
    return answer


def _nobody_notes() -> None:
    """Who reads what is public is nobody's business."""
