"""What is counted in the cache stays counted for its time, whatever the cache does."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

from partners import counting
from partners.counting import count

AN_HOUR = 60 * 60


@pytest.mark.parametrize("kind", ["files", "memory"])
def test_a_count_lasts_for_its_own_time_and_no_longer(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    used = FileBasedCache(str(tmp_path), {}) if kind == "files" else LocMemCache("counts", {})
    monkeypatch.setattr(counting, "cache", used)
    time_machine.move_to("2026-03-02T09:00:01Z", tick=False)

    first = [count("guesses:192.0.2.1", within=AN_HOUR) for _try in range(3)]
    other = count("guesses:192.0.2.2", within=AN_HOUR)
    time_machine.shift(50 * 60)
    later = count("guesses:192.0.2.1", within=AN_HOUR)
    time_machine.shift(10 * 60)
    next_hour = count("guesses:192.0.2.1", within=AN_HOUR)

    assert (first, other, later, next_hour) == ([1, 2, 3], 1, 4, 1)


def test_a_count_that_is_thrown_out_while_it_is_raised_begins_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*args: Any, **kwargs: Any) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", gone, raising=False)

    assert count("guesses", within=AN_HOUR) == 1


def test_a_cache_of_files_holds_the_counts_of_many_visitors() -> None:
    from_settings = _caches_without_redis()

    assert from_settings["BACKEND"].endswith("FileBasedCache")
    assert from_settings["OPTIONS"]["MAX_ENTRIES"] >= 100_000
    assert from_settings["OPTIONS"]["CULL_FREQUENCY"] >= 10
    assert portal.REDIS_URL == ""


def _caches_without_redis() -> dict[str, Any]:
    """Before the tests' own settings replace it."""
    from iccwc_portal import settings  # noqa: PLC0415

    return settings.CACHES["default"]
