"""Lists and details of the API for reading, with `fields` to ask for less.

A list is read by columns where its serializer allows (see workflow.rows) and comes in the pages
of the view's paginator; every parameter was judged before (see workflow.parameters).
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.kept_queries import KeptQuery
from workflow.parameters import KnownParameters
from workflow.rows import field_names, rows_of

Build = Callable[..., "QuerySet[Any]"]


def chosen_fields(request: Request) -> tuple[str, ...]:
    """The names in `fields`; none where everything is asked for."""
    asked = request.query_params.get("fields", "")
    return tuple(name for name in asked.split(",") if name)


class Kept:
    """A queryset that `build(**values)` gives, to be asked for in pages by kept queries.

    `key` is whatever else the queryset depends on: the view, the names of the filters.
    """

    _queries: ClassVar[dict[Any, KeptQuery]] = {}
    _most = 500  # callers choose fields and sizes of pages

    def __init__(self, key: tuple[Any, ...], build: Build, values: dict[str, Any]) -> None:
        self.key, self.build, self.values = key, build, values

    def rows(
        self, shape: tuple[Any, ...], on_page: Build, at: dict[str, Any]
    ) -> list[tuple[Any, ...]]:
        """The tuples that `on_page(queryset, **at)` selects; `shape` is all that it depends on."""
        key = (*self.key, *shape, *at)
        if len(self._queries) > self._most:
            self._queries.clear()
        if key not in self._queries:
            names, build = tuple(self.values), self.build

            def page(**marks: Any) -> "QuerySet[Any]":
                its = {name: marks.pop(name) for name in names}
                return on_page(build(**its), **marks)

            self._queries[key] = KeptQuery(page)
        return self._queries[key].rows(**self.values, **at)


class Selectable(KnownParameters):
    """A view whose answers can be had in part."""

    detail_serializer_class: Any = None  # where a detail shows more than a row of the list

    def selectable_fields(self) -> tuple[str, ...]:
        view: Any = self
        is_one = getattr(view, "detail", False)
        whole = self.detail_serializer_class if is_one else None
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
