"""What a cache on the way may do with an answer."""

from types import SimpleNamespace

from tests.api.conftest import Caller


def test_no_cache_gives_the_answer_of_one_caller_to_another(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    said = {
        "requests/": "private, no-cache",
        f"referrals/{world.referral.pk}/": "private, no-cache",
        "requests/?format=csv": "private, no-cache",
        "toolkit/implementations/": "private, no-cache",
        "no-such-address/": "private, no-cache",
        "me/": "private, no-store",
        "webhooks/": "private, no-store",
    }
    for who in ("INTERPOL", "Kenya", "nobody"):
        for path, cached in said.items():
            answer = callers[who].get(path)
            assert answer["Cache-Control"] == cached, (who, path)
            on = {name.strip() for name in answer["Vary"].split(",")}
            assert {"Authorization", "Accept-Language", "Cookie"} <= on, (who, path)


def test_the_description_is_for_everybody(callers: dict[str, Caller]) -> None:
    described = callers["nobody"].get("schema/")
    assert "Cache-Control" not in described
    assert "Authorization" not in described.get("Vary", "")
