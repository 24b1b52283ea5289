"""News and events on their pages and in the feed."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from record.models import CheckedLink, Topic
from tests import make

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def read(address: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(address, headers=headers)


def titles(page: Any) -> tuple[list[str], list[str]]:
    """Of the upcoming events, and of the news under them."""
    said = page.context
    return [one.title for one in said["upcoming"]], [one.title for one in said["rows"]]


def a_topic(key: str = "networks") -> Topic:
    names = {"name_en": "Networks", "name_fr": "Réseaux", "name_es": "Redes"}
    return Topic.objects.create(key=key, **names)


def test_upcoming_events_stand_first_the_next_first_and_news_follow_by_their_date() -> None:
    today = timezone.localdate()
    soon = make.news_item(event_from=today + timedelta(days=3), title_en="Soon")
    make.news_item(
        event_from=today - timedelta(days=1), event_until=today, title_en="Under way today"
    )
    make.news_item(
        event_from=today - timedelta(days=9),
        event_until=today - timedelta(days=1),
        dated_on=date(2026, 1, 5),
        title_en="Over",
    )
    make.news_item(dated_on=date(2026, 2, 1), title_en="Newer")
    make.news_item(dated_on=date(2025, 2, 1), title_en="Older")
    make.news_item("draft", title_en="Draft")
    make.news_item("withdrawn", title_en="Withdrawn")
    in_an_hour = timezone.now() + timedelta(hours=1)
    make.news_item(publish_at=in_an_hour.isoformat(), title_en="Waits for its moment")

    page = read("/news/")

    assert titles(page) == (["Under way today", "Soon"], ["Newer", "Over", "Older"])
    body = page.content.decode()
    for hidden in ("Draft", "Withdrawn", "Waits for its moment"):
        assert hidden not in body
    assert f'href="/news/{soon.slug}/"' in body


def test_pages_lead_on_to_older_news_and_lose_none() -> None:
    for number in range(23):
        make.news_item(dated_on=date(2025, 1, 1 + number // 3), title_en=f"Item {number:02}")

    address, seen = "/news/", []
    while address:
        page = read(address)
        seen += [one.title for one in page.context["rows"]]
        older = page.context["older"]
        address = f"/news/?before={older}" if older else ""

    assert seen == [f"Item {number:02}" for number in reversed(range(23))]
    assert 'rel="next"' in read("/news/").content.decode()


@pytest.mark.parametrize("place", ["x", "2026-13-40.1", "2026-01-01.²", ".99999999999999999999"])
def test_a_place_in_the_list_that_nobody_was_given_is_the_beginning(place: str) -> None:
    make.news_item(title_en="Item")
    assert titles(read(f"/news/?before={place}")) == ([], ["Item"])


def test_news_can_be_asked_for_by_topic_and_country() -> None:
    topic, party = a_topic(), make.party("KEN")
    of_topic = make.news_item(title_en="Of the topic")
    of_topic.topics.add(topic)
    of_party = make.news_item(title_en="Of the country")
    of_party.parties.add(party)

    assert titles(read("/news/?topic=networks"))[1] == ["Of the topic"]
    assert titles(read("/news/?party=KEN"))[1] == ["Of the country"]
    assert (
        "No news is recorded that fits." in read("/news/?topic=networks&party=KEN").content.decode()
    )
    refused = read("/news/?topic=nothing")
    assert refused.status_code == 400
    assert "Topic – Choose from the list." in refused.content.decode()


def test_a_page_of_news_cleans_what_was_typed_and_leads_to_its_countries() -> None:
    party = make.party("KEN")
    item = make.news_item(
        title_en="Officers met",
        text_en="# What\n\n**Twenty** <script>alert(1)</script>officers <b onclick=x>met</b>.",
        event_from=date(2024, 4, 22),
        event_until=date(2024, 4, 24),
        event_place="Brussels",
    )
    item.parties.add(party)

    body = read(f"/news/{item.slug}/").content.decode()

    assert "<h3>What</h3>" in body
    assert "<strong>Twenty</strong> officers met." in body
    assert "alert(1)" not in body
    assert "onclick" not in body
    assert f'<a href="/toolkit/ken/">{party.name}</a>' in body
    assert "22 April 2024 – 24 April 2024" in body
    assert "Brussels" in body


def test_a_link_that_is_known_to_be_dead_is_words_on_the_page() -> None:
    item = make.news_item(
        source_url="",
        text_en="[the report](https://example.org/gone) and [the list](https://example.org/there)",
    )
    CheckedLink.objects.create(url="https://example.org/gone", dead_since=timezone.now())

    body = read(f"/news/{item.slug}/").content.decode()

    assert "https://example.org/gone" not in body
    assert "the report" in body
    assert 'href="https://example.org/there"' in body


def test_a_text_that_is_not_translated_is_english_and_says_so() -> None:
    item = make.news_item(title_en="Officers met", title_fr="Réunion", lead_en="In Nairobi.")

    body = read(f"/news/{item.slug}/", **{"accept-language": "fr"}).content.decode()

    assert '<h1 lang="fr">Réunion</h1>' in body
    assert '<p class="lede" lang="en">In Nairobi.</p>' in body


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_draft_is_for_a_stranger_an_address_that_never_was_and_a_preview_for_the_secretariat(
    state: str,
) -> None:
    item = make.news_item(state, title_en="Not yet")
    never = read("/news/never-was/")

    for person in (None, make.focal_point(), make.agency_officer()):
        client = Client()
        if person:
            client.force_login(person)
        hidden = read(f"/news/{item.slug}/", client)
        assert hidden.status_code == never.status_code == 404
        assert "Not yet" not in hidden.content.decode()

    desk = Client()
    desk.force_login(make.the_officer())
    preview = read(f"/news/{item.slug}/", desk)
    assert preview.status_code == 200
    assert "Preview: only the Secretariat can read this page." in preview.content.decode()


# ── the feed ─────────────────────────────────────────────────────────────────────────────────


def entries(answer: Any) -> list[dict[str, str]]:
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    return [
        {part: entry.findtext(f"{ATOM}{part}") or "" for part in ("id", "title", "summary")}
        for entry in feed.findall(f"{ATOM}entry")
    ]


def test_the_feed_holds_published_news_alone_in_the_language_asked_for() -> None:
    item = make.news_item(title_en="Officers met", title_fr="Réunion", lead_en="A < B & C.")
    make.news_item("draft", title_en="Draft")

    english, french = read("/news/feed.atom"), read("/news/feed.atom?lang=fr")

    assert english["content-type"] == "application/atom+xml; charset=utf-8"
    assert entries(english) == [
        {
            "id": f"tag:portal.example.org,2026:news/{item.pk}/en",
            "title": "Officers met",
            "summary": "A &lt; B &amp; C.",
        }
    ]
    assert entries(french)[0]["title"] == "Réunion"
    assert entries(french)[0]["id"].endswith(f"news/{item.pk}/fr")


def test_the_feed_is_not_sent_twice_to_who_has_it_and_is_when_something_changed() -> None:
    item = make.news_item(title_en="Officers met")
    first = read("/news/feed.atom")
    again = read("/news/feed.atom", **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    item.title_en = "Officers met again"
    item.save(update_fields=["title_en", "edited_at"])

    assert read("/news/feed.atom", **{"if-none-match": first["ETag"]}).status_code == 200


def test_the_feed_says_which_languages_it_comes_in_and_stands_empty_as_a_feed() -> None:
    refused = read("/news/feed.atom?lang=xx")
    assert (refused.status_code, refused.content.decode()) == (400, "“lang” is one of en, fr, es.")
    assert entries(read("/news/feed.atom")) == []
    assert "2010-11-23" in read("/news/feed.atom").content.decode()


def test_the_feed_of_a_language_has_one_tag_whichever_language_its_reader_prefers() -> None:
    make.news_item().topics.add(a_topic())
    tags = [
        read("/news/feed.atom?lang=fr", **{"accept-language": code})["ETag"]
        for code in ("en", "es")
    ]
    assert tags[0] == tags[1]


def test_the_feed_bears_what_a_person_typed_that_no_xml_may_hold() -> None:
    item = make.news_item(title_en="Officers \x0b met", lead_en="In \x01Nairobi.")
    item.topics.add(Topic.objects.create(key="ports", name_en="Ports\x0b"))
    assert entries(read("/news/feed.atom"))[0]["title"] == "Officers  met"


# ── cost ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("address", "most"), [("/news/", 6), ("/news/feed.atom", 2)])
def test_a_list_of_news_costs_the_same_whatever_is_in_it(address: str, most: int) -> None:
    topic, found = a_topic(), []
    for count in (2, 8):
        for _number in range(count):
            make.news_item().topics.add(topic)
        with CaptureQueriesContext(connection) as asked:
            read(address)
        found.append(len(asked))
    assert found[0] == found[1] <= most
