"""Activities, offices and networks as GeoJSON (RFC 7946)."""

import json
from typing import Any

import pytest

from iccwc_portal import api_geojson
from partners.map import geometry
from record.importing.positions import looked_at, point_on_land
from tests import make
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db


def map_of(address: str, **kwargs: Any) -> Any:
    answer = Caller().get(address, **kwargs)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/geo+json"
    found = json.loads(b"".join(answer))
    assert set(found) == {"type", "features"}
    assert found["type"] == "FeatureCollection"
    assert {one["type"] for one in found["features"]} <= {"Feature"}
    return found["features"]


def located(features: list[Any]) -> list[tuple[str, str | None, str | None]]:
    return [
        (one["id"], one["geometry"] and one["geometry"]["type"], one["properties"]["located_by"])
        for one in features
    ]


def test_each_place_of_an_activity_is_a_feature_that_says_how_it_is_located() -> None:
    """A position where one is known; a point of the Party where no more is; and what is
    nowhere, or everywhere, is there without geometry: nothing is left out, nothing is guessed."""
    kenya = make.party("KEN")
    made = make.activity(slug="courses", at=kenya)
    made.places.create(party=kenya, name="Mombasa", latitude="-4.0435", longitude="39.6682")
    made.places.create(name="Hong Kong")
    make.activity(slug="guidelines")
    features = map_of("activities/?format=geojson")
    assert located(features) == [
        ("guidelines/1", None, None),
        ("courses/1", "Point", "party"),
        ("courses/2", "Point", "position"),
        ("courses/3", None, None),
    ]
    assert features[2]["geometry"]["coordinates"] == [39.6682, -4.0435]  # longitude first
    (row,) = [
        row for row in Caller().get("activities/").json()["results"] if row["slug"] == "courses"
    ]
    place = row.pop("places")[1]
    assert features[2]["properties"] == {**row, "place": place, "located_by": "position"}


def test_a_party_is_one_point_on_its_largest_land_and_no_outline_again_and_again() -> None:
    for _each in range(3):
        make.activity(at=make.party("KEN"))
    features = map_of("activities/?format=geojson")
    points = {tuple(one["geometry"]["coordinates"]) for one in features}
    assert len(features) == 3
    ((longitude, latitude),) = points
    assert looked_at(longitude, latitude, ("KEN",)) == ""
    assert looked_at(longitude, latitude, ()) == "KEN"


def test_the_point_of_every_party_lies_on_its_own_land() -> None:
    points = {code: point_on_land(code) or (999.0, 0.0) for code in geometry()}
    assert len(points) > 150
    assert [code for code, point in points.items() if looked_at(*point, (code,))] == []
    assert all(abs(east) <= 180 and abs(north) <= 90 for east, north in points.values())


def test_what_has_no_land_has_no_point() -> None:
    assert point_on_land("EU") is None
    make.activity(slug="union", at=make.party("EU"))
    assert located(map_of("activities/?format=geojson")) == [("union/1", None, None)]


def test_offices_lie_where_they_are() -> None:
    interpol = make.agency("INTERPOL")
    interpol.offices.create(
        kind="Regional bureau", place="Nairobi", party=make.party("KEN"), latitude="-1.286",
        longitude="36.817", source="A page",
    )  # fmt: skip
    interpol.offices.create(kind="Special representative", place="African Union", source="A page")
    features = map_of("offices/", headers={"accept": "application/geo+json"})
    assert [one["geometry"] for one in features] == [
        {"type": "Point", "coordinates": [36.817, -1.286]},
        None,
    ]
    assert features[0]["properties"] == {
        "agency": {"code": "INTERPOL", "name": "INTERPOL"},
        "kind": "Regional bureau",
        "place": "Nairobi",
        "party": {"code": "KEN", "name": "Kenya"},
        "source": "A page",
    }


def test_each_member_of_a_network_is_a_feature_with_its_outline() -> None:
    make.network(make.party("KEN"), make.party("GAB"), slug="hawen", name="HAWEN")
    make.network(slug="wen-sa", name="WEN-SA")
    features = map_of("networks/?format=geojson&fields=acronym,name")
    assert [(one["id"], bool(one["geometry"]), one["properties"]) for one in features] == [
        (
            f"hawen/{code}",
            True,
            {
                "acronym": "", "name": "HAWEN",
                "member": {"party": {"code": code, "name": name}, "kind": "member", "source": ""},
            },
        )
        for code, name in (("GAB", "Gabon"), ("KEN", "Kenya"))
    ] + [("wen-sa", False, {"acronym": "", "name": "WEN-SA", "member": None})]  # fmt: skip


def test_filters_order_and_fields_hold_and_pages_are_refused() -> None:
    make.activity(slug="kenya", at=make.party("KEN"))
    make.activity(slug="peru", at=make.party("PER"), kind="analysis")
    (one,) = map_of("activities/?format=geojson&kind=analysis&fields=title")
    assert (one["id"], set(one["properties"])) == ("peru/1", {"title", "place", "located_by"})
    for query in ("page_size=1", "cursor=x"):
        answer = Caller().get(f"activities/?format=geojson&{query}")
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [query.partition("=")[0]]


def test_a_map_in_several_parts_is_the_same_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(5):
        make.activity(at=make.party("KEN"))
    whole = map_of("activities/?format=geojson")
    monkeypatch.setattr(api_geojson, "AT_ONCE", 2)
    assert map_of("activities/?format=geojson") == whole
    assert len(whole) == 5


def test_a_map_of_nothing_is_a_map() -> None:
    assert map_of("activities/?format=geojson") == []


def test_what_has_no_place_is_offered_as_no_map() -> None:
    answer = Caller().get("recognition/?format=geojson")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["format"])
    refused = Caller().get("recognition/", headers={"accept": "application/geo+json"})
    assert refused.status_code == 406


def test_a_map_speaks_the_language_of_its_reader() -> None:
    make.activity(slug="kenya", title_fr="Formation", at=make.party("KEN"))
    (one,) = map_of("activities/?format=geojson", headers={"accept-language": "fr"})
    assert one["properties"]["title"] == "Formation"
