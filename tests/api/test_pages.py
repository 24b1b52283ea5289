"""Cursors name a place in one list; the quick way of keys gives what the usual one does."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.api.conftest import Caller, signed_in, with_key
from tests.api.test_budgets import copies_from

pytestmark = pytest.mark.django_db


def refused(answer: Any) -> tuple[int, dict[str, list[str]]]:
    return answer.status_code, answer.json()["errors"]


NO_CURSOR = (400, {"cursor": ["This is not a cursor of this list. Begin without one."]})


def cursor_of(caller: Caller, address: str) -> str:
    link: str = caller.get(address).json()["next"]
    return link.partition("cursor=")[2].partition("&")[0]


def test_a_cursor_of_another_list_or_another_order_is_refused() -> None:
    make.request_in("referred")
    copies_from(1)
    caller = with_key(make.api_key()[1])
    cursors = {
        address: cursor_of(caller, f"{address}page_size=1")
        for address in ("requests/?", "requests/?ordering=updated_at&", "referrals/?")
    }
    for mine, cursor in cursors.items():
        assert caller.get(f"{mine}cursor={cursor}").status_code == 200
        for other in {*cursors, "parties/?", "toolkit/implementations/?"} - {mine}:
            assert refused(caller.get(f"{other}cursor={cursor}")) == NO_CURSOR, (mine, other)


def test_a_cursor_that_lost_any_part_is_refused() -> None:
    make.request_in("referred")
    copies_from(1)
    caller = with_key(make.api_key()[1])
    cursor = cursor_of(caller, "requests/?page_size=1&ordering=updated_at")
    address = "requests/?ordering=updated_at&cursor="
    for length in range(1, len(cursor)):
        assert refused(caller.get(f"{address}{cursor[:length]}")) == NO_CURSOR, length
        assert refused(caller.get(f"{address}{cursor[length:]}")) == NO_CURSOR, length


def test_other_filters_leave_the_place_where_it_is() -> None:
    case = make.request_in("referred")
    copies_from(3)
    caller = with_key(make.api_key()[1])
    cursor = cursor_of(caller, "requests/?page_size=2")
    found = caller.rows(f"requests/?state=referred&urgency=normal&cursor={cursor}", "reference")
    assert found == ["ICCWC-1990-0001", case.reference]


ADDRESSES = [
    "requests/",
    "requests/?state=referred",
    "requests/?state=referred&state=accepted&urgency=normal",
    "requests/?state=submitted",
    "requests/?ordering=updated_at&page_size=1",
    "requests/?fields=reference,party&state=referred",
    "requests/?state=nothing",
    "requests/?state=",
    "requests/?fields=",
    "requests/?fields=answers",
    "requests/?page_size=0",
    "requests/?page_size=1&page_size=2",
    "requests/?party=KEN&state=referred",
    "requests/?agency=WCO",
    "requests/?cursor=x",
    "referrals/",
    "referrals/?state=sent&ordering=answer_due_on",
    "referrals/?state=recalled",
    "referrals/?colour=red",
]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_key_reads_what_an_officer_of_its_agency_reads(
    world: SimpleNamespace, language: str
) -> None:
    for agency in (world.interpol, world.wco):
        officer = make.agency_officer(agency)
        officer.language = language
        officer.save()
        person, key = signed_in(officer), with_key(make.api_key(agency)[1])
        for address in ADDRESSES:
            answers = [
                one.get(address, headers={"Accept-Language": language}) for one in (person, key)
            ]
            assert answers[0].status_code == answers[1].status_code, address
            assert answers[0].content == answers[1].content, address


@pytest.mark.parametrize("ordering", ["-id", "updated_at"])
def test_a_key_gets_every_row_once_while_others_arrive_between_its_pages(ordering: str) -> None:
    make.request_in("referred")
    copies_from(30)
    caller = with_key(make.api_key()[1])
    there = caller.rows("requests/?page_size=100", "reference")
    seen: list[str] = []
    address = f"requests/?ordering={ordering}&page_size=4&state=referred"
    while address:
        page = caller.get(address).json()
        seen += [row["reference"] for row in page["results"]]
        address = page["next"]
        if len(seen) < 20:
            copies_from(2)
    assert sorted(set(seen) & set(there)) == sorted(there)
    assert len(seen) == len(set(seen))


def test_a_call_by_key_costs_two_queries_for_a_list_and_at_most_four_for_a_detail() -> None:
    """PostgreSQL is asked at once for the key and all that belongs to a detail
    (partners.reading_one, asked_together.AskedTogether)."""
    of_detail = 1 if connection.vendor == "postgresql" else 4
    case = make.request_in("referred")
    caller = with_key(make.api_key()[1])
    cost = {}
    addresses = ["requests/", "requests/?state=referred", "referrals/", f"requests/{case.handle}/"]
    for address in addresses:
        caller.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(address).status_code == 200
        cost[address] = len(captured)
    assert cost == dict(zip(addresses, [2, 2, 2, of_detail], strict=True))
