"""The maps of activities and of the agencies' network: each says what its table says, and all of
them lie on one picture of the world."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from partners.models import Agency, Office
from record import activities_map
from record.models import ActivityPlace
from tests import make
from tests.reading_pages import page, table_rows

pytestmark = pytest.mark.django_db

SHEETS = ("americas", "africa-and-europe", "asia", "world")


def on_the_map(answer: Any) -> dict[str, str]:
    """What each link of the map says, in the order in which a keyboard walks it."""
    links = re.findall(r'<a href="[^"]+" aria-label="([^"]+?): ([^"]+)"', answer.content.decode())
    return {unescape(name): unescape(said) for name, said in links}


def marks_of(answer: Any) -> list[tuple[str, bool, str]]:
    """Kind, hollow or not, and words of each mark."""
    found = re.findall(
        r'class="map__mark map__mark--(\w+)( map__mark--open)?"[^>]*><title>([^<]+)</title>',
        answer.content.decode(),
    )
    return [(kind, bool(hollow), unescape(words)) for kind, hollow, words in found]


def test_map_and_table_of_activities_say_the_same_on_every_sheet() -> None:
    call_command("load_reference", verbosity=0)
    peru = make.activity(kind="analysis", stage="planned", at=make.party("PER"))
    ActivityPlace.objects.create(activity=peru, party=make.party("KEN"))
    make.activity("draft", at=make.party("BRA"))

    for sheet in SHEETS:
        answer = Client().get(f"/activities/map/{sheet}/")
        in_table = {row[0]: int(row[-2]) for row in table_rows(answer, "by-country")}
        on_map = {name: int(said.split()[0]) for name, said in on_the_map(answer).items()}
        assert on_map == in_table, sheet
        assert "do not imply the expression of any opinion" in page(answer)
        assert " style=" not in answer.content.decode()
    asked = {sheet: set(on_the_map(Client().get(f"/activities/map/{sheet}/"))) for sheet in SHEETS}
    assert asked == {
        "americas": {"Peru"},
        "africa-and-europe": {"Kenya", "Madagascar", "Togo"},
        "asia": {"Sri Lanka", "United Arab Emirates"},
        "world": {"Kenya", "Madagascar", "Peru", "Sri Lanka", "Togo", "United Arab Emirates"},
    }
    assert Client().get("/activities/map/atlantis/").status_code == 404


def test_kinds_are_told_by_shape_and_what_is_to_come_is_hollow() -> None:
    call_command("load_reference", verbosity=0)
    peru = make.party("PER")
    make.activity(kind="analysis", stage="completed", at=peru)
    make.activity(kind="capacity", stage="completed", at=peru)
    make.activity(kind="capacity", stage="ongoing", at=peru)

    answer = Client().get("/activities/map/americas/")

    assert marks_of(answer) == [
        ("analysis", False, "Analysis of national responses: 1"),
        ("capacity", True, "Law enforcement support and capacity building: 2"),
    ]
    assert on_the_map(answer) == {
        "Peru": "3 activities: Analysis of national responses 1, "
        "Law enforcement support and capacity building 2"
    }
    for words in ("Cross-cutting activities", "hollow: at least one is planned or ongoing"):
        assert words in page(answer)


def test_a_position_is_marked_where_it_lies_and_a_place_of_no_party_has_a_row() -> None:
    call_command("load_reference", verbosity=0)
    positioned = make.activity(kind="capacity")
    where = {"latitude": "-4.05", "longitude": "39.67"}
    ActivityPlace.objects.create(
        activity=positioned, party=make.party("KEN"), name="Mombasa", **where
    )
    ActivityPlace.objects.create(
        activity=positioned, name="The high seas", latitude="-20", longitude="-20"
    )

    drawn = activities_map.drawn(type(positioned).objects.filter(pk=positioned.pk))

    (kenya,) = drawn.world.said
    (mark,) = kenya.marks
    assert mark.spot != kenya.spot
    (elsewhere,) = drawn.world.marks
    assert elsewhere.spot[0] < mark.spot[0]
    assert [(row.name, row.total) for row in drawn.rows] == [("Kenya", 1), ("The high seas", 1)]


def test_more_positions_than_can_be_seen_are_marked_at_their_countries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_command("load_reference", verbosity=0)
    monkeypatch.setattr(activities_map, "MOST_SPOTS", 1)
    activity = make.activity(kind="capacity")
    for latitude in ("-1", "-2"):
        ActivityPlace.objects.create(
            activity=activity, party=make.party("KEN"), latitude=latitude, longitude="37"
        )

    (kenya,) = activities_map.drawn(type(activity).objects.filter(pk=activity.pk)).world.said

    assert [mark.spot for mark in kenya.marks] == [kenya.spot]


def test_the_network_is_drawn_as_its_table_says() -> None:
    call_command("load_reference", verbosity=0)

    answer = Client().get("/partners/network/")

    seats = {f"{one.name}: seat, {one.seat}" for one in Agency.objects.all()}
    offices = {
        f"{one.agency.name}: {one.kind}, {one.place}"
        for one in Office.objects.exclude(latitude=None).select_related("agency")
    }
    marks = marks_of(answer)
    assert {words for _kind, hollow, words in marks if not hollow} == seats
    assert {words for _kind, hollow, words in marks if hollow} == offices
    assert len(seats) == 5
    drawn = [row for row in table_rows(answer, "offices") if row[4] == "yes"]
    assert len(drawn) == len(marks)
    assert {kind for kind, _hollow, _words in marks} == {"cites", "interpol", "unodc", "wb", "wco"}


def test_every_map_lies_on_the_same_picture_and_carries_no_outline_of_others() -> None:
    call_command("load_reference", verbosity=0)
    addresses = ("/", "/toolkit/", "/activities/", "/activities/map/asia/", "/partners/network/")

    answers = {one: Client().get(one).content.decode() for one in addresses}

    pictures = {one: re.findall(r'<image href="([^"]+)"', html) for one, html in answers.items()}
    assert pictures == dict.fromkeys(addresses, ["/static/img/world.svg"])
    assert finders.find("img/world.svg")
    assert len(re.findall(r'<path d="M', answers["/partners/network/"])) == 0


@pytest.mark.parametrize("sheet", ["world", "africa-and-europe"])
def test_a_map_asks_as_many_questions_for_one_activity_as_for_many(
    django_assert_max_num_queries: Any, sheet: str
) -> None:
    counts = []
    for many in (1, 12):
        for _one in range(many):
            placed = make.activity(at=make.party("KEN"))
            ActivityPlace.objects.create(
                activity=placed, party=make.party("VNM"), latitude="10", longitude="106"
            )
        with django_assert_max_num_queries(6) as found:
            Client().get(f"/activities/map/{sheet}/")
        counts.append(len(found))
    assert counts[0] == counts[1]
