"""Calls that are tried again, where trying again can help and can do no harm."""

import random
import time
from collections.abc import Callable, Mapping

import httpx

from iccwc_client.errors import Unreachable

# Too many calls, a portal that is restarted, a proxy that found none. A 500 too: with the same
# Idempotency-Key a write is done once, however often it is sent.
WORTH_ANOTHER_TRY = {429, 500, 502, 503, 504}
LONGEST_PAUSE = 60.0


def with_patience(send: Callable[[], httpx.Response], tries: int) -> httpx.Response:
    """The answer to `send`, the last one when every try failed. Raises Unreachable without any.

    `send` must be repeatable: a reading, or a write with an Idempotency-Key.
    """
    for left in range(tries - 1, -1, -1):
        try:
            answer = send()
        except httpx.TransportError as failure:
            if not left:
                raise Unreachable(f"{type(failure).__name__}: {failure}") from failure
            time.sleep(_pause(tries - left, None))
            continue
        if not left or answer.status_code not in WORTH_ANOTHER_TRY:
            return answer
        time.sleep(_pause(tries - left, told_pause(answer.headers)))
    raise ValueError("Try at least once.")


def told_pause(headers: Mapping[str, str]) -> float | None:
    """The seconds of Retry-After, a minute at most."""
    told = headers.get("Retry-After", "")
    return min(float(told), LONGEST_PAUSE) if told.isdigit() else None


def _pause(tried: int, told: float | None) -> float:
    """As long as the portal says; else longer each time, and not in step with other callers."""
    if told is not None:
        return told
    return min(0.25 * 2.0**tried, LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311
