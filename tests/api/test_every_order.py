"""Every list, in every order that it offers, page by page, as a key and as a person reads it."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from partners.models import Scope
from tests import make
from tests.api.conftest import signed_in, with_key

pytestmark = pytest.mark.django_db

# Lists without rows here: that they answer in every order is all that is asked.
SMALL = {"toolkit/assessments/", "toolkit/observations/", "toolkit/totals/"}
RECORDS = (
    make.activity, make.document, make.global_meeting, make.news_item, make.operation,
    make.recognition,
)  # fmt: skip


def orders() -> list[tuple[str, str]]:
    """Address and order of all lists without a part to fill in, as the API's document has them."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    found = []
    for path, methods in described["paths"].items():
        named = {one.get("name"): one for one in methods.get("get", {}).get("parameters", [])}
        if "ordering" in named and "{" not in path:
            address = path.removeprefix("/api/v1/")
            found += [(address, order) for order in named["ordering"]["schema"]["enum"]]
    return found


def test_there_are_lists_with_an_order_to_choose() -> None:
    assert {("requests/", "updated_at"), ("referrals/", "answer_due_on")} <= set(orders())


@pytest.mark.parametrize(("address", "order"), orders())
def test_pages_of_one_row_give_what_one_page_of_all_gives(address: str, order: str) -> None:
    interpol = make.agency("INTERPOL")
    for _each in range(3):
        referral = make.referral(interpol)
        make.conversation(referral.support_request, agencies=("INTERPOL",))
    cycle = make.implementation(lead_agency=interpol)
    for _each in range(3):
        make.recommendation(cycle)
        for maker in RECORDS:
            maker()
    callers: dict[str, Any] = {
        "key": with_key(make.api_key(interpol, list(Scope.values))[1]),
        "person": signed_in(make.agency_officer(interpol)),
    }
    for caller in callers.values():
        whole = caller.get(f"{address}?ordering={order}").json()["results"]
        assert len(whole) >= 3 or address in SMALL
        rows, where = [], f"{address}?ordering={order}&page_size=1"
        while where:
            page = caller.get(where.split("/api/v1/")[-1]).json()
            rows += page["results"]
            where = page["next"]
        assert rows == whole
