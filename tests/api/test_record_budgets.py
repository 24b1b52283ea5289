"""What the public record costs in queries: the same at 1, 10 and 100 rows."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import Agency, ApiKey, Party
from record.models import Topic
from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db

# Queries of a list and of a detail for whoever comes without a key: what is kept, and one for
# each kind of rows that stand below it.
COST = {
    "recognition": (1, 1),
    "operations": (2, 2),
    "activities": (2, 2),
    "networks": (2, 3),
    "network-meetings": (1, 1),
    "news": (1, 2),
    "documents": (2, 2),
}


def with_all_that_belongs_to_it(kind: str) -> str:
    """One more record of that kind, with rows below it; its address."""
    parties = [make.party(code) for code in ("KEN", "PER")]
    topic, _made = Topic.objects.get_or_create(key="ivory", defaults={"name_en": "Ivory"})
    made: Any
    if kind == "networks":
        made = make.network(*parties)
        made.assessments.create(effective_on="2022-12-31", source="UNODC")
        return f"{kind}/{made.slug}/"
    makers = {
        "recognition": make.recognition, "operations": make.operation,
        "activities": make.activity, "network-meetings": make.global_meeting,
        "news": make.news_item, "documents": make.document,
    }  # fmt: skip
    made = makers[kind]()
    if kind == "operations":
        made.figures.create(measure="arrests", number=1, effective_on="2015-06-01", source="A")
    if kind == "activities":
        made.agencies.add(make.agency("INTERPOL"), make.agency("WCO"))
        for party in parties:
            made.places.create(party=party)
    if kind in {"news", "documents"}:
        made.topics.add(topic)
    if kind == "news":
        made.parties.add(*parties)
        type(made).objects.filter(pk=made.pk).update(text_en="[Here](https://example.org)")
    if kind == "documents":
        made.versions.create(language="en", url="https://cites.org/en")
    return f"{kind}/{made.slug}/"


def queries(caller: Caller, address: str) -> int:
    ApiKey.objects.update(last_used_at=None)  # the dearest call: its last use is written down
    with CaptureQueriesContext(connection) as captured:
        answer = caller.get(address)
        assert answer.status_code == 200
        if answer.streaming:
            b"".join(answer)
    return len(captured)


@pytest.mark.parametrize("kind", COST)
def test_a_list_and_a_detail_cost_the_same_however_much_there_is(kind: str) -> None:
    address = with_all_that_belongs_to_it(kind)
    everybody = {
        "nobody": Caller(),
        "key": with_key(make.api_key()[1]),
        "Secretariat": signed_in(make.lead()),
    }
    found: dict[str, list[tuple[int, int]]] = {who: [] for who in everybody}
    for more in (0, 9, 90):
        for _each in range(more):
            with_all_that_belongs_to_it(kind)
        for who, caller in everybody.items():
            listed = queries(caller, f"{kind}/?page_size=100")
            found[who].append((listed, queries(caller, address)))
    assert found == {who: [costs[0]] * 3 for who, costs in found.items()}
    assert found["nobody"][0] == COST[kind]
    for (listed, one), *_more in found.values():
        assert (listed <= 5, one <= 8) == (True, True), found


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_a_file_costs_the_same_however_many_rows_it_has(form: str) -> None:
    caller = Caller()
    address = f"activities/?format={form}"
    with_all_that_belongs_to_it("activities")
    few = queries(caller, address)
    for _each in range(30):
        with_all_that_belongs_to_it("activities")
    assert (queries(caller, address), few) == (few, 2)


@pytest.mark.parametrize("address", ["offices/", "agencies/"])
def test_offices_and_agencies_cost_the_same_however_many_there_are(address: str) -> None:
    make.agency("INTERPOL").offices.create(kind="office", place="Here", source="A document")
    few = queries(Caller(), address)
    region = make.party().region
    for number in range(20):
        names = dict.fromkeys(("name_en", "name_fr", "name_es"), f"P{number}")
        party = Party.objects.create(
            code=f"X{number:02}", iso2=f"{number:02}", region=region, **names
        )
        agency: Agency = make.agency(f"A{number}")
        agency.offices.create(kind="office", place="Here", source="A document", party=party)
        agency.figures.create(
            count=1, unit_en="x", unit_fr="x", unit_es="x", as_of="2020-01-01", source="A"
        )
    assert (queries(Caller(), address), few <= 3) == (few, True)
