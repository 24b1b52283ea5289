"""Whoever comes with keys that open nothing is slowed down; a key in use is never shut out.

Failures are counted by the place they come from, whether or not there is a key of that name, so
that the answers tell nobody which keys exist. From the tenth failure of an hour on, each makes
the place wait twice as long as the one before, up to a quarter of an hour; until then what it
asks is not looked at. A key that was last used from there, or that names the network, is looked
at nevertheless: somebody else behind the same address cannot shut it out.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.exceptions import APIException, Throttled

from partners.calling_from import lies_in, neighbourhood
from partners.counting import count
from partners.models import ApiKey

log = logging.getLogger(__name__)

FREE = 10
LONGEST = 15 * 60
_AN_HOUR = 60 * 60


class TooManyFailures(Throttled):
    """`wait` seconds have to pass before the next key is looked at."""

    def __init__(self, wait: int) -> None:
        sentence = _("Too many keys that open nothing came from your address. Wait %(wait)d s.")
        APIException.__init__(self, sentence % {"wait": wait}, self.default_code)
        self.wait = wait


def is_at_home(key: ApiKey, address: str) -> bool:
    """Does the key call from where it was last used from, or from a network that it names?"""
    return bool(address) and (address == key.last_used_from or lies_in(address, key.networks))


def refuse_while_it_waits(address: str) -> None:
    """Raises TooManyFailures while nothing from there is looked at."""
    until = _kept(lambda: cache.get(_waits(address)))
    left = until - time.time() if until else 0
    if left > 0:
        raise TooManyFailures(int(left) + 1)


def count_failure(address: str) -> None:
    """One more key that opened nothing. Raises TooManyFailures from the tenth on."""
    failures = count(f"bad-keys:{neighbourhood(address)}", within=_AN_HOUR)
    if failures >= FREE:
        wait = int(min(2 ** min(failures - FREE + 1, 20), LONGEST))
        _kept(lambda: cache.set(_waits(address), time.time() + wait, wait))
        raise TooManyFailures(wait)


def _kept(ask: Callable[[], Any]) -> Any:
    """What the cache gives; None while Redis cannot be reached, as counting has it: whoever is
    known is served, and nobody is told of a failure of ours."""
    try:
        return ask()
    except RedisError:
        log.warning("Redis cannot be reached: nobody is made to wait")
        return None


def _waits(address: str) -> str:
    return f"bad-keys-wait:{neighbourhood(address)}"
