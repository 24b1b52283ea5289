"""Counting in the cache, where a key may vanish at any moment and a file may live too short."""

import logging
import time
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class CountingRedis(RedisCache):
    """Django's cache in Redis, which counts in one round trip; its own way takes four."""

    @cached_property
    def counter(self) -> Any:
        """A client that is kept, as its connections are: making one takes as long as counting."""
        return self._cache.get_client(write=True)

    def raise_by_one(self, key: str, within: int) -> int:
        """Count one more of `key`, which is forgotten `within` seconds from now.

        0 while Redis cannot be reached: who is known is served without being counted.
        """
        key = self.make_and_validate_key(key)
        try:
            number = int(self.counter.incr(key))
            if number == 1:  # whoever dies here leaves some bytes behind: no later key is the same
                self.counter.expire(key, within)
        except RedisError:
            log.warning("Redis cannot be reached: nothing is counted")
            return 0
        return number


def count(what: str, *, within: int) -> int:
    """Count one more of `what`; how many there were in this stretch of `within` seconds.

    All processes share the count, and with Redis none is lost between two of them. A cache of
    files gives a number that it raises a life of five minutes, hence the touch.
    """
    key = f"{what}:{int(time.time() // within)}"
    in_redis = getattr(cache, "raise_by_one", None)
    if in_redis:
        return int(in_redis(key, within))
    cache.add(key, 0, within)
    try:
        number = cache.incr(key)
    except ValueError:  # thrown out since the line above
        cache.set(key, number := 1, within)
    cache.touch(key, within)
    return number


def left_of(within: int) -> int:
    """Seconds until the present stretch of `within` seconds is over; at least one."""
    return max(1, within - int(time.time() % within))
