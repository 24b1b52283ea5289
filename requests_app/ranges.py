"""Parts of a file, as a caller asks for them (RFC 9110 §14).

Our own few lines: the packages that do it for Django have had no release in years. The file that
gives one part and no more is WhiteNoise's.
"""

import re
from typing import Any

from django.http import FileResponse
from whitenoise.responders import SlicedFile

# Eighteen digits are more than any file has; whoever sends more asks for what there is not.
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Impossible(ValueError):
    """The part begins behind the end of the file."""


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None for several ranges, or what is none: then the whole is given,
    as RFC 9110 §14.2 allows. Raises Impossible."""
    match = _ONE_RANGE.fullmatch(asked)
    if match is None:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None  # not a range at all (§14.1.2)
    if start >= size or start > end:
        raise Impossible
    return start, end


def asked_part(request: Any, tag: str, size: int) -> tuple[int, int] | None:
    """The part to give to this call; None for the whole file. Raises Impossible.

    `If-Range` with another tag than the present one (or with a date: we give none) asks for the
    whole, so that nobody joins parts of two files.
    """
    if request.method != "GET" or request.headers.get("If-Range", tag).strip() != tag:
        return None
    return part_of(request.headers.get("Range", ""), size)


def part(content: Any, asked: tuple[int, int], size: int, **how: Any) -> FileResponse:
    """206, read from the disk as it is sent."""
    first, last = asked
    response = FileResponse(SlicedFile(content, first, last), status=206, **how)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response
