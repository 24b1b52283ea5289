"""What every test stands on: an empty cache, English, and tables that can be emptied."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from history import triggers
from outbox import aside


@pytest.fixture(autouse=True, scope="session")
def history_may_be_emptied_between_tests() -> Iterator[None]:
    """Tests that commit are cleaned up by a flush, which the triggers on history would refuse."""
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            flush(self)
        finally:
            triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield


@pytest.fixture(autouse=True)
def nothing_left_by_the_test_before() -> None:
    """Throttle counts, the last reader's language and the waking of workers outlive a test."""
    aside.finish()
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
