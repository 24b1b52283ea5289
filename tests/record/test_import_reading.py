"""What becomes of the rows of a list, sent at the desk: awkward files, each row with its reason."""

import pytest
from django.test import Client

from record.models import Activity, ActivityImport, ImportRow
from tests import make
from tests.reading_pages import page, signed_in, table_rows
from tests.record.importing_world import (
    page_of,
    parties,
    send,
    send_list,
    send_rows,
    verdicts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _parties() -> None:
    parties()


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def understood(batch: ActivityImport, *names: str) -> list[list[object]]:
    rows = ImportRow.objects.filter(batch=batch).order_by("number", "part")
    return [[row.understood[name] for name in names] for row in rows]


def test_aliases_line_breaks_ranges_and_several_activities_in_a_cell_are_understood(officer):
    batch = send_list(officer, "spreadsheet.csv")

    assert understood(batch, "title", "starts", "ends", "precision") == [
        ["Training on parcels", "2015-12-31", None, "year"],
        ["Workshop for prosecutors", "2016-12-31", "2017-12-31", "year"],
        ["Study of ports", "2014-12-31", None, "year"],
        ["Meeting of customs officers", "2015-12-31", None, "year"],
        ["Seminar on controlled delivery", "2013-12-31", None, "year"],
        ["Course on online markets", "2018-05-31", None, "month"],
    ]
    assert understood(batch, "places", "at", "kind", "visible") == [
        [[{"party": "LAO", "name": ""}], [103.38, 20.02], "capacity", True],
        [[{"party": "LAO", "name": ""}], [103.38, 20.02], "capacity", True],
        [[{"party": "COD", "name": ""}], None, "cross_cutting", True],
        [[{"party": "COD", "name": ""}], None, "cross_cutting", True],
        [
            [{"party": "CHN", "name": "Hong Kong Special Administrative Region"}],
            [114.18, 22.35],
            "capacity",
            True,
        ],
        [[{"party": "VNM", "name": ""}], [108.42, 13.29], "capacity", False],
    ]
    assert verdicts(batch) == [
        ("2", "good", []),
        ("2.2", "good", []),
        ("3", "good", ["split_line"]),
        ("3.2", "good", ["split_line"]),
        ("4", "good", ["bare_year", "territory"]),
        ("5", "good", ["joined_lines"]),
    ]
    assert Activity.objects.count() == 0


def test_each_row_that_cannot_be_taken_says_why_and_the_good_one_waits(officer):
    batch = send_list(officer, "refused.csv")

    assert verdicts(batch) == [
        ("2", "refused", ["backwards"]),
        ("3", "refused", ["in_the_sea"]),
        ("4", "refused", ["exchanged"]),
        ("5", "refused", ["half_a_position"]),
        ("6", "refused", ["several_years"]),
        ("7", "refused", ["month_or_range"]),
        ("8", "refused", ["before_iccwc"]),
        ("9", "refused", ["two_bare_years"]),
        ("10", "refused", ["no_words"]),
        ("11", "refused", ["no_place"]),
        ("12", "refused", ["no_description"]),
        ("13", "refused", ["visible_unread"]),
        ("14", "refused", ["no_link"]),
        ("15", "refused", ["stray_cell"]),
        ("16", "good", []),
    ]
    shown = table_rows(officer.get(page_of(batch)), "import-rows")
    assert [row[3] for row in shown][:3] == [
        "cannot be taken “2017-2016” ends before it begins.",
        "cannot be taken The position -30,5, 20,25 lies in the sea. Mend it or leave it empty; "
        "islands that are too small for our map are not known to it.",
        "cannot be taken The position 1,44, 38,43 lies in the sea. Longitude and latitude seem to "
        "be exchanged.",
    ]


def test_a_row_with_several_faults_names_all_of_them(officer):
    batch = send_rows(
        officer, ",Range (2017-2016),analysis,perhaps", head="Country,Description,Kind,Visible"
    )

    assert verdicts(batch) == [("2", "refused", ["backwards", "visible_unread", "no_place"])]


@pytest.mark.parametrize(
    ("name", "encoding", "remarks", "titles"),
    [
        ("windows-1252.csv", "Windows-1252", ["read_as_cp1252"], ["Formation – douanes"]),
        ("utf-16.csv", "UTF-16", ["read_as"], ["Taller en Iquitos"]),
        ("spreadsheet.csv", "UTF-8", ["unknown_columns", "rounded"], None),
    ],
)
def test_the_encoding_is_found_and_said(officer, name, encoding, remarks, titles):
    batch = send_list(officer, name)

    assert (batch.encoding, [one[0] for one in batch.remarks]) == (encoding, remarks)
    if titles:
        assert [one for (one,) in understood(batch, "title")] == titles
        assert [row[1] for row in verdicts(batch)] == ["good"]


def test_letters_of_another_encoding_are_shown_to_be_looked_at(officer):
    batch = send_list(officer, "windows-1252.csv")

    said = page(officer.get(page_of(batch)))

    assert "was read as Windows-1252" in said
    assert "pays;activité;groupe Côte d’Ivoire" in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"Country,Description\n", "The file has headings but no rows."),
        (b"Country,Text that is no column\nKenya,x\n", "These columns are missing: description"),
        (b"Title,Country,Description\na,b,c\n", "stand for the same column"),
        (b'Country,Description\nKenya,"Never closed (2015)\n', "The table breaks off at line"),
        (b"%PDF-1.7 Country,Description", "This is not a CSV file."),
        ("Country,Description\nKenya,x".encode("utf-16-le"), "encoding that is not known here"),
        (b"Country,Description\nKenya,\x81\x8d", "encoding that is not known here"),
        ("Country,Description\nKenya,x\x00".encode("utf-16"), "encoding that is not known here"),
        (b"Country,Description\nKenya," + b"x" * 140_000, "holds very much text"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_nothing_is_kept(officer, content, sentence):
    answer = send(officer, content)

    assert answer.status_code == 400
    assert sentence in page(answer)
    assert ActivityImport.objects.count() == 0


def test_more_than_fifty_thousand_rows_are_to_be_sent_in_parts(officer):
    answer = send(officer, b"Country,Description\n" + b"Kenya,Course (2015)\n" * 50_001)

    assert answer.status_code == 400
    assert "The file has more than 50000 rows. Send it in parts." in page(answer)


def test_a_cell_with_control_characters_or_too_much_text_is_refused(officer):
    batch = send_rows(
        officer, "Kenya,Bell \x07 (2015),analysis", f"Kenya,{'x' * 301} (2015),analysis"
    )

    assert verdicts(batch) == [("2", "refused", ["control"]), ("3", "refused", ["long_title"])]


def test_a_list_needs_a_source(officer):
    answer = send(officer, b"Country,Description\nKenya,x (2015)\n", source=" ")

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["source"]


def test_an_activity_twice_is_taken_once_whatever_its_spelling(officer):
    known = make.activity(
        title_en="Formation à Lomé", starts_on="2014-12-31", precision="year", at=make.party("PER")
    )
    batch = send_rows(
        officer,
        "Kenya,Training (2015),analysis",
        "KEN,TRAINING  (2015),analysis",
        "Kenya,Training (2016),analysis",
        "Perú,Formation a Lome (2014),analysis",
    )

    assert verdicts(batch) == [
        ("2", "good", []),
        ("3", "known", ["same_in_file"]),
        ("4", "good", []),
        ("5", "known", ["is_here"]),
    ]
    assert list(batch.rows.filter(number=5).values_list("activity", flat=True)) == [known.pk]
    assert "This activity stands in row 2 already." in page(officer.get(page_of(batch)))


def test_the_same_file_sent_again_says_so(officer):
    first = send_list(officer, "spreadsheet.csv")
    second = send_list(officer, "spreadsheet.csv")

    assert (
        f"The same file was sent before, on {first.made_at:%Y-%m-%d}: import {first.pk}."
        in page(officer.get(page_of(second)))
    )


def test_a_column_that_is_not_known_is_named(officer):
    batch = send_list(officer, "spreadsheet.csv")

    assert "These columns are not known here and were not read: icon." in page(
        officer.get(page_of(batch))
    )


@pytest.mark.parametrize(
    ("description", "starts", "ends", "stage", "notes"),
    [
        ("Course (2016-)", "2016-12-31", None, "ongoing", ["open_end"]),
        ("Course (since 2016)", "2016-12-31", None, "ongoing", ["open_end"]),
        ("Course (2016-17)", "2016-12-31", "2017-12-31", "not_stated", ["short_range"]),
        ("Course (2016/2017)", "2016-12-31", "2017-12-31", "not_stated", []),
        ("Course (planned)", None, None, "planned", ["no_date"]),
        ("Course (2018, en cours)", "2018-12-31", None, "ongoing", []),
        ("Course", None, None, "not_stated", ["no_date"]),
        ("Course (6-9 March 2018)", "2018-03-06", "2018-03-09", "not_stated", []),
        ("Course (décembre 2013 - janvier 2014)", "2013-12-31", "2014-01-31", "not_stated", []),
        ("Course (NIAP) – (2014)", "2014-12-31", None, "not_stated", []),
        ("Course (2018) on timber", "2018-12-31", None, "not_stated", ["date_inside"]),
    ],
)
def test_dates_are_read_as_they_are_written(officer, description, starts, ends, stage, notes):
    batch = send_rows(officer, f'Kenya,"{description}",analysis')

    assert understood(batch, "starts", "ends", "stage") == [[starts, ends, stage]]
    assert verdicts(batch) == [("2", "good", notes)]


@pytest.mark.parametrize(
    "description", ["Course (early 2016)", "Course (31 February 2016)", "Course (2016 Maymonth)"]
)
def test_a_date_that_is_none_is_refused_with_its_words(officer, description):
    batch = send_rows(officer, f"Kenya,{description},analysis")

    assert verdicts(batch) == [("2", "refused", ["date_unread"])]


def test_a_territory_is_kept_by_its_name_with_its_party_and_another_place_by_its_own(officer):
    batch = send_rows(
        officer,
        "Hong Kong SAR of China,Course (2015),analysis",
        "Macau,Course (2015),analysis",
        "Haïti,Course (2015),analysis",
    )

    assert understood(batch, "places") == [
        [[{"party": "CHN", "name": "Hong Kong Special Administrative Region"}]],
        [[{"party": "CHN", "name": "Macao Special Administrative Region"}]],
        [[{"party": "", "name": "Haiti"}]],
    ]
