"""The home page, and what the consortium says of itself."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests import make
from tests.reading_pages import page, words

pytestmark = pytest.mark.django_db


def test_home_says_what_how_where_things_stand_the_map_and_the_news() -> None:
    call_command("load_reference", verbosity=0)
    make.news_item(title_en="Officers met in Mombasa", dated_on=date(2026, 5, 1))
    make.activity("draft")  # which no figure counts

    answer = Client().get("/")

    html = answer.content.decode()
    shown = page(answer)
    parts = [
        "Five intergovernmental organizations", "How to ask", "Where things stand", "Latest news",
        "Officers met in Mombasa", "do not imply the expression of any opinion",
        "The map as a table",
    ]  # fmt: skip
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    assert len(re.findall('<div class="home__[a-z]+">', html)) == 5
    figures = re.findall(r'figures__number"><a href="([^"]+)">(\d+)</a>', html)
    assert dict(figures)["/toolkit/figures/requested/"] == "17"
    assert dict(figures)["/activities/"] == "4"
    notes = re.findall(r'<dd class="figures__note">(.*?)</dd>', html)
    assert len(notes) == len(figures)
    assert all("as of" in words(note) and "<a href=" in note for note in notes)


def test_home_shows_the_three_newest_news_that_are_published_and_no_heading_without_news() -> None:
    assert "Latest news" not in page(Client().get("/"))
    for day in (1, 2, 3, 4):
        make.news_item(title_en=f"Of the {day}th", dated_on=date(2026, 3, day))
    make.news_item("draft", title_en="Not yet said", dated_on=date(2026, 3, 9))
    make.news_item("withdrawn", title_en="No longer said", dated_on=date(2026, 3, 9))

    for reader in (None, make.focal_point(), make.officer()):
        client = Client()
        if reader:
            client.force_login(reader)
        html = client.get("/").content.decode()
        list_of_news = html.partition('class="home__news"')[2].partition("</ul>")[0]
        titles = re.findall(r'lang="en">([^<]+)</a>', list_of_news)
        assert titles == ["Of the 4th", "Of the 3th", "Of the 2th"]


def test_home_asks_as_many_questions_with_much_on_record_as_with_little(
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for parties in (["KEN"], ["VNM", "BGD", "PER", "GAB"]):
        for code in parties:
            make.publish(make.implementation(make.party(code)))
            make.activity(at=make.party(code))
            make.news_item()
        with django_assert_max_num_queries(7) as found:
            Client().get("/")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_about_says_mission_founding_and_both_addresses_with_their_sources() -> None:
    call_command("load_reference", verbosity=0)

    shown = page(Client().get("/about/"))

    for words_of_it in (
        "strengthen criminal justice systems and provide coordinated support at national, "
        "regional and international level to combat wildlife and forest crime",
        "on 23 November 2010 in St. Petersburg",
        "Letter of Understanding was signed by the heads of the five organizations",
        "Source: ICCWC partners page, undated, about 2019–2021",
        "11 Chemin des Anémones", "Palais des Nations", "+41-(0)22-917-81-39/40",
        "+41-(0)22-797-34-17",
    ):  # fmt: skip
        assert words_of_it in shown


@pytest.mark.parametrize("address", ["/", "/about/", "/partners/", "/contact/", "/activities/"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_public_pages_stand_in_three_languages_without_any_data(
    address: str, language: str
) -> None:
    answer = Client(headers={"accept-language": language}).get(address)

    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="ltr">' in answer.content.decode()
