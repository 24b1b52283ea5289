"""Operations as everybody reads them: each figure with its measure, date and source; a chart never
draws two measures on one scale."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from record.models import Operation, OperationFigure, Series
from tests import make
from tests.reading_pages import page, table_rows, words

pytestmark = pytest.mark.django_db

TABLE = {
    "cobra": [
        ["Operation COBRA III", "May 2015", "62", "more than 247", "139 arrests"],
        ["Operation COBRA II", "December 2013 – 27 January 2014", "28", "–", "–"],
        ["Operation COBRA", "January 2013 – February 2013",
         "22 places on the ICCWC map", "–", "–"],
    ],
    "thunder": [
        ["Operation Thunder 2025 (partly confirmed)", "15 September 2025 – 15 October 2025",
         "134", "4,640", "about 1,100 suspects identified"],
        ["Operation Thunder 2024", "11 November 2024 – 6 December 2024", "138", "2,213",
         "365 arrests"],
        ["Operation Thunder 2023", "October 2023", "133", "2,114", "about 500 arrests"],
        ["Operation Thunder 2022", "3 October 2022 – 30 October 2022", "125", "almost 2,200",
         "934 suspects identified"],
        ["Operation Thunder 2021", "1 October 2021 – 31 October 2021", "118", "more than 1,000",
         "about 300 suspects identified"],
        ["Operation Thunder 2020", "14 September 2020 – 11 October 2020", "103",
         "more than 2,000", "699 offenders apprehended"],
        ["Operation Thunderball", "4 June 2019 – 30 June 2019", "109", "more than 1,800",
         "almost 600 suspects identified"],
        ["Operation Thunderstorm", "1 May 2018 – 31 May 2018", "92", "1,974",
         "about 1,400 suspects identified"],
        ["Operation Thunderbird", "January 2017 – February 2017", "43", "1,300",
         "almost 900 suspects identified"],
    ],
    "others": [
        ["Operation PAWS", "2014", "13 places on the ICCWC map", "–", "–"],
        ["Operation INFRA TERRA", "–", "–", "–", "–"],
        ["Operation URSA", "–", "–", "–", "–"],
    ],
}  # fmt: skip


@pytest.fixture
def reference() -> None:
    call_command("load_reference", stdout=io.StringIO())


def figure(operation: Operation, measure: str, number: int, **said: Any) -> OperationFigure:
    usual = {"source": "A press release", "effective_on": date(2019, 7, 10)}
    return OperationFigure.objects.create(
        operation=operation, measure=measure, number=number, **usual | said
    )


@pytest.fixture
def series() -> Series:
    return Series.objects.create(key="storm", name="Storm", led_by_en="Somebody")


def test_every_operation_stands_with_its_dates_its_measures_and_its_source(
    reference: None, client: Client
) -> None:
    answer = client.get("/operations/")
    for key, rows in TABLE.items():
        shown = table_rows(answer, key)
        assert [row[:5] for row in shown] == rows
        assert all(row[5] for row in shown)
    text = page(answer)
    assert "COBRA series" in text
    assert "Regional networks and national agencies; supported by ICCWC" in text
    assert "INTERPOL and the World Customs Organization" in text
    assert "are different measures: they are never added up or drawn on one scale" in text


def test_numbers_are_grouped_as_the_readers_language_does(client: Client) -> None:
    figure(make.operation(slug="a"), "seizures", 1234567)
    shown = {
        language: page(client.get("/operations/a/", headers={"accept-language": language}))
        for language in ("en", "fr", "es")
    }
    assert "1,234,567" in shown["en"]
    assert re.search(r"1\s234\s567", shown["fr"])
    assert re.search(r"1\s?\.?234\s?\.?567", shown["es"])


def test_a_chart_draws_one_measure_and_never_another(client: Client, series: Series) -> None:
    first = make.operation(title_en="Operation First", series=series, starts_on=date(2018, 1, 1))
    second = make.operation(title_en="Operation Second", series=series, starts_on=date(2019, 1, 1))
    third = make.operation(title_en="Operation Third", series=series, starts_on=date(2020, 1, 1))
    figure(first, "suspects_identified", 1000)
    figure(second, "arrests", 500)
    figure(third, "suspects_identified", 250)
    figure(second, "offenders_apprehended", 77)
    html = client.get("/operations/").content.decode()
    charts = re.findall(r'<figure class="measure-chart">(.*?)</figure>', html, re.DOTALL)
    assert [words(chart) for chart in charts] == [
        "Storm: suspects identified First 1,000 Third 250"
    ]
    lengths = [int(one) for one in re.findall(r'width="(\d+)" height="20"', charts[0])]
    assert lengths[0] == pytest.approx(4 * lengths[1], abs=4)  # whole units
    assert "Second" not in charts[0]


def drawn(client: Client) -> list[str]:
    html = client.get("/operations/").content.decode()
    charts = re.findall(r'<figure class="measure-chart">(.*?)</figure>', html, re.DOTALL)
    return [words(chart) for chart in charts]


def test_of_several_sources_the_newest_is_drawn_and_the_page_says_so(
    client: Client, series: Series
) -> None:
    for name, number, qualifier in (("First", 2200, "almost"), ("Second", 900, "about")):
        operation = make.operation(title_en=f"Operation {name}", series=series)
        figure(operation, "seizures", number, qualifier=qualifier)
    figure(operation, "seizures", 1100, source="Later", effective_on=date(2021, 1, 1))
    figure(operation, "seizures", 7, source="Earlier", effective_on=date(2019, 7, 1))
    assert drawn(client) == ["Storm: seizures First ≈ 2,200 Second 1,100"]
    said = page(client.get("/operations/"))
    assert "the newest is drawn. “>” stands for more than, “≈” for about or almost." in said


def test_places_on_a_map_are_no_countries_and_are_drawn_beside_none(
    reference: None, client: Client
) -> None:
    charts = [one for one in drawn(client) if one.startswith("COBRA: countries")]
    assert charts == ["COBRA: countries taking part COBRA II 28 COBRA III 62"]
    assert table_rows(client.get("/operations/cobra/"), "figures")[0][:2] == [
        "places on the ICCWC map", "22",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", ["infra-terra", "ursa"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_an_operation_without_figures_says_what_its_source_says_of_it(
    reference: None, client: Client, slug: str, language: str
) -> None:
    said = page(client.get(f"/operations/{slug}/", headers={"accept-language": language}))
    roles = {"en": "ICCWC-coordinated", "fr": "Coordonnée par l’ICCWC", "es": "por el ICCWC"}
    assert roles[language] in said
    assert "CITES press release: five years of ICCWC, 2015-11-23" in said
    assert "<table" not in client.get(f"/operations/{slug}/").content.decode()


def test_each_figure_of_one_operation_says_when_and_by_whom_it_was_said(client: Client) -> None:
    operation = make.operation(
        slug="storm", led_by_en="Two agencies", role_en="support", remark_en="First results."
    )
    figure(operation, "arrests", 600, qualifier="almost", source_url="https://example.org/first")
    figure(operation, "suspects_identified", 582, source="A later text",
           effective_on=date(2020, 1, 31), precision="month")  # fmt: skip
    answer = client.get("/operations/storm/")
    assert table_rows(answer, "figures") == [
        ["arrests", "almost 600", "10 July 2019", "A press release"],
        ["suspects identified", "582", "January 2020", "A later text"],
    ]
    text = page(answer)
    for said in ("4 May 2015 – 27 May 2015", "Two agencies", "support", "First results."):
        assert said in text
    assert 'href="https://example.org/first" rel="external"' in answer.content.decode()


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_public_is_in_no_table_chart_or_file(
    client: Client, series: Series, state: str
) -> None:
    for number in (1, 2):
        shown = make.operation(title_en=f"Operation Seen {number}", series=series)
        figure(shown, "seizures", 10 * number)
    hidden = make.operation(state, slug="hidden", title_en="Operation HIDDEN", series=series)
    figure(hidden, "seizures", 999)
    answers = []
    for who in (None, make.focal_point(), make.agency_officer(), make.officer(), make.auditor()):
        reader = Client()
        if who:
            reader.force_login(who)
        for address in ("/operations/", "/operations.csv"):
            content = reader.get(address).content
            assert (b"HIDDEN" in content, b"999" in content) == (False, False)
        answers.append(reader.get("/operations/hidden/").status_code)
    assert answers == [404, 404, 404, 200, 200]


def test_the_file_has_a_line_for_each_figure_and_runs_nothing(client: Client) -> None:
    operation = make.operation(title_en="=1+1")
    figure(operation, "arrests", 5, qualifier="more_than", source="@source")
    figure(operation, "suspects_identified", 7)
    read = csv.DictReader(io.StringIO(client.get("/operations.csv").content.decode("utf-8-sig")))
    assert [
        (row["operation"], row["measure"], row["qualifier"], row["number"], row["source"])
        for row in read
    ] == [
        ("'=1+1", "arrests", "more_than", "5", "'@source"),
        ("'=1+1", "suspects_identified", "", "7", "A press release"),
    ]


def test_the_pages_cost_the_same_for_many_as_for_few(
    client: Client, series: Series, django_assert_max_num_queries: Any
) -> None:
    figure(make.operation(slug="one", series=series), "arrests", 1)
    addresses = ("/operations/", "/operations.csv", "/operations/one/")

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with django_assert_max_num_queries(6) as asked:
                client.get(address)
            found.append(len(asked))
        return found

    few = costs()
    for number in range(10):
        figure(make.operation(series=series), "arrests", number + 1)
    assert costs() == few


def test_an_empty_record_says_so(client: Client) -> None:
    assert "Nothing is recorded yet." in page(client.get("/operations/"))
