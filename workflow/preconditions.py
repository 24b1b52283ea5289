"""What a caller says it has read: If-Match before a write, If-None-Match before a reading."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from workflow.errors import PreconditionMissing, StaleVersion

ANY = "*"


def tags_in(request: Any, header: str) -> list[str]:
    """The entity tags of a header. A W/ is left away: compressing an answer on its way makes our
    tag a weak one (RFC 9110 §8.8.1), and a caller who asked for gzip has no other."""
    # Not out of `headers`, which are all made when one of them is asked for.
    said = request.META.get(f"HTTP_{header.upper().replace('-', '_')}", "")
    tags = (tag.strip() for tag in said.split(","))
    return [tag.removeprefix("W/") for tag in tags if tag]


def has_it(request: Any, tag: str) -> bool:
    """Whether the caller says that it holds this very answer: 304 will do. `*` is “any”."""
    known = tags_in(request, "If-None-Match")
    return ANY in known or tag in known


def judge_if_match(request: Request, present: Callable[[], Response]) -> Response | None:
    """Raise PreconditionMissing without If-Match (RFC 6585 §3), StaleVersion when none of its
    tags is the one of `present()`: the answer that this caller would get for reading it now.

    For every write to something that exists. `*` is “whatever it is now”. The caller of this
    passes the version that `present` was made of on to `perform`, which refuses any later one.
    Gives that answer; None where `*` made it needless.
    """
    tags = tags_in(request, "If-Match")
    if tags == [ANY]:
        return None
    answer = present()
    tag = answer["ETag"]
    if not tags:
        raise PreconditionMissing(tag)
    if tag not in tags:
        raise StaleVersion(tag)
    return answer
