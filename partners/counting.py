"""Counting in the cache, where a key may vanish at any moment and a file may live too short."""

import logging
import threading
import time
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

log = logging.getLogger(__name__)


class _Line(threading.local):
    """The connection on which a thread counts, and what it has asked there and not yet read."""

    connection: Any = None
    asked: tuple[str, int] | None = None


class CountingRedis(RedisCache):
    """Django's cache in Redis, which counts in one round trip; its own way takes four. The answer
    can be fetched later than it is asked for, so that Redis counts while PostgreSQL reads."""

    @cached_property
    def counter(self) -> Any:
        """A client that is kept, as its connections are: making one takes as long as counting."""
        return self._cache.get_client(write=True)

    @cached_property
    def line(self) -> _Line:
        return _Line()

    def ask_ahead(self, key: str, within: int) -> None:
        """Begin to count one more of `key`: who calls `raise_by_one` next is given that count.
        If nobody does, it was counted all the same."""
        if self.line.connection is None:
            return  # nothing is connected to here: that is for who needs the answer
        try:
            self._clear()
            self._ask(key, within)
        except RedisError:
            self._hang_up()

    def raise_by_one(self, key: str, within: int) -> int:
        """Count one more of `key`, which is forgotten `within` seconds from now.

        0 while Redis cannot be reached: who is known is served without being counted.
        """
        try:
            return self._counted(key, within)
        except RedisError:
            log.warning("Redis cannot be reached: nothing is counted")
            return 0

    def _counted(self, key: str, within: int) -> int:
        was_open = self.line.connection is not None
        try:
            if self.line.asked != (key, within):
                self._clear()
                self._ask(key, within)
            return self._read()
        except RedisError as gone:
            self._hang_up()
            if not was_open or isinstance(gone, RedisTimeout):
                raise
        number = int(self.counter.incr(self.make_key(key)))  # Redis began anew since the last call
        self._let_end(number, key, within)
        return number

    def _ask(self, key: str, within: int) -> None:
        if self.line.connection is None:
            pool = self.counter.connection_pool
            self.line.connection = pool.connection_class(**pool.connection_kwargs)
        self.line.connection.send_command("INCR", self.make_key(key))
        self.line.asked = key, within

    def _read(self) -> int:
        key, within = self.line.asked or ("", 0)
        self.line.asked = None
        number = int(self.line.connection.read_response())
        self._let_end(number, key, within)
        return number

    def _clear(self) -> None:
        """What another call asked and never read (it was refused before) is no answer to this."""
        if self.line.asked:
            self._read()

    def _hang_up(self) -> None:
        connection, self.line.connection, self.line.asked = self.line.connection, None, None
        if connection:
            connection.disconnect()

    def _let_end(self, number: int, key: str, within: int) -> None:
        if number == 1:  # whoever dies here leaves some bytes behind: no later key is the same
            self.counter.expire(self.make_key(key), within)


def ask_ahead(what: str, *, within: int) -> None:
    """Begin to count one more of `what`, where the cache can: `count` has then less to wait for.
    For who is sure to be counted."""
    ahead = getattr(cache, "ask_ahead", None)
    if ahead:
        ahead(_name(what, within), within)


def _name(what: str, within: int) -> str:
    return f"{what}:{int(time.time() // within)}"


def count(what: str, *, within: int) -> int:
    """Count one more of `what`; how many there were in this stretch of `within` seconds.

    All processes share the count, and with Redis none is lost between two of them. A cache of
    files gives a number that it raises a life of five minutes, hence the touch.
    """
    key = _name(what, within)
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
