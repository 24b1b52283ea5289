from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from partners.access import standing
from partners.second_factor import Duty, duty, is_missing
from requests_app.conversations import unread_count
from toolkit import waiting


def portal(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page asks: which doors to show, and where the reader stands."""
    return {
        "demo": settings.DEMO,
        "section": _section(request.path),
        "doors": SimpleLazyObject(lambda: _doors(request)),
        "second_factor_missing": partial(is_missing, request),
        "second_factor_to_show": lambda: duty(request) == Duty.SHOW,
        "unread_messages": SimpleLazyObject(lambda: _unread(request)),
        "moves_to_confirm": lambda: waiting.for_actor(request.user).count(),
    }


# Addresses that stand under one entry of the navigation.
_ROOM_OF_THE_RECORD = (
    "activities", "operations", "networks", "recognition", "news", "documents",
)  # fmt: skip


def _section(path: str) -> str:
    first = path.strip("/").partition("/")[0] or "home"
    return "record" if first in _ROOM_OF_THE_RECORD else first


def _unread(request: HttpRequest) -> int:
    """Unread messages of somebody of a Party or an agency. The desk has its own lists."""
    mine = standing(request.user)
    if mine.sees_all or not (mine.parties or mine.agencies):
        return 0
    return unread_count(request.user)  # type: ignore[arg-type]


def _doors(request: HttpRequest) -> dict[str, bool]:
    mine = standing(request.user)
    return {
        "country": bool(mine.parties),
        "requests": bool(mine.parties) or mine.sees_all,
        "inbox": bool(mine.agencies),
        "desk": mine.sees_all,
    }
