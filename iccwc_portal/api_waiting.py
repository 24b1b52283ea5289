"""Places for callers of the feed who wait for news: few enough that the others are served."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.access import fresh
from partners.models import ApiKey
from workflow.parameters import InvalidParameter, small_number

LONGEST_WAIT = 30
# Seconds between two looks. A look is one row of the primary key's index.
LOOKS_EVERY = 0.5
# Told to whoever found no place: ask again after so many seconds.
COME_BACK_IN = 5


class Places:
    """The waits that this process holds at once: each has a thread of the server to itself.

    A caller has one. Whoever finds none is answered at once, as without `wait`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[str] = set()

    @property
    def taken(self) -> int:
        return len(self._taken)

    @contextmanager
    def one_for(self, caller: str) -> Iterator[bool]:
        with self._lock:
            free = caller not in self._taken and len(self._taken) < settings.FEED_WAITS
            if free:
                self._taken.add(caller)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._taken.discard(caller)


PLACES = Places()


def seconds_to_wait(request: Request) -> int:
    asked = request.query_params.get("wait", "0")
    seconds = small_number(asked)
    if seconds is not None and seconds <= LONGEST_WAIT:
        return seconds
    raise InvalidParameter(
        {"wait": [_("Give a number of seconds from 0 to %(most)d.") % {"most": LONGEST_WAIT}]}
    )


def caller_now(request: Request, scope: str) -> Any:
    """Who calls, read again: a key may have been revoked while its holder waited, or a mandate may
    have ended."""
    caller = fresh(request.user)
    if isinstance(caller, ApiKey) and not (caller.is_valid and scope in caller.scopes):
        raise AuthenticationFailed(
            _("This API key is not known, has expired or was revoked."), code="invalid_key"
        )
    return caller


def until_something_comes(
    seconds: int, seen: int, newest: Callable[[], int], look: Callable[[], list[Any]]
) -> list[Any]:
    """What `look` finds, as soon as it finds something; nothing when the time is over.

    It looks only when `newest` says that history has grown beyond `seen`, which was the newest
    before the caller looked. No transaction is open meanwhile.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(LOOKS_EVERY, left))
        now = newest()
        if now != seen and (found := look()):
            return found
        seen = now
    return []
