"""The map of the tracker: it says what the table says, for everybody who reads it, of any day."""

import gzip
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from partners import map as world_map
from partners.map import APART, Said
from partners.models import Party
from tests import make
from tests.reading_pages import page, signed_in, table_rows
from toolkit.steps import NUMBERED, Phase, Step

pytestmark = pytest.mark.django_db

_IN_SHORT = {
    "request received": Phase.REQUEST_RECEIVED,
    "planning phase": Phase.PLANNING,
    "in process": Phase.IN_PROCESS,
    "complete": Phase.COMPLETE,
}


def on_the_map(response) -> dict[str, str]:
    """Party and phase of each link of the map, in the order in which a keyboard walks it."""
    links = re.findall(r'<a href="[^"]+" aria-label="([^"]+): ([^":]+)"', response.content.decode())
    return {unescape(party): unescape(phase) for party, phase in links}


def in_the_table(response) -> dict[str, str]:
    """The same from the table of steps; the last cycle of a Party counts."""
    said = {}
    for row in table_rows(response, "tracker"):
        name = re.sub(r" \((cycle \d+|not public)\)", "", row[0])
        if row[-1] in _IN_SHORT:
            said[name] = str(_IN_SHORT[row[-1]].label)
    return said


def in_the_table_of_the_map(response) -> dict[str, str]:
    rows = table_rows(response, "map-table")
    names = re.findall(r"<tr><th scope=\"row\">.*?</tr>", response.content.decode())
    of_map = [row for row in names if "<ul>" in row or 'class="muted">none' in row]
    assert len(of_map) == len(rows)
    return {
        unescape(party): phase
        for (phase, number, _parties), row in zip(rows, of_map, strict=True)
        for party in _named(row, int(number))
    }


def _named(row: str, number: int) -> list[str]:
    names = re.findall(r"<li><a [^>]*>([^<]+)</a>", row)
    assert len(names) == number
    return names


def table(client: Client | None = None, **query: str):
    return (client or Client()).get(reverse("toolkit:table"), query)


def test_map_and_table_agree_today_and_on_a_past_day():
    call_command("load_reference", verbosity=0)
    second = make.implementation(make.party("VNM"))  # a second cycle, which is not public
    for step in (Step.NOMINATION, Step.PREPARATORY_WORK):
        make.move(second.steps.get(step=step), "done")

    for shown in (table(), table(as_of="2015-11-09"), Client().get(reverse("home"))):
        said = on_the_map(shown)
        assert len(said) == 17
        assert list(said) == sorted(said)
        assert said == in_the_table_of_the_map(shown)
        assert list(said.values()).count("Toolkit implementation complete") == 6
        assert said["Viet Nam"] == "Toolkit implementation complete"
    assert on_the_map(table()) == in_the_table(table())
    assert on_the_map(table(as_of="2015-11-08")) == {}


def test_whoever_reads_a_cycle_inside_sees_it_on_the_map_and_nobody_else_does():
    first = make.implementation()
    for step in NUMBERED[1:]:
        make.move(first.steps.get(step=step), "done")
    make.publish(first)
    second = make.implementation()  # begins anew
    make.move(second.steps.get(step=Step.NOMINATION), "done")
    readers = {
        "public": Client(),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "country": signed_in(make.focal_point()),
        "Secretariat": signed_in(make.auditor()),
    }

    shown = {name: table(client) for name, client in readers.items()}

    phases = {name: on_the_map(one) for name, one in shown.items()}
    outside = {"Kenya": str(Phase.COMPLETE.label)}
    inside = {"Kenya": str(Phase.PLANNING.label)}
    assert phases == {
        "public": outside, "other country": outside, "country": inside, "Secretariat": inside
    }  # fmt: skip
    assert phases == {name: in_the_table(one) for name, one in shown.items()}
    assert phases == {name: in_the_table_of_the_map(one) for name, one in shown.items()}
    files = {name: _drawn(one.get(reverse("toolkit:map"))) for name, one in readers.items()}
    assert files == {name: {f"Kenya: {said['Kenya']}"} for name, said in phases.items()}


def test_a_party_whose_last_cycle_has_no_request_recorded_is_not_coloured():
    for _cycle in range(2):
        last = make.implementation()
        make.publish(last)
    assert on_the_map(table()) == {"Kenya": str(Phase.REQUEST_RECEIVED.label)}
    request = last.steps.get(step=Step.REQUEST)
    make.correct(request, "not_applicable")
    assert on_the_map(table()) == {}
    assert in_the_table_of_the_map(table()) == {}


_SVG = "{http://www.w3.org/2000/svg}"


def _drawn(response) -> set[str]:
    """What the places of the map on its own are called."""
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    return {str(one.text) for one in root.findall(f".//{_SVG}g/{_SVG}g/{_SVG}title")}


