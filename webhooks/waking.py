"""Waking a worker when there are new events: cheap, and never twice while one is on its way."""

import logging

from django.core.cache import cache

from outbox.aside import aside

log = logging.getLogger(__name__)

_WOKEN = "webhooks-woken"
_FORGET_AFTER = 5  # seconds: the broker may have lost the task
_NOBODY_LISTENS = 15  # a little longer than from one sweep to the next, which says it again


def wake() -> None:
    """Ask for a round of deliveries, unless one that was asked for has not begun yet: it will see
    these events too. Without broker or cache the sweep comes round."""
    from webhooks import tasks  # noqa: PLC0415 - tasks use this module

    try:
        if cache.add(_WOKEN, 1, _FORGET_AFTER):
            tasks.deliver.delay()
    except Exception:  # the commit stands, whatever is broken
        log.exception("no worker could be woken for the webhooks")


def wake_aside() -> None:
    """The same, for which whoever has committed something does not wait."""
    aside(wake)


def begun() -> None:
    """A round begins: events that are committed from now on ask for another."""
    cache.delete(_WOKEN)


def nobody_listens() -> None:
    """There is no active webhook: for a while nobody need be woken."""
    cache.set(_WOKEN, 1, _NOBODY_LISTENS)


def somebody_listens() -> None:
    """A webhook was made, or goes on: ends what `nobody_listens` began."""
    cache.delete(_WOKEN)
