"""Lists and details of the API for reading, with `fields` to ask for less.

A list is read by columns where its serializer allows (see workflow.rows) and comes in the pages
of the view's paginator; the view's filter backend has judged every parameter before.
"""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from workflow.rows import field_names, rows_of


def chosen_fields(request: Request) -> tuple[str, ...]:
    """The names in `fields`; none where everything is asked for."""
    asked = request.query_params.get("fields", "")
    return tuple(name for name in asked.split(",") if name)


class Selectable:
    """A view whose answers can be had in part."""

    detail_serializer_class: Any = None  # where a detail shows more than a row of the list

    def selectable_fields(self) -> tuple[str, ...]:
        view: Any = self
        whole = self.detail_serializer_class if view.detail else None
        return field_names(whole or view.get_serializer_class())


class ListOfRows(Selectable):
    """The rows of a list that its reader may see, by pages, or all of them as a file: a renderer
    that `is_download` has a method `of_queryset` which gives the answer."""

    downloads = True

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        view: Any = self
        found = view.filter_queryset(view.get_queryset())
        rows = rows_of(view.get_serializer_class(), chosen_fields(request))
        renderer: Any = request.accepted_renderer
        if getattr(renderer, "is_download", False):
            answer: Response = renderer.of_queryset(found, rows, request, view)
            return answer
        page = view.paginator.page_of(found, rows, request, view)
        return view.paginator.get_paginated_response(page)


class OneRow(Selectable):
    """One row that its reader may see."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        view: Any = self
        rows = rows_of(view.get_serializer_class(), chosen_fields(request))
        return Response(rows.of_object(view.get_object(), view.get_serializer_context()))
