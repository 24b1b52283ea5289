"""The table as GeoJSON (RFC 7946): one feature an implementation, with its Party's outline."""

from typing import Any

from partners import map as world
from toolkit.downloads.plain import row_said
from toolkit.downloads.printed import OUTLINES, Printed, head_of


def as_geojson(printed: Printed) -> dict[str, Any]:
    """Programs that know GeoJSON leave the other members alone; several cycles of one Party are
    several features with one outline. The European Union has none, and its geometry is null."""
    geometry = world.geometry()
    return {
        "type": "FeatureCollection",
        **head_of(printed),
        "outlines": OUTLINES,
        "features": [
            {
                "type": "Feature",
                "id": f"{row.implementation.party.code}-{row.implementation.cycle}",
                "geometry": geometry.get(row.implementation.party.code),
                "properties": row_said(row),
            }
            for row in printed.rows
        ],
    }
