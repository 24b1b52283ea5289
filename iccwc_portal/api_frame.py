"""What all lists of the API have in common: filters that ignore nothing."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from workflow.parameters import InvalidParameter


class StrictFilterBackend(DjangoFilterBackend):
    """An impossible value is an error that names its parameter, never ignored. Which parameters
    there are was judged before (workflow.parameters)."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if getattr(view, "detail", False):
            return queryset
        filterset = self.checked(request, queryset, view)
        return queryset if filterset is None else filterset.qs

    def checked(self, request: Request, queryset: Any, view: Any) -> Any:
        """The view's filter set, valid; None where there is nothing to filter by."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is not None and not filterset.is_valid():
            raise InvalidParameter(
                {name: [str(s) for s in said] for name, said in filterset.errors.items()}
            )
        return filterset
