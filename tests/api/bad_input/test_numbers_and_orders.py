"""Numbers with leading zeros, and an order that is none: refused before anything is done."""

from types import SimpleNamespace

import pytest

from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("requests/?page_size=000000001000000", "page_size"),
        ("events/?page_size=0000000010", "page_size"),
        ("events/?page_size=0", "page_size"),
        ("events/?after=latest&wait=0000000001000000", "wait"),
        ("events/?after=latest&wait=31", "wait"),
    ],
)
def test_the_number_that_is_judged_is_the_one_that_is_used(
    agency: Caller, path: str, name: str
) -> None:
    refused = agency.get(path)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_in_an_order_that_is_none_is_refused_before_it_begins(
    world: SimpleNamespace, agency: Caller, kind: str
) -> None:
    for listed in ("requests/", "referrals/", "conversations/"):
        refused = agency.get(f"{listed}?format={kind}&ordering=bogus")
        assert refused.status_code == 400, listed
        assert list(refused.json()["errors"]) == ["ordering"]
