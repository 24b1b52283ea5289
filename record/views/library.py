"""The document library."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from record.links import alive
from record.models import Document
from record.reading import one_to_read


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    rows = Document.objects.visible_to(request.user).prefetch_related("versions")
    order = {kind: place for place, kind in enumerate(Document.Kind)}
    documents = sorted(rows, key=lambda one: order[Document.Kind(one.kind)])
    kinds = groupby(documents, lambda one: Document.Kind(one.kind))
    context = {"kinds": [(kind, list(some)) for kind, some in kinds]}
    return render(request, "record/library.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_to_read(request, Document.objects.prefetch_related("versions", "topics"), slug)
    versions = list(found.versions.all())
    context = {"record": found, "versions": versions, "alive": alive(v.url for v in versions)}
    return render(request, "record/document.html", context)
