"""Where the role of ICCWC was recognized: table, timeline and chart; one page for each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.spreadsheets import in_lines
from record.models import Recognition
from record.reading import its_page, one_to_read
from record.recognition_page import CATEGORIES, HEIGHT, WIDTH, by_year, counted, drawn, grouped


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    rows = list(Recognition.objects.visible_to(request.user))
    context = {
        "groups": grouped(rows),
        "years": by_year(rows),
        "columns": drawn(rows),
        "counts": counted(rows),
        "categories": CATEGORIES,
        "width": WIDTH,
        "height": HEIGHT,
        "total": len(rows),
        "in_document": sum(one.position is not None for one in rows),
    }
    return render(request, "record/recognition.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_to_read(request, Recognition.objects.all(), slug)
    return its_page(request, "record/recognition_one.html", found)


@require_safe
def csv(request: HttpRequest) -> HttpResponse:
    rows = Recognition.objects.visible_to(request.user).order_by("effective_on", "pk")
    head = [
        "category", "title", "symbol", "adopted_as", "body", "date", "precision", "place", "url",
        "row_in_sc66_inf_9", "confidence", "source",
    ]  # fmt: skip
    lines = [
        [
            row.category, row.title, row.symbol, row.adopted_as, row.body,
            row.effective_on.isoformat(), row.precision, row.place, row.url,
            str(row.position or ""), row.confidence, row.source,
        ]
        for row in rows
    ]  # fmt: skip
    response = HttpResponse(in_lines([head, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("recognition")}.csv"'
    return response
