"""The world of the leak matrix, as it begins and whole."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from partners.rates import KeyThrottle
from tests.api.leaks import world as things
from tests.api.leaks.callers import keys_of


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> SimpleNamespace:
    cache.clear()
    settings.DEMO = True  # a webhook may be on loopback
    for name in ("rate", "download_rate"):  # nobody is to be throttled here
        monkeypatch.setattr(KeyThrottle, name, "1000000/min")
    made = things.begin()
    made.keys = keys_of(made)
    return made


@pytest.fixture
def whole(world: SimpleNamespace) -> SimpleNamespace:
    things.go_on(world)
    things.ask_a_second(world)
    things.ask_kenya(world)
    return world
