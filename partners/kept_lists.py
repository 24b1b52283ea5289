"""Lists of the API that keys ask for by the thousand, narrowed by words alone.

The query is written out once for each set of filters, order and page, and kept (see
workflow.kept_queries). Whatever else is asked, and whatever is asked wrongly, takes the usual way:
here nothing is refused.
"""

from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from partners.api_filters import WordFilter
from partners.kept_reading import as_agency, reading_agency
from workflow.lists import Build, Kept, ListOfRows, chosen_fields
from workflow.rows import rows_of


class ListForKeys(ListOfRows):
    """A view gives `rows_of_reader(reader)`: what the reader may see, before any filter."""

    @staticmethod
    def rows_of_reader(reader: Any) -> "QuerySet[Any]":
        raise NotImplementedError

    def get_queryset(self) -> "QuerySet[Any]":
        view: Any = self
        return self.rows_of_reader(view.request.user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        view: Any = self
        agency_id, words = reading_agency(request.user), _words(view, request)
        is_file = getattr(request.accepted_renderer, "is_download", False)
        rows = rows_of(view.get_serializer_class(), chosen_fields(request))
        if agency_id is None or words is None or is_file or not rows.is_direct:
            return super().list(request, *args, **kwargs)
        # Says of which model the pages are; the rows come from what is kept.
        nothing = view.get_serializer_class().Meta.model.objects.none()
        build = _narrowed(type(self).rows_of_reader)
        kept = Kept((type(self), *words), build, {"agency_id": agency_id, **words})
        page = view.paginator.page_of(nothing, rows, request, view, kept)
        answer: Response = view.paginator.get_paginated_response(page)
        return answer


def _words(view: Any, request: Request) -> dict[str, list[str]] | None:
    """The words of each filter that is asked for; None where something else is asked."""
    filters = view.filterset_class.base_filters
    known = view.paginator.parameters(view)
    found = {}
    for name, values in request.query_params.lists():
        if name in known and len(values) == 1 and values[0]:
            continue
        words, one = sorted(set(values)), filters.get(name)
        if name in known or not _takes(one, words):
            return None
        found[one.field_name] = words
    fields = chosen_fields(request)
    wrong = "fields" in request.query_params and not fields
    return None if wrong or set(fields) - set(view.selectable_fields()) else found


@lru_cache(maxsize=100)
def _narrowed(rows_of_reader: Build) -> Build:
    """With each word's filter as WordFilter has it."""
    seen = as_agency(rows_of_reader)
    return lambda agency_id, **words: seen(agency_id).filter(
        **{f"{name}__in": some for name, some in words.items()}
    )


def _takes(one: Any, words: list[str]) -> bool:
    plain = isinstance(one, WordFilter) and not one.method
    return plain and set(words) <= {str(key) for key, _label in one.extra["choices"]}
