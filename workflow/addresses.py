"""Addresses that many rows of one answer share but for one part."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from workflow.rows import Context, FromColumns

_GAP = "765432123456"  # fits wherever a number or a reference does


def with_gap(name: str, request: Any, *before: str) -> tuple[str, str]:
    """What stands before and after the last argument of a named address, for this caller: to be
    put together for each row, instead of asking the map of the site each time."""
    start, end = _path(name, before, get_script_prefix())
    return request.build_absolute_uri(start), end


@lru_cache(maxsize=1000)
def _path(name: str, before: tuple[str, ...], script_prefix: str) -> tuple[str, str]:
    start, _gap, end = reverse(name, args=[*before, _GAP]).rpartition(_GAP)
    return start, end


@extend_schema_field(OpenApiTypes.URI)
class AddressById(FromColumns):
    """The named address of a row, which ends in the row's id."""

    columns = ("id",)

    def __init__(self, name: str, **kwargs: Any) -> None:
        self.name = name
        super().__init__(**kwargs)

    def function(self, context: Context) -> Callable[..., str]:
        before, after = with_gap(self.name, context["request"])
        return lambda pk: f"{before}{pk}{after}"
