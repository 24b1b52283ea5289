"""Lists and forms of the record take as many queries for ten rows as for sixty (design §11)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import Office, Party
from record.models import Topic
from tests import make
from tests.reading_pages import signed_in
from tests.record.at_desk import page_of

pytestmark = pytest.mark.django_db

LIST, PAGE = 12, 18
MAKERS = (
    make.activity,
    make.document,
    make.global_meeting,
    make.news_item,
    make.operation,
    make.recognition,
)


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def queries(browser: Client, address: str) -> int:
    browser.get(address)  # a process asks once what kinds of rows are called
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def parties(count: int) -> list[Party]:
    return [make.party(f"{number:02}X") for number in range(count)]


@pytest.mark.parametrize("maker", MAKERS)
def test_a_list_of_records(officer: Client, maker: Any) -> None:
    asked = []
    made = [maker() for _number in range(10)]
    for more in (0, 50):
        made += [maker() for _number in range(more)]
        asked.append(queries(officer, page_of(made[0], "changelist")))
    assert asked[0] == asked[1] <= LIST


def rows_of(count: int) -> dict[str, Any]:
    """A record of each kind with that many rows on its page."""
    activity, operation, document = make.activity(), make.operation(), make.document()
    network, agency, news = make.network(*parties(count)), make.agency("UNODC"), make.news_item()
    Office.objects.filter(agency=agency).delete()
    for number, party in enumerate(parties(count)):
        activity.places.create(party=party)
        said = {"effective_on": "2015-06-18", "source": f"Release {number}"}
        operation.figures.create(measure="arrests", number=number, **said)
        document.versions.create(language=f"x{number}", url="https://example.org/")
        agency.offices.create(kind="office", place=f"Town {number}", party=party, source="A page")
        news.parties.add(party)
        names = dict.fromkeys(("name_en", "name_fr", "name_es"), f"Topic {number}")
        news.topics.add(Topic.objects.get_or_create(key=f"topic-{number}", defaults=names)[0])
        network.contacts.create(office=f"Office {number}", email="desk@example.org")
    return {
        "activity": activity, "operation": operation, "document": document,
        "network": network, "agency": agency, "news": news,
    }  # fmt: skip


KINDS = ("activity", "operation", "document", "network", "agency", "news")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_with_rows(officer: Client, kind: str) -> None:
    asked = [queries(officer, page_of(rows_of(count)[kind])) for count in (10, 60)]
    assert asked[0] == asked[1] <= PAGE


def test_a_list_of_networks(officer: Client) -> None:
    asked = []
    for _turn in range(2):
        for _number in range(10):
            network = make.network(*parties(3))
        asked.append(queries(officer, page_of(network, "changelist")))
    assert asked[0] == asked[1] <= LIST
