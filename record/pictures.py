"""Pictures, made small enough for slow links when they come.

Judged by content and never by name. What is kept is drawn anew from the points of the picture: the
notes of a camera, with the place where it stood, do not come along, and neither does the file.
"""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from record.models import Picture
from requests_app import scanning
from requests_app.attaching import safe_name, too_large

CONTENT_TYPE = "image/webp"
FORMATS = ("JPEG", "PNG", "WEBP")
# A small file can unfold to a picture that fills the memory. Cameras of today make up to 50 million
# points, as JPEG, which is made smaller while it unfolds. A PNG takes 4 bytes for each, a WebP 16.
MOST_POINTS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 16_000_000}
# Longest side in points and most bytes: a page and all it brings stays under 80 kB (design §11).
LARGE = (960, 30_000)
SMALL = (320, 6_000)
_ENOUGH = 2 * LARGE[0]  # longest side that is worked on
_AT_ONCE = 1_000_000  # points
_QUALITIES = (75, 55, 40)


@dataclass(frozen=True)
class Drawn:
    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Made:
    """What is kept of a picture that came."""

    name: str
    large: Drawn
    small: Drawn


def what_may_come_in() -> str:
    return _(
        "A picture (JPEG, PNG, WebP). It is made smaller; where and with what it was taken is not "
        "kept."
    )


LIMITS = lazy(what_may_come_in, str)()


def made_of(upload: UploadedFile) -> Made:
    """The two sizes of a picture. Raises ValidationError with a sentence."""
    name = safe_name(upload.name)
    if getattr(upload, "was_cut", False):
        raise ValidationError(too_large(name))
    picture = _read(upload, name)
    kept_as = f"{PurePath(name).stem[:140]}.webp"
    return Made(kept_as, _drawn(picture, *LARGE), _drawn(picture, *SMALL))


def put(row: Picture, made: Made) -> None:
    """Store the files and what they say of themselves in `row`, which the caller saves, in a
    transaction; files that stood there before go once that is certain."""
    for old in (row.file, row.small):
        if old:
            transaction.on_commit(partial(old.storage.delete, str(old.name)))
    row.name, row.content_type = made.name, CONTENT_TYPE
    row.size, row.sha256 = len(made.large.content), sha256(made.large.content).hexdigest()
    row.width, row.height = made.large.width, made.large.height
    row.small_width, row.small_height = made.small.width, made.small.height
    row.file.save(made.name, ContentFile(made.large.content), save=False)
    row.small.save(made.name, ContentFile(made.small.content), save=False)
    scanning.ask_about(row)


def _read(upload: UploadedFile, name: str) -> Image.Image:
    """The picture upright, its points and nothing else."""
    upload.seek(0)
    most = min(MOST_POINTS.values())  # where there are so many that nobody looks at the kind
    try:
        found: Any = Image.open(upload, formats=FORMATS)
        most = MOST_POINTS[found.format]
        if found.width * found.height > most:
            raise Image.DecompressionBombError
        found.draft("RGB", (_ENOUGH, _ENOUGH))  # a JPEG need not be unfolded whole
        upright = ImageOps.exif_transpose(_shrunk(found))
    except Image.DecompressionBombError:
        sentence = _("“%(name)s” has too many points: up to %(most)d million can be taken.")
        said = {"name": name, "most": most // 1_000_000}
        raise ValidationError(sentence % said) from None
    except Image.UnidentifiedImageError:
        sentence = _("“%(name)s” is not a JPEG, PNG or WebP picture, whatever its name says.")
        raise ValidationError(sentence % {"name": name}) from None
    except Exception:  # noqa: BLE001 - decoders raise many kinds, those of a camera's notes more
        sentence = _("“%(name)s” is damaged: it cannot be read to its end. Save it again.")
        raise ValidationError(sentence % {"name": name}) from None
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    return plain


def _shrunk(found: Image.Image) -> Image.Image:
    """On white, and no longer than enough; with the notes that say how it stands. Band by band, so
    that the whole of it is in memory once, and not once for each thing that is done to it."""
    by = -(-max(found.size) // _ENOUGH)
    size = (-(-found.width // by), -(-found.height // by))
    small = Image.new("RGB", size, "white")
    height = by * max(1, _AT_ONCE // (found.width * by))
    for top in range(0, found.height, height):
        bottom = min(top + height, found.height)
        band = found.crop((0, top, found.width, bottom)).convert("RGBA").reduce(by)
        small.paste(band, (0, top // by), band.getchannel("A"))
    small.info.update(found.info)
    return small


def _drawn(picture: Image.Image, longest: int, most: int) -> Drawn:
    """As good as the bytes allow: first the quality gives way, then the size."""
    while True:
        fitting = picture.copy()
        fitting.thumbnail((longest, longest))
        for quality in _QUALITIES:
            out = BytesIO()
            fitting.save(out, "WEBP", quality=quality)
            if out.tell() <= most:
                return Drawn(out.getvalue(), fitting.width, fitting.height)
        longest = longest * 4 // 5