def test_the_map_on_its_own_says_its_date_legend_sources_and_disclaimer():
    call_command("load_reference", verbosity=0)

    answer = Client().get(reverse("toolkit:map"), {"as_of": "2015-11-09"})

    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    said = " ".join(str(one.text) for one in root.iter(f"{_SVG}text"))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert 'filename="toolkit-map-2015-11-09.svg"' in answer.headers["Content-Disposition"]
    assert len(gzip.compress(answer.content)) < 120_000
    assert len(_drawn(answer)) == 17
    assert "State on 9 November 2015" in said
    assert "Toolkit request received (1): Bahamas" in said
    assert "Toolkit implementation in process (4): Bosnia and Herzegovina, Congo, Mexico," in said
    assert "Sources: CITES SC66 Inf. 9." in said
    assert "do not imply the expression of any opinion whatsoever" in said
    assert b"style=" not in answer.content
    assert b"<script" not in answer.content
    before = Client().get(reverse("toolkit:map"), {"known_at": "2015-11-09"})
    assert _drawn(before) == set()
    assert "as known on 9 November 2015" in before.content.decode()


def test_a_date_that_is_none_is_answered_with_a_sentence_instead_of_a_map():
    refused = Client().get(reverse("toolkit:map"), {"as_of": "9999-12-31"})

    assert refused.status_code == 400
    assert "The tracker knows nothing of the future" in refused.content.decode()


def test_the_map_tells_phases_by_pattern_and_is_walked_by_keyboard():
    call_command("load_reference", verbosity=0)

    shown = table().content.decode()

    for phase, shade in {"request": 1, "planning": 2, "in process": 3, "complete": 5}.items():
        assert f'id="toolkit-map-fine-{shade}"' in shown, phase
        assert f'fill="url(#toolkit-map-fine-{shade})"' in shown, phase
    assert " style=" not in shown
    # The larger targets are for pointers alone: nobody hears or walks them twice.
    rings = re.findall(r'<a href="[^"]+"([^>]*)><circle class="map__hit"', shown)
    assert len(rings) == 17
    assert set(rings) == {' tabindex="-1" aria-hidden="true"'}
    assert 'class="map__disputed" d="M' in shown
    assert "line whose course is not settled" in page(table())


def test_islands_that_lie_together_are_moved_apart_with_a_line_to_where_they_are():
    call_command("load_reference", verbosity=0)
    caribbean = Party.objects.filter(code__in=["ATG", "KNA", "DMA", "LCA", "BRB", "VCT", "GRD"])
    said = {party.code: Said(5, "complete", f"/{party.code}/") for party in caribbean}

    drawn = world_map.drawn_alone(caribbean, said, [])

    dots = [place.dot for place in drawn.places]
    assert len(set(dots)) == 7
    near = [
        (a, b)
        for a in dots
        for b in dots
        if a != b and (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < APART**2
    ]
    assert near == []
    assert sum(place.moved_from is not None for place in drawn.places) == 6


def test_every_party_but_the_union_has_a_place_in_degrees():
    call_command("load_reference", verbosity=0)

    places = world_map.geometry()

    assert set(Party.objects.values_list("code", flat=True)) - set(places) == {"EU"}
    for code, place in places.items():
        spots = _spots(place["coordinates"])
        assert all(-180 <= east <= 180 and -90 <= north <= 90 for east, north in spots), code
    assert {place["type"] for place in places.values()} == {"MultiPolygon", "Point"}


def _spots(coordinates) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [spot for inner in coordinates for spot in _spots(inner)]


@pytest.mark.parametrize(
    ("place", "party"),
    [((34.1, 45.2), "UKR"), ((21.0, 42.5), "SRB"), ((33.6, 35.3), "CYP"), ((45.0, 10.0), "SOM"),
     ((35.8, 33.0), "SYR"), ((-13.0, 25.0), None), ((35.2, 32.0), None)],
    ids=["Crimea", "Kosovo", "north of Cyprus", "Somaliland", "Golan", "Western Sahara",
         "West Bank"],
)  # fmt: skip
def test_places_of_disputed_status_are_drawn_as_united_nations_maps_draw_them(place, party):
    holders = [
        code
        for code, its in world_map.geometry().items()
        if its["type"] == "MultiPolygon"
        and any(_lies_in(place, polygon[0]) for polygon in its["coordinates"])
    ]

    assert holders == ([party] if party else [])


def _lies_in(place: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    (x, y), within = place, False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def test_pages_with_the_map_ask_as_many_questions_for_one_party_as_for_many(
    django_assert_max_num_queries,
):
    counts = []
    for parties in (["KEN"], ["VNM", "BGD", "PER", "GAB"]):
        for code in parties:
            make.publish(make.implementation(make.party(code)))
        with django_assert_max_num_queries(4) as asked:
            drawn = _drawn(Client().get(reverse("toolkit:map")))
        with django_assert_max_num_queries(6) as on_page:
            assert len(on_the_map(table())) == len(drawn)
        counts.append((len(asked), len(on_page)))
    assert counts[0] == counts[1]
