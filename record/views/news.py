"""News and events."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from record.models import NewsItem


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    rows = NewsItem.objects.visible_to(request.user).select_related("picture")
    return render(request, "record/news.html", {"items": rows})
