"""The report as a PDF file with tags: the same bytes for the same document."""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from iccwc_portal.report.document import Document, Map
from partners.map import DISCLAIMER, WorldMap
from requests_app.copy_pdf import fonts

_SOURCE = Path(__file__).parent / "report.typ"
_MAP_ALONE = b"""#set page(width: 24cm, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)"""
# As in static/css/map.css, from "nothing" to the darkest.
_SHADES = ("#c3ccc8", "#a9d5c1", "#6fb597", "#38906c", "#12603f", "#062b1d")


def pdf(document: Document) -> bytes:
    with translation.override(document.language):
        data = {
            "title": document.title,
            "language": document.language,
            "date": {part: getattr(document.day, part) for part in ("year", "month", "day")},
            "facts": document.facts,
            "words": {
                "author": _("ICCWC support portal"),
                "page": _("Page {page} of {pages}"),
            },
            "blocks": [_block(block) for block in document.blocks],
        }
    compiler = typst.Compiler(_SOURCE.read_bytes(), font_paths=fonts())
    made = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(data)})
    return _as_bytes(made)


def map_png(world: WorldMap) -> bytes:
    """The map as a picture, for files that cannot hold a drawing."""
    compiler = typst.Compiler(_MAP_ALONE)
    made = compiler.compile(format="png", ppi=144, sys_inputs={"svg": map_svg(world)})
    return _as_bytes(made)


def map_svg(world: WorldMap) -> str:
    """The map as a drawing that needs no stylesheet."""
    shapes = [f'<path fill="#dcdfde" d="{world.land}"/>']
    for place in world.places:
        fill = f'fill="{_SHADES[place.said.step]}" stroke="#ffffff" stroke-width="1"'
        if place.outline:
            shapes.append(f'<path {fill} d="{place.outline}"/>')
        if place.dot:
            x, y = place.dot
            shapes.append(f'<circle {fill} cx="{x}" cy="{y}" r="7"/>')
    dashes = 'fill="none" stroke="#4a5751" stroke-width="1.2" stroke-dasharray="5 4"'
    shapes.append(f'<path {dashes} d="{world.disputed}"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{escape(world.view_box)}">'
    return f"{head}{''.join(shapes)}</svg>"


def legend_of(world: WorldMap) -> list[tuple[str, str]]:
    """Colour and words of each shade."""
    return [(_SHADES[step], str(words)) for step, words in world.legend]


def disclaimer() -> str:
    """What stands under every map."""
    return str(DISCLAIMER)


def _block(block: Any) -> dict[str, Any]:
    if isinstance(block, Map):
        return {
            "kind": block.kind,
            "title": block.title,
            "svg": map_svg(block.world),
            "alt": f"{block.title}. {block.words}",
            "legend": legend_of(block.world),
            "note": disclaimer(),
        }
    said = {"kind": block.kind, **vars(block)}
    for name in ("numbers", "centred"):
        if name in said:
            said[name] = sorted(said[name])
    return said


def _as_bytes(made: Any) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no file")
    return made
