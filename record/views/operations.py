"""Operations: all of them with their figures, and one page for each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.spreadsheets import in_lines
from record.models import Operation
from record.operations_page import WIDTH, grouped
from record.reading import its_page, one_to_read


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    rows = Operation.objects.visible_to(request.user).select_related("series")
    operations = list(rows.prefetch_related("figures"))
    context = {"groups": grouped(operations), "width": WIDTH}
    return render(request, "record/operations.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Operation.objects.select_related("series").prefetch_related("figures")
    found = one_to_read(request, rows, slug)
    return its_page(request, "record/operation.html", found)


@require_safe
def csv(request: HttpRequest) -> HttpResponse:
    """A line for each figure, so that no measure stands in a column of another."""
    rows = Operation.objects.visible_to(request.user).prefetch_related("figures")
    head = [
        "operation", "from", "until", "measure", "qualifier", "number", "said_on", "precision",
        "source", "source_url",
    ]  # fmt: skip
    lines = [
        [
            operation.title, _day(operation.starts_on), _day(operation.ends_on), one.measure,
            one.qualifier, str(one.number), _day(one.effective_on), one.precision, one.source,
            one.source_url,
        ]
        for operation in rows.order_by("starts_on", "pk")
        for one in operation.figures.all()
    ]  # fmt: skip
    response = HttpResponse(in_lines([head, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="operations.csv"'
    return response


def _day(day: object) -> str:
    return "" if day is None else str(day)
