"""A caller who may call, and every address there is."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from drf_spectacular.generators import SchemaGenerator

from partners.rates import KeyThrottle
from tests import make
from tests.api.conftest import Caller, with_key


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    for name in ("rate", "download_rate"):
        monkeypatch.setattr(KeyThrottle, name, "1000000/min")


@pytest.fixture
def agency(world: SimpleNamespace) -> Caller:
    world.conversation = make.conversation(world.asked_interpol)
    return with_key(make.api_key(world.interpol)[1])


@pytest.fixture(scope="module")
def templates() -> dict[str, list[str]]:
    """Method → every address of the description, with its names in braces."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        method: [path for path, operations in paths.items() if method in operations]
        for method in ("get", "post")
    }
