"""News on the desk: what is typed, what is refused, and what the preview shows."""

from typing import Any

import pytest
from django.test import Client

from history.models import Event
from partners.models import PartyAlias
from record.models import NewsItem, Picture, Topic
from tests import make
from tests.reading_pages import signed_in
from tests.record.at_desk import faults, opened, page_of, sent, sent_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def written(browser: Client, **said: Any) -> Any:
    """The answer to a form for a new item, as it is offered but for what is said."""
    address = page_of(NewsItem, "add")
    least = {"title_en": "Officers met", "lead_en": "In Nairobi.", "dated_on": "2026-03-02"}
    return browser.post(address, sent_with(browser.get(address)) | least | said)


def test_an_item_is_written_with_its_countries_by_any_name_and_read_as_a_preview(
    officer: Client,
) -> None:
    viet_nam, kenya = make.party("VNM"), make.party("KEN")
    PartyAlias.objects.get_or_create(spelling="vietnam", defaults={"party": viet_nam})
    names = {"name_en": "Networks", "name_fr": "Réseaux", "name_es": "Redes"}
    topic = Topic.objects.create(key="networks", **names)

    answer = written(
        officer,
        text_en="## Heading\n\n**strong** <script>alert(1)</script><u>rest</u>",
        parties=f"vietnam\r\n{kenya.name}\r\nKEN",
        topics=[topic.pk],
    )

    assert answer.status_code == 302
    item = NewsItem.objects.get()
    assert set(item.parties.all()) == {viet_nam, kenya}
    assert list(item.topics.all()) == [topic]
    assert (item.slug, item.state) == ("officers-met", "draft")
    preview = officer.get(f"/news/{item.slug}/").content.decode()
    assert "Preview: only the Secretariat can read this page." in preview
    assert "<h3>Heading</h3>" in preview
    assert "<p><strong>strong</strong> rest</p>" in preview
    assert "alert(1)" not in preview
    assert Client().get(f"/news/{item.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (
            {"event_from": "2026-05-02", "event_until": "2026-05-01"},
            {"event_until": ["The event ends before it begins. Check both days."]},
        ),
        ({"event_until": "2026-05-01"}, {"event_from": ["Say on which day it begins."]}),
        (
            {"parties": "Atlantis\nMordor"},
            {"parties": ["No Party is called “Atlantis”, “Mordor”."]},
        ),
        ({"lead_en": ""}, {"lead_en": ["This field is required."]}),
    ],
)
def test_what_cannot_be_gets_a_sentence_at_its_field(
    officer: Client, said: dict[str, str], fault: dict[str, list[str]]
) -> None:
    found = faults(written(officer, **said))
    if "lead_en" in fault:
        assert list(found) == ["lead_en"]
    else:
        assert found == fault
    assert not NewsItem.objects.exists()


def test_a_form_sent_as_it_stands_changes_nothing(officer: Client) -> None:
    item = make.news_item("draft")
    item.parties.add(make.party("KEN"), make.party("PER"))
    before = Event.objects.about(item).count()

    assert sent(officer, item, opened(officer, item)).status_code == 302

    assert Event.objects.about(item).count() == before
    assert set(item.parties.values_list("code", flat=True)) == {"KEN", "PER"}


def test_a_change_of_the_countries_stays_in_the_history(officer: Client) -> None:
    item = make.news_item("draft")
    item.parties.add(make.party("KEN"))
    make.party("PER")

    sent(officer, item, opened(officer, item) | {"parties": "PER"})

    changes = Event.objects.about(item).latest("pk").changes
    assert changes["parties"] == [["KEN"], ["PER"]]


def test_an_item_may_bear_a_picture_of_the_store(officer: Client) -> None:
    columns = {"width": 9, "height": 9, "small_width": 3, "small_height": 3, "size": 1}
    picture = Picture.objects.create(
        alt_en="Officers", sha256="ab" * 32, added_by=make.the_officer(), **columns
    )
    item = make.news_item("draft")

    sent(officer, item, opened(officer, item) | {"picture": picture.pk})

    item.refresh_from_db()
    assert item.picture == picture
    refused = sent(officer, item, opened(officer, item) | {"picture": picture.pk + 1})
    assert list(faults(refused)) == ["picture"]


@pytest.mark.parametrize("kind", ["newsitem", "picture", "topic", "checkedlink", "document"])
def test_each_list_is_found_on_the_desk_and_closed_to_those_outside(
    officer: Client, kind: str
) -> None:
    address = f"/admin/record/{kind}/"
    start, beside = (officer.get(one).content.decode() for one in ("/admin/", address))
    assert f'href="{address}"' in start
    assert (f'href="{address}"' in beside) == (kind in {"newsitem", "checkedlink", "document"})
    assert signed_in(make.agency_officer()).get(address).status_code != 200
    assert Client().get(address).status_code != 200


def test_a_page_of_the_desk_stays_within_its_queries(
    officer: Client, django_assert_max_num_queries: Any
) -> None:
    item = make.news_item("draft")
    item.parties.add(make.party("KEN"))
    for _number in range(12):
        make.news_item()
    with django_assert_max_num_queries(18):
        officer.get(page_of(item))
    with django_assert_max_num_queries(12):
        officer.get(page_of(NewsItem, "changelist"))
