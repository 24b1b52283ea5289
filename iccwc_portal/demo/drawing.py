"""The picture of the demonstration, drawn here so that it is nobody's."""

from io import BytesIO

from PIL import Image, ImageDraw

_SKY, _QUAY, _LINE = "#dbe8ee", "#8a938f", "#2b3330"
_BOXES = ((60, "#12503d"), (360, "#b5610f"), (660, "#38906c"))


def containers() -> bytes:
    """Three containers at a quay, the middle one open, as PNG."""
    picture = Image.new("RGB", (960, 540), _SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 400, 960, 540), fill=_QUAY)
    for at, (left, colour) in enumerate(_BOXES):
        draw.rectangle((left, 200, left + 240, 400), fill=colour, outline=_LINE, width=4)
        for x in range(left + 24, left + 240, 24):
            draw.line((x, 206, x, 394), fill=_LINE, width=1)
        if at == 1:
            draw.rectangle((left + 40, 216, left + 200, 398), fill="#1c2220")
            draw.polygon(
                [(left, 200), (left - 50, 225), (left - 50, 415), (left, 400)], fill=colour
            )
    stored = BytesIO()
    picture.save(stored, "PNG")
    return stored.getvalue()
