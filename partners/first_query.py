"""The first query of a call shows by itself whether the connection still stands.

Django asks the database a question before, in every call (CONN_HEALTH_CHECKS): for the short calls
of keys that is a tenth of the time.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

Read = TypeVar("Read")


def first_query(read: Callable[[], Read]) -> Read:
    """What `read` (it changes nothing) finds; over a new connection if the kept one is gone."""
    here: Any = connections[DEFAULT_DB_ALIAS]  # once: `connection` looks for it at every word
    if here.connection is None or here.in_atomic_block:
        return read()
    here.health_check_done = True
    try:
        return read()
    except (OperationalError, InterfaceError):
        here.close()
        return read()
