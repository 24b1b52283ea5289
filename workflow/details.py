"""Details of the API that are read by columns, with what stands below them (see workflow.below)."""

from types import SimpleNamespace
from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.api import tagged
from workflow.below import fill, with_room
from workflow.lists import Selectable
from workflow.rows import rows_of


class OneWithTag(Selectable):
    """A row at its name (`lookup_field`), with an ETag: 304 while its reader would see the same."""

    is_tagged = True

    def get_serializer_context(self) -> dict[str, Any]:
        view: Any = super()
        return with_room(view.get_serializer_context())

    def retrieve(self, request: Request, **named: str) -> Response:
        view: Any = self
        name = named[view.lookup_field]
        rows = rows_of(self.detail_serializer_class or view.get_serializer_class())
        context = self.get_serializer_context()
        found = rows.select(view.get_queryset().filter(**{view.lookup_field: name}))
        written = fill(list(map(rows.writer(context), found)), context)
        if not written:
            raise Http404
        return tagged(request, SimpleNamespace(pk=name), written[0])
