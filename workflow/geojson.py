"""Rows of a list as features of a map (GeoJSON, RFC 7946)."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema_field

from workflow.rows import Context, FromColumns

MEDIA_TYPE = "application/geo+json"
POSITION = "position"


class _Degrees(FromColumns):
    def function(self, context: Context) -> Callable[[Any], float | None]:
        return lambda value: None if value is None else float(value)


def degrees(column: str) -> FromColumns:
    """A latitude or longitude as a number; null where it is not known."""
    of_column = type("Degrees", (_Degrees,), {"columns": (column,)})
    described = extend_schema_field({"type": ["number", "null"], "format": "double"})(of_column)
    return described()


def point(row: dict[str, Any]) -> dict[str, Any] | None:
    """Where the row lies, longitude first as the RFC has it (§3.1.1); None where nobody says."""
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}


def feature(geometry: Any, properties: dict[str, Any], row_id: str = "") -> dict[str, Any]:
    """`geometry` is None for what lies nowhere (§3.2)."""
    named = {"id": row_id} if row_id else {}
    return {"type": "Feature", **named, "geometry": geometry, "properties": properties}
