"""Who is told that events were committed: not of which, only that there are new ones."""

from collections.abc import Callable

from django.db import connection, transaction

_listeners: list[Callable[[], None]] = []


def register(listener: Callable[[], None]) -> None:
    """Call `listener` after every commit that recorded events; from an app's ready(). It must be
    quick, and may be lost with the process: whoever needs every event looks again by the clock."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_after_commit() -> None:
    """Once per transaction, however many events it records."""
    waiting = (entry[1] for entry in connection.run_on_commit)
    if _listeners and not any(after is _tell for after in waiting):
        transaction.on_commit(_tell, robust=True)


def _tell() -> None:
    for listener in _listeners:
        listener()
