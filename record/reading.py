"""What the pages of the record share: one record to read, with its preview for the Secretariat."""

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from record.models import Record

R = TypeVar("R", bound=Record)


def one_to_read(request: HttpRequest, rows: "QuerySet[R]", slug: str) -> R:
    """The record at that address, drafts too for the Secretariat; its page says which it is
    (templates/record/_preview.html). Raises Http404 where there is nothing the reader may see:
    a draft answers a stranger as an address that never was."""
    readable: Any = rows.model._default_manager.inside(request.user)
    found = rows.filter(pk__in=readable.values("pk"), slug=slug).first()
    if found is None:
        raise Http404
    return found


def its_page(
    request: HttpRequest, template: str, record: Record, *, is_for_few: bool = False, **more: Any
) -> HttpResponse:
    """The page of a record. What not everybody may read is kept by no cache on its way and by no
    browser: a preview, and a page that says more to this reader (`is_for_few`)."""
    answer = render(request, template, {"record": record, **more})
    return answer if record.is_public and not is_for_few else kept_nowhere(answer)


def kept_nowhere(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer
