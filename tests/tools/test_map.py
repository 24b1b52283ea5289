"""The outlines of the Parties, and the map that pages make of them."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string

from partners import map as world_map
from partners import map_projection as projection
from partners.map import Said
from partners.models import Party
from tools import make_map
from tools.world_source import World

MAP: Path = settings.BASE_DIR / "fixtures" / "world_map.json"


def test_two_countries_on_one_line_still_touch_after_thinning() -> None:
    """Two squares of ten degrees, side by side, with a wobble on the line between them."""
    wobble = [[100, 0], [0, 15], [0, 15], [10, 20], [-10, 50]]
    source = {
        "transform": {"scale": [0.1, 0.1], "translate": [0, 0]},
        "arcs": [
            wobble,
            [[100, 100], [-100, 0], [0, -100], [100, 0]],
            [[100, 0], [100, 0], [0, 100], [-100, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": "1", "properties": {"name": "W"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "id": "2", "properties": {"name": "E"}, "arcs": [[~0, 2]]},
                ]
            }
        },
    }
    drawn = make_map.drawing(source, {"1": "WWW", "2": "EEE"})
    west, east = (_points(drawn["shapes"][code]) for code in ("WWW", "EEE"))
    corners = [(10, 0), (10, 1.5), (10, 3), (11, 5), (10, 10)]
    line = [projection.placed(*corner) for corner in corners]
    between = [line[at] for at in make_map.kept(line, make_map.THINNED)]
    assert set(west) & set(east) == {(round(x), round(y)) for x, y in between}
    assert len(between) < len(corners)
    assert drawn["land"] == ""
    assert drawn["disputed"] == ""


def _points(path: str) -> list[tuple[int, int]]:
    """The corners of an outline, from its steps."""
    numbers = [int(one) for one in re.findall(r"-?\d+", path)]
    x, y, found = 0, 0, []
    for step in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step[0], y + step[1]
        found.append((x, y))
    return found


def test_a_line_whose_course_is_not_settled_is_dashed_where_it_is_so() -> None:
    """India and Pakistan share one line, of which only the north is the Line of Control."""
    source = {
        "transform": {"scale": [1, 1], "translate": [70, 20]},
        "arcs": [
            [[5, 0], [0, 5], [0, 5], [0, 5], [0, 5]],
            [[5, 20], [-5, 0], [0, -20], [5, 0]],
            [[5, 0], [5, 0], [0, 20], [-5, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "properties": {"name": "Pakistan"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "properties": {"name": "India"}, "arcs": [[~0, 2]]},
                ]
            }
        },
    }
    dashed = list(World(source).disputed())
    assert dashed == [(0, 3, 4)]


def test_places_lie_where_they_should() -> None:
    assert projection.placed(projection.CENTRE, 0)[0] == pytest.approx(projection.WIDTH / 2)
    _x, equator = projection.placed(0, 0)
    assert projection.placed(0, 30)[1] < equator < projection.placed(0, -30)[1]
    strait = [(-170.0, 66.0), (179.0, 66.0), (-169.0, 65.0)]
    assert [round(place[0]) for place in make_map.uncut(strait)] == [190, 179, 191]


@pytest.mark.django_db
def test_every_party_but_the_union_has_a_place_in_little_weight() -> None:
    call_command("load_reference", verbosity=0)
    outlines = json.loads(MAP.read_text(encoding="utf-8"))
    placed = {*outlines["shapes"], *outlines["dots"]}
    assert set(Party.objects.values_list("code", flat=True)) - placed == {"EU"}
    assert placed <= set(Party.objects.values_list("code", flat=True))
    assert len(gzip.compress(MAP.read_bytes())) < 40_000


@pytest.mark.django_db
def test_the_map_says_in_words_what_it_shows_in_colour() -> None:
    call_command("load_reference", verbosity=0)
    drawn = world_map.drawn(
        Party.objects.all(),
        {"KEN": Said(5, "9 requests", "/kenya/"), "EU": Said(1, "1 request", "/union/")},
        Said(0, "no request"),
        world_map.legend_of([1, 9]),
    )
    context = {"map": drawn, "map_id": "world", "map_title": "Requests by Party"}
    page = render_to_string("map/world.html", context)
    assert '<a href="/kenya/" aria-label="Kenya: 9 requests">' in page
    assert "Singapore" not in page  # of whom nothing is said lies in the picture beneath
    assert 'Not on the map: <a href="/union/">European Union</a> (1 request)' in page
    assert "The designations employed and the presentation of the material on this map" in page
    assert drawn.places[-1].party.code == "KEN"  # on top of its neighbours
    assert " style=" not in page


@pytest.mark.parametrize(
    ("most", "bounds"),
    [(0, []), (1, [1]), (3, [1, 2, 3]), (6, [1, 2, 3, 4, 6]), (1000, [4, 16, 63, 251, 1000])],
)
def test_small_numbers_are_told_apart(most: int, bounds: list[int]) -> None:
    assert world_map.steps_up_to(most) == bounds
    steps = [world_map.step_of(number, bounds) for number in range(1, most + 1)]
    assert steps == sorted(steps)
    assert not steps or steps[-1] == world_map.STEPS
    assert world_map.step_of(0, bounds) == 0


def test_the_picture_beneath_every_map_is_the_drawing_and_light() -> None:
    made = json.loads(MAP.read_text(encoding="utf-8"))

    picture = make_map.PICTURE.read_text(encoding="utf-8")

    assert picture == make_map.picture(made)
    assert len(gzip.compress(picture.encode())) < 16_000
    assert not re.search(r"<script|style=|href|on[a-z]+=", picture)


def test_a_position_lies_within_the_country_whose_it_is() -> None:
    """On the same grid as the outlines; also beyond the line where the map is cut."""
    nairobi = projection.spot_of(36.8, -1.3)
    made = json.loads(MAP.read_text(encoding="utf-8"))
    xs, ys = zip(*_points(made["shapes"]["KEN"]), strict=True)
    assert min(xs) < nairobi[0] < max(xs)
    assert min(ys) < nairobi[1] < max(ys)
    assert projection.spot_of(-169.0, 0.0)[0] > 1900
    assert projection.spot_of(-168.0, 0.0)[0] < 100
