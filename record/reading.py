"""What the pages of the record share: one record to read, with its preview for the Secretariat."""

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

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
