"""What the body of a call may be: how large, how it comes, how its JSON is read."""

import json
import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from iccwc_portal.api_problems import TooLarge, is_of_api, refusal
from workflow.serializers import printable

LARGEST_BODY = 256 * 1024
DEEPEST_BODY = 20
_WITH_FILES = {"multipart/form-data"}


class MeasuredBodies:
    """Middleware: refuses a body of the API by its announced length, before any of it is read,
    and one that is sent without its length: the server hands on none of that, so that what was
    said would be lost without a word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_of_api(request):
            if "HTTP_TRANSFER_ENCODING" in request.META:
                sentence = _("Send the length of the body as Content-Length, not in chunks.")
                return refusal(request, "length_required", sentence)
            if _announced(request) > _most(request):
                return refusal(request, "too_large", str(TooLarge.default_detail))
        return self.get_response(request)


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length.lstrip("0")[:18] or 0) if length.isascii() and length.isdigit() else 0


def _most(request: HttpRequest) -> int:
    """Files are stopped one by one, with a sentence at their field: here stands what no call
    with files could need."""
    files = settings.ATTACHMENTS_MAX_BYTES_AT_ONCE if request.content_type in _WITH_FILES else 0
    return LARGEST_BODY + files


class CarefulJSONParser(JSONParser):
    """JSON in UTF-8, not larger and not deeper than an action could need, that says each thing
    once (RFC 8259 §4 leaves open what a name that stands twice means) and no number that would
    become infinite."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise TooLarge
        try:
            said = json.loads(
                raw.decode(),
                parse_constant=_refuse_constant,
                parse_float=_finite,
                object_pairs_hook=_each_once,
            )
        except _Twice as twice:
            sentence = _("“%(name)s” stands twice in the body.") % {"name": twice.args[0]}
            raise ParseError(sentence) from twice
        except (ValueError, RecursionError) as unreadable:
            raise ParseError(_("The body is not JSON in UTF-8.")) from unreadable
        if _is_too_deep(said):
            raise ParseError(_("The body is nested too deeply."))
        if _holds_half_a_character(raw, said):
            raise ParseError(_("The body holds half of a character: a lone surrogate of UTF-16."))
        return said


def _holds_half_a_character(raw: bytes, said: Any) -> bool:
    """RFC 8259 §8.2 leaves open what "\\ud800" alone means; in UTF-8 nobody can be answered with
    it. Only an escape can bring one."""
    if rb"\ud" not in raw.lower():
        return False
    try:
        json.dumps(said, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


class _Twice(ValueError):
    """A name of an object stands in it twice."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in pairs:
        if name in said:
            raise _Twice(printable(name))
        said[name] = value
    return said


def _finite(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise ValueError(written)
    return number


def _is_too_deep(said: Any) -> bool:
    level = [said]
    for _depth in range(DEEPEST_BODY):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and the infinities are not JSON
