"""The first query of a call shows by itself whether the connection still stands.

Django asks the database a question before, in every call (CONN_HEALTH_CHECKS): for the short calls
of keys that is a tenth of the time.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

Read = TypeVar("Read")


def first_query(read: Callable[[], Read]) -> Read:
    """What `read` (it changes nothing) finds; over a new connection if the kept one is gone."""
    if connection.connection is None or connection.in_atomic_block:
        return read()
    connection.health_check_done = True  # type: ignore[attr-defined]  # no stub names it
    try:
        return read()
    except (OperationalError, InterfaceError):
        connection.close()
        return read()
