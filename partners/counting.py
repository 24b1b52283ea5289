"""Counting in the cache, where a key may vanish at any moment and a file may live too short."""

import time

from django.core.cache import cache


def count(what: str, *, within: int) -> int:
    """Count one more of `what`; how many there were in this stretch of `within` seconds.

    A cache of files gives a number that it raises a life of five minutes, hence the touch.
    """
    key = f"{what}:{int(time.time() // within)}"
    cache.add(key, 0, within)
    try:
        number = cache.incr(key)
    except ValueError:  # thrown out since the line above
        cache.set(key, number := 1, within)
    cache.touch(key, within)
    return number
