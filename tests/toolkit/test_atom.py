"""The feed of public step changes."""

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from history.models import Event
from tests import make
from tests.reading_pages import signed_in
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row
from workflow.executor import perform

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
DOCUMENT = date(2015, 11, 9)


def feed(client: Client | None = None) -> Any:
    answer = (client or Client()).get("/toolkit/feed.atom")
    assert (answer.status_code, answer["Content-Type"]) == (
        200, "application/atom+xml; charset=utf-8",
    )  # fmt: skip
    return ElementTree.fromstring(answer.content)  # noqa: S314 - the portal's own


def titles(client: Client | None = None) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed(client).iter(f"{ATOM}entry")]


@pytest.fixture
def gabon() -> Implementation:
    done = [Step.REQUEST, Step.NOMINATION]
    loaded = load_table_row(make.party("GAB"), done, as_of=DOCUMENT, source="A <table>")
    assert loaded is not None
    return loaded


def test_an_entry_has_a_lasting_id_its_moment_and_a_link_to_its_event(
    gabon: Implementation,
) -> None:
    event = Event.objects.get(kind="toolkit.table_loaded")
    root = feed()
    (entry,) = root.iter(f"{ATOM}entry")
    said = {child.tag.removeprefix(ATOM): child.text or child.get("href") for child in entry}
    moment = event.recorded_at.isoformat()
    assert said == {
        "title": "Gabon: Printed in a published table",
        "link": f"http://testserver/toolkit/gab/#event-{event.pk}",
        "published": moment,
        "updated": moment,
        "id": f"tag:testserver,2012-07-25:event-{event.pk}",
        "summary": (
            "Date: by 9 November 2015<br>Steps done: Request, Nomination of focal point<br>"
            "Source: A &lt;table&gt;"
        ),
    }
    assert root.findtext(f"{ATOM}updated") == moment
    assert root.findtext(f"{ATOM}id") == "tag:testserver,2012-07-25:toolkit"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_the_feed_tells_what_everybody_may_read_whoever_asks(gabon: Implementation) -> None:
    private = make.implementation(make.party("VNM"), make.agency("UNODC"))
    mission = gabon.steps.get(step=Step.MISSION)
    make.move(mission, "done", date(2017, 5, 1), note="For those inside.")
    readers = [Client(), *map(signed_in, [make.the_officer(), make.focal_point(private.party)])]
    printed = ["Gabon: Printed in a published table"]
    assert [titles(reader) for reader in readers] == [printed] * 3

    make.publish(gabon)
    make.correct(mission, "done", date(2017, 6, 1), reason="Misread, for those inside.")
    moved = "Gabon: Confirmed: In-country mission"
    assert [titles(reader) for reader in readers] == [
        ["Gabon: Corrected: In-country mission", "Gabon: Made public", moved, *printed]
    ] * 3
    assert "inside" not in Client().get("/toolkit/feed.atom").content.decode()

    withdrawn = {"reason": "Not agreed at home."}
    perform("withdraw_consent", gabon, by=make.focal_point(gabon.party), data=withdrawn)
    assert titles() == printed


def test_a_correction_that_takes_a_printed_step_away_is_told(gabon: Implementation) -> None:
    make.correct(gabon.steps.get(step=Step.NOMINATION), "not_started", DOCUMENT, "by")
    make.correct(gabon.steps.get(step=Step.REQUEST), "done", date(2014, 3, 1))
    assert titles() == [
        "Gabon: Corrected: Request",
        "Gabon: Corrected: Nomination of focal point",
        "Gabon: Printed in a published table",
    ]


def test_it_holds_the_newest_fifty_and_asks_as_many_questions_for_ten(
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for rows in (10, 60):
        for number in range(Implementation.objects.count(), rows):
            code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}Z"
            load_table_row(make.party(code), list(Step), as_of=DOCUMENT, source="A table")
        with django_assert_max_num_queries(6) as asked:
            found = titles()
        counts.append(len(asked))
    assert [title[:3] for title in found[:2]] == ["CHZ", "CGZ"]
    assert len(found) == 50
    assert counts[0] == counts[1]


def test_an_empty_feed_is_a_feed_and_the_tracker_names_it() -> None:
    root = feed()
    assert (list(root.iter(f"{ATOM}entry")), root.findtext(f"{ATOM}updated")) == (
        [], "2012-07-25T00:00:00+00:00",
    )  # fmt: skip
    head = Client().get("/toolkit/").content.decode().partition("</head>")[0]
    assert '<link rel="alternate" type="application/atom+xml" href="/toolkit/feed.atom"' in head
