"""Recognition as everybody reads it: the 17 texts of SC66 Inf. 9 in its order, later ones with how
sure they are, a timeline, a chart that a table says too, and one page for each."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests import make
from tests.reading_pages import page, table_rows, words

pytestmark = pytest.mark.django_db

HEADINGS = {
    "governing_bodies": "Governing bodies of ICCWC partner organizations",
    "global": "Global declarations and statements",
    "regional": "Regional declarations and statements",
}
IN_DOCUMENT = {
    "governing_bodies": [
        ("ECOSOC 2011/36", "July 2011"),
        ("Resolution Conf. 11.3 (Rev. CoP16)", "March 2013"),
        ("Resolution Conf. 12.5 (Rev. CoP16)", "March 2013"),
        ("Resolution Conf. 13.4 (Rev. CoP16)", "March 2013"),
        ("ECOSOC 2013/40", "July 2013"),
        ("CCPCJ 23/1", "May 2014"),
        ("Declaration of the Customs Co-operation Council", "June 2014"),
        ("UNEA 1/3", "June 2014"),
        ("A/69/L.80", "July 2015"),
    ],
    "global": [
        ("London Declaration", "February 2014"),
        ("Kasane Statement", "March 2015"),
        ("Brazzaville Declaration", "April 2015"),
    ],
    "regional": [
        ("Marrakech declaration", "May 2013"),
        ("Urgent Measures", "December 2013"),
        ("Dhaka Recommendations", "September 2014"),
        ("Arusha Declaration", "November 2014"),
        ("Geneva Statement", "February 2015"),
    ],
}


@pytest.fixture
def reference() -> None:
    call_command("load_reference", stdout=io.StringIO())


def under(client: Client, category: str) -> list[list[str]]:
    return table_rows(client.get("/recognition/"), category)


def test_the_17_of_the_document_stand_under_its_three_headings_in_its_order(
    reference: None, client: Client
) -> None:
    shown = page(client.get("/recognition/"))
    assert "17 of them stand in document SC66 Inf. 9" in shown
    assert [len(rows) for rows in IN_DOCUMENT.values()] == [9, 3, 5]
    for category, heading in HEADINGS.items():
        assert heading in shown
        first = under(client, category)[: len(IN_DOCUMENT[category])]
        said = IN_DOCUMENT[category]
        assert [row[0].startswith(name) for row, (name, _day) in zip(first, said, strict=True)] == [
            True
        ] * len(said)
        assert [row[2] for row in first] == [day for _name, day in said]
        assert all(row[1] and row[4] != "–" for row in first)


def test_later_texts_follow_with_how_sure_they_are(reference: None, client: Client) -> None:
    later = {key: under(client, key)[len(said) :] for key, said in IN_DOCUMENT.items()}
    assert [row[0].replace("  ", " ") for row in later["global"]] == [
        "Hanoi Statement on Illegal Wildlife Trade (partly confirmed)",
        "London 2018 Declaration on the illegal wildlife trade (partly confirmed)",
        "G7 commitment to use the ICCWC Toolkit (partly confirmed)",
    ]
    assert [row[0] for row in later["regional"]] == ["Lima Declaration"]
    # What rests on no source at hand is not shown, neither as a row nor as a symbol.
    shown = page(client.get("/recognition/"))
    for symbol in ("A/RES/70/301", "A/RES/71/326", "A/RES/75/311", "A/RES/77/325"):
        assert symbol not in shown


def test_the_table_beside_the_chart_counts_by_year_and_category(client: Client) -> None:
    for category, day in (
        ("global", date(2014, 2, 28)), ("global", date(2014, 5, 1)),
        ("regional", date(2014, 2, 1)), ("governing_bodies", date(2016, 2, 1)),
    ):  # fmt: skip
        make.recognition(category=category, effective_on=day)
    answer = client.get("/recognition/")
    assert table_rows(answer, "years-table") == [
        ["2014", "0", "2", "1", "3"],
        ["2015", "0", "0", "0", "0"],
        ["2016", "1", "0", "0", "1"],
    ]
    drawing = (
        answer.content.decode()
        .partition('aria-describedby="years-table">')[2]
        .partition("</svg>")[0]
    )
    assert drawing.count("<rect") == 3
    assert words(drawing).split() == ["3", "2014", "2015", "1", "2016"]
    assert 'id="years-table"' in answer.content.decode()


def test_the_timeline_has_the_newest_year_first(client: Client) -> None:
    make.recognition(title_en="Old text", effective_on=date(2011, 7, 31), precision="month")
    make.recognition(title_en="New text", effective_on=date(2015, 4, 30), precision="year")
    shown = page(client.get("/recognition/")).partition("Timeline")[2]
    assert shown.strip() == "2015 2015 New text 2011 July 2011 Old text"


def test_one_text_says_its_symbol_body_date_place_what_it_asks_and_its_source(
    reference: None, client: Client
) -> None:
    listed = client.get("/recognition/").content.decode()
    address = "/recognition/a-69-l-80-tackling-illicit-trafficking-in-wildlife/"
    assert f'href="{address}"' in listed
    shown = page(client.get(address))
    for said in (
        "A/69/L.80, adopted as A/RES/69/314", "United Nations General Assembly", "July 2015",
        HEADINGS["governing_bodies"], "row 9 of 17", "Urges Member States",
        "In the portal’s own words", "Adopted on 30 July 2015", "CITES SC66 Inf. 9",
    ):  # fmt: skip
        assert said in shown


def test_words_that_are_english_only_say_so_to_a_french_reader(client: Client) -> None:
    make.recognition(slug="a", title_en="English title", body_fr="Assemblée générale")
    html = client.get("/recognition/a/", headers={"accept-language": "fr"}).content.decode()
    assert '<h1 lang="en">English title</h1>' in html
    assert '<dd lang="fr">Assemblée générale</dd>' in html


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_public_is_in_no_list_and_has_no_page_for_others(
    client: Client, state: str
) -> None:
    make.recognition(title_en="Public text", effective_on=date(2015, 1, 1))
    make.recognition(state, slug="hidden", title_en="HIDDEN", effective_on=date(2019, 1, 1))
    answers: dict[Any, int] = {}
    for who in (None, make.focal_point(), make.agency_officer(), make.officer(), make.auditor()):
        reader = Client()
        if who:
            reader.force_login(who)
        for address in ("/recognition/", "/recognition.csv"):
            assert b"HIDDEN" not in reader.get(address).content
            assert b"2019" not in reader.get(address).content
        answers[who and who.email] = reader.get("/recognition/hidden/").status_code
    assert list(answers.values()) == [404, 404, 404, 200, 200]
    assert client.get("/recognition/never-there/").status_code == 404


def test_the_file_has_every_row_and_nothing_that_a_spreadsheet_would_run(client: Client) -> None:
    make.recognition(
        title_en="=HYPERLINK(1)", symbol="+1", place="Geneva", url="https://cites.org/"
    )
    read = csv.DictReader(io.StringIO(client.get("/recognition.csv").content.decode("utf-8-sig")))
    (row,) = list(read)
    assert (row["title"], row["symbol"]) == ("'=HYPERLINK(1)", "'+1")
    assert (row["category"], row["date"], row["precision"]) == ("global", "2015-07-30", "day")
    assert (row["place"], row["url"], row["confidence"]) == (
        "Geneva", "https://cites.org/", "confirmed",
    )  # fmt: skip
    assert (row["row_in_sc66_inf_9"], row["source"]) == ("", "CITES SC66 Inf. 9")


def test_the_pages_cost_the_same_for_many_as_for_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make.recognition(slug="one")
    addresses = ("/recognition/", "/recognition.csv", "/recognition/one/")
    few, many = [], []
    for address in addresses:
        with django_assert_max_num_queries(4) as asked:
            client.get(address)
        few.append(len(asked))
    for _time in range(10):
        make.recognition()
    for address in addresses:
        with django_assert_max_num_queries(4) as asked:
            client.get(address)
        many.append(len(asked))
    assert many == few


def test_an_empty_record_says_so(client: Client) -> None:
    assert "Nothing is recorded yet." in page(client.get("/recognition/"))
