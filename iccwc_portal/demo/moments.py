"""Earlier days for the demonstration: queues, ages and due dates show only what took time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Whatever happens inside happens that long ago, for everything that asks `timezone.now`."""
    now = timezone.now

    def then() -> datetime:
        return now() - timedelta(days=days)

    with mock.patch.object(timezone, "now", then):
        yield
