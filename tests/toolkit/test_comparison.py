"""Two dates compared: the whole table, the chart of the same figures, and who may see them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.reading_pages import page, signed_in, table_rows, words
from tests.toolkit import instruments
from toolkit.models import Assessment

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2022, 3, 1), date(2025, 3, 1)


def compared(reader: Client, one: Assessment, other: Assessment):
    where = reverse("country_assessments_compare", args=["ken"])
    return reader.get(where, {"a": one.pk, "b": other.pk})


def of(answers: dict, **said) -> Assessment:
    one = instruments.draft(**said)
    instruments.answer(one, answers)
    return one


def test_the_whole_table_of_two_dates():
    before = of(
        {1: (1, ""), 9: (0, ""), 17: (0, ""), 2: (3, ""), 3: (1, ""), 50: (None, "Few.")}, on=BEFORE
    )
    after = of(
        {1: (3, ""), 9: (1, ""), 17: (1, ""), 2: (2, ""), 3: (1, ""), 25: (3, ""), 11: (2, ""),
         50: (None, "Many.")},
        on=AFTER,
    )  # fmt: skip
    shown = compared(signed_in(make.focal_point()), after, before)
    assert table_rows(shown, "by-outcome") == [
        ["1 Exercise outcome 1", "0.5", "2.0", "up", "2 of 6", "0", "1", "up", "1 of 1"],
        ["2 Exercise outcome 2", "3.0", "2.0", "down", "1 of 5", "–", "–", "–", "0 of 1"],
        ["3 Exercise outcome 3", "–", "–", "–", "0 of 5", "1", "1", "same", "1 of 1"],
        *(
            [f"{n} Exercise outcome {n}", "–", "–", "–", "0 of 6", "–", "–", "–", "0 of 0"]
            for n in range(4, 9)
        ),
    ]
    lines = lines_of(shown)
    none = "not assessed"
    nothing = "not comparable: not assessed at both dates"
    expected = {
        number: [f"Exercise indicator {number}", instruments.KINDS[number], none, none, nothing]
        for number in range(1, 51)
    }
    expected[1][2:] = ["1", "3", "up"]
    expected[9][2:] = ["0", "1", "up"]
    expected[17][2:] = ["absent", "present", "up"]
    expected[2][2:] = ["3", "2", "down"]
    expected[3][2:] = ["present", "present", "same"]
    expected[25][2:] = [none, "3", nothing]
    expected[11][2:] = [none, "2", nothing]
    expected[50][2:] = ["Few.", "Many.", "data, not scored"]
    assert lines == expected
    assert "Not comparable between the two editions" not in page(shown)


def lines_of(response) -> dict[int, list[str]]:
    """The table by indicator, of all its bodies, by number."""
    html = response.content.decode().partition('id="by-indicator"')[2].partition("</table>")[0]
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL):
        cells = [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        if cells[0].isdigit():
            found[int(cells[0])] = cells[1:]
    return found


def test_the_charts_say_what_the_table_says_and_never_mix_the_two_kinds():
    before, after = (
        of({1: (1, ""), 17: (0, "")}, on=BEFORE),
        of({1: (3, ""), 17: (1, "")}, on=AFTER),
    )
    html = compared(signed_in(make.focal_point()), before, after).content.decode()
    charts = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    said = [words(one.partition("</desc>")[2]) for one in charts]
    assert said == ["Outcome 1 1.0 3.0", "Outcome 1 0 of 1 1 of 1"]
    assert [re.findall(r"<desc[^>]*>(.*?)</desc>", one)[0] for one in charts] == [
        "Outcome 1: 1.0 → 3.0", "Outcome 1: 0 of 1 → 1 of 1",
    ]  # fmt: skip
    widths = [re.findall(r'class="pairs__bar"[^>]*?width="(\d+)"', one) for one in charts]
    assert widths == [["79", "236"], ["0", "236"]]
    assert "style=" not in "".join(charts)


def test_a_mean_is_rounded_the_same_way_in_the_chart_and_in_the_table():
    before = of({1: (0, ""), 9: (1, ""), 25: (2, ""), 33: (2, "")}, on=BEFORE)
    after = of({1: (3, ""), 9: (2, ""), 25: (2, ""), 33: (2, "")}, on=AFTER)
    shown = compared(signed_in(make.focal_point()), before, after)
    assert table_rows(shown, "by-outcome")[0][1:3] == ["1.3", "2.3"]  # 1.25 and 2.25
    chart = re.findall(r"<svg.*?</svg>", shown.content.decode(), re.DOTALL)[0]
    assert "Outcome 1: 1.3 → 2.3" in chart
    assert words(chart.partition("</desc>")[2]) == "Outcome 1 1.3 2.3"


def test_of_two_editions_only_the_same_texts_are_compared_and_the_rest_is_named():
    instruments.edition()
    second = instruments.edition("second", i2={"title_en": "A new text"}, i9={"title_en": "Other"})
    answers = instruments.full(1)
    before = of(answers, on=BEFORE)
    after = of(instruments.full(2), on=AFTER, of_edition=second)
    shown = compared(signed_in(make.focal_point()), before, after)
    lines = lines_of(shown)
    assert set(range(1, 51)) - set(lines) == {2, 9}
    assert lines[1] == ["Exercise indicator 1", "EA", "1", "2", "up"]
    why = "another text in the other edition"
    assert table_rows(shown, "unlike") == [
        ["2", "Exercise indicator 2", "Exercise exercise", why],
        ["2", "A new text", "Exercise second", why],
        ["9", "Exercise indicator 9", "Exercise exercise", why],
        ["9", "Other", "Exercise second", why],
    ]
    assert "The editions differ" in page(shown)
    first = table_rows(shown, "by-outcome")[0]
    assert first == [
        "1 Exercise outcome 1",
        "1.0",
        "2.0",
        "up",
        "5 of 5",
        "1",
        "1",
        "same",
        "1 of 1",
    ]


def test_what_cannot_be_compared_is_said():
    one, other = of({1: (1, "")}, on=BEFORE), of({1: (1, "")}, on=AFTER)
    vietnam = instruments.draft(of=make.party("VNM"))
    toolkit = instruments.draft(instrument="toolkit", edition=None)
    focal = signed_in(make.focal_point())
    where = reverse("country_assessments_compare", args=["ken"])
    assert focal.get(where).status_code == 200
    for query in (
        {"a": one.pk, "b": one.pk}, {"a": one.pk}, {"a": one.pk, "b": vietnam.pk},
        {"a": one.pk, "b": toolkit.pk}, {"a": "²", "b": "x"}, {"a": "9" * 40, "b": other.pk},
    ):  # fmt: skip
        answer = focal.get(where, query)
        assert answer.status_code == 400
        assert "Choose two different assessments" in page(answer)


def test_only_those_who_read_both_compare_them():
    interpol = make.agency("INTERPOL")
    sent = instruments.submitted(on=BEFORE, lead_agency=interpol)
    draft = of({1: (1, "")}, on=AFTER, lead_agency=interpol)
    without = instruments.submitted(on=date(2023, 1, 1))
    people = {
        "focal point": make.focal_point(),
        "officer": make.the_officer(),
        "lead agency": make.agency_officer(interpol),
        "other agency": make.agency_officer(make.agency("WCO")),
        "other country": make.focal_point(make.party("VNM")),
    }
    found = {
        name: [compared(signed_in(who), sent, other).status_code for other in (draft, without)]
        for name, who in people.items()
    }
    assert found == {
        "focal point": [200, 200],
        "officer": [400, 200],
        "lead agency": [400, 400],
        "other agency": [404, 404],
        "other country": [404, 404],
    }


def test_the_comparison_costs_the_same_with_few_answers_and_with_all():
    focal = signed_in(make.focal_point())
    few = [of({1: (1, "")}, on=day) for day in (BEFORE, AFTER)]
    many = [instruments.submitted(on=day) for day in (date(2020, 1, 1), date(2021, 1, 1))]
    compared(focal, *few)
    counts = []
    for pair in (few, many):
        with CaptureQueriesContext(connection) as captured:
            assert compared(focal, *pair).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
