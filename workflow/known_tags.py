"""Tags that were worked out before, by all that their answers follow from.

Nothing here can become wrong by being old: what is kept is that from these facts this tag follows,
not that the facts are still so. Whatever changes an answer changes one of the facts, and is then
found under another name, or not at all. Each process has its own and begins anew with its code.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson
from django.utils import timezone
from django.utils.translation import get_language
from rest_framework.request import Request

Facts = bytes
_MOST = 10_000
# Of these, the scheme and the path the address under which something was asked is written.
_OF_ADDRESS = ("HTTP_HOST", "HTTP_X_FORWARDED_HOST", "SERVER_NAME", "SERVER_PORT", "QUERY_STRING")
_tags: dict[Facts, str] = {}


def facts_of(request: Request, asker: Any, found: Sequence[Any]) -> Facts:
    """Who asks, for which answer, in which language, time zone and under which address, and what
    the database said."""
    plain, told = request._request, request.META
    here = [plain.scheme, plain.path, *(told.get(name) for name in _OF_ADDRESS)]
    said = [here, get_language(), timezone.get_current_timezone_name(), asker, found]
    return hashlib.blake2b(orjson.dumps(said, str), digest_size=20).digest()


def known(facts: Facts) -> str | None:
    return _tags.get(facts)


def keep(facts: Facts, tag: str) -> None:
    if len(_tags) >= _MOST:
        _tags.clear()
    _tags[facts] = tag
