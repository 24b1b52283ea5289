"""Who wrote the letter by which a cycle was opened or made public is for those inside the cycle;
what a published table or a confirmed step names as its source is for everybody."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.reading_pages import signed_in
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import open_at_desk
from workflow.executor import perform

pytestmark = pytest.mark.django_db

OPENING = "Letter of the head of the office, 3 May 2026"
CONSENT = "Letter of the director, 4 June 2026"
REPORT = "Mission report, 5 July 2026"


@pytest.fixture
def cycle() -> Implementation:
    party = make.party()
    opened = open_at_desk(
        party, by=make.the_officer(), requested_on=date(2026, 5, 3),
        lead_agency=make.agency("WCO"), source=OPENING,
    )  # fmt: skip
    said = {"with_plan": False, "with_documents": False, "effective_on": date(2026, 6, 4)}
    perform("record_consent", opened, by=make.the_officer(), data={**said, "source": CONSENT})
    step = opened.steps.get(step=Step.NOMINATION)
    make.move(step, "done", date(2026, 7, 5), source=REPORT)
    return opened


PAGES = (
    "/toolkit/", "/toolkit/ken/", "/toolkit/feed.atom", "/toolkit/table.csv", "/toolkit/table.json",
    "/toolkit/figures/requested/", "/toolkit/map.svg", "/toolkit/changes/",
    "/api/v1/toolkit/implementations/", "/api/v1/events/",
)  # fmt: skip


def read(by: Client, sentence: str) -> set[str]:
    """The pages that say it."""
    return {one for one in PAGES if sentence in by.get(one).content.decode()}


def with_key(agency: str) -> Client:
    scopes = ["events:read", "toolkit:read"]
    _key, token = make.api_key(make.agency(agency), scopes=scopes)
    return Client(headers={"Authorization": f"Api-Key {token}"})


@pytest.mark.usefixtures("cycle")
@pytest.mark.parametrize("letter", [OPENING, CONSENT])
def test_nobody_outside_reads_who_wrote_a_letter_and_everybody_reads_the_source_of_a_step(
    letter: str,
) -> None:
    outside: dict[str, Any] = {
        "public": Client(),
        "another country": signed_in(make.focal_point(make.party("VNM"))),
        "another agency": signed_in(make.agency_officer(make.agency("UNODC"))),
        "a key of another agency": with_key("UNODC"),
    }
    assert {name: read(client, letter) for name, client in outside.items()} == dict.fromkeys(
        outside, set()
    )
    for client in outside.values():
        assert {"/toolkit/", "/toolkit/ken/", "/toolkit/table.json"} <= read(client, REPORT)
    assert "/toolkit/feed.atom" in read(outside["public"], REPORT)
    assert "/api/v1/events/" in read(outside["a key of another agency"], REPORT)


@pytest.mark.usefixtures("cycle")
@pytest.mark.parametrize("letter", [OPENING, CONSENT])
def test_those_inside_read_the_letter_in_the_history(letter: str) -> None:
    people = (make.party_viewer(), make.agency_viewer(make.agency("WCO")), make.auditor())
    for person in people:
        assert read(signed_in(person), letter) == {"/toolkit/ken/", "/api/v1/events/"}
    assert read(with_key("WCO"), letter) == {"/api/v1/events/"}
