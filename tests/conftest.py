"""What every test stands on: an empty cache, English, and tables that can be emptied."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from history import triggers
from outbox import aside
from tests.running_order import LongOnesFirst


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongOnesFirst:
    return LongOnesFirst(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end, and each test makes many objects that do not last:
    looked through as often as Python does by itself, they take a third of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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
