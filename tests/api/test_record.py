"""The public record in the API: what each kind says, and how it is asked for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from partners.models import Agency, Region
from record.models import CheckedLink, Series, Topic
from tests import make
from tests.api.conftest import Caller
from tests.reading_pages import signed_in as desk_of
from tests.record.at_desk import opened, sent
from workflow.executor import perform

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KINDS = {
    "recognition": make.recognition,
    "operations": make.operation,
    "activities": make.activity,
    "network-meetings": make.global_meeting,
    "news": make.news_item,
    "documents": make.document,
}
ALWAYS = {
    "source": "CITES SC66 Inf. 9",
    "source_url": "https://cites.org/sc66-inf-9",
    "confidence": "confirmed",
    "published_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-02T09:00:00Z",
}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def one(path: str, **kwargs: Any) -> Any:
    """A detail, which the list must show alike."""
    answer = Caller().get(path, **kwargs)
    assert answer.status_code == 200, answer.content
    return answer.json()


def listed(address: str) -> list[str]:
    return Caller().rows(address, "slug")


def dead(url: str) -> None:
    CheckedLink.objects.create(url=url, failures=3, dead_since=timezone.now())


# ── what each kind says ──────────────────────────────────────────────────────────────────────


def test_recognition_says_what_it_asks_of_whom_and_where_it_stands_in_the_document() -> None:
    make.recognition(
        slug="unga-69-314", title_en="Tackling illicit trafficking in wildlife",
        title_fr="Lutte contre le trafic", symbol="A/RES/69/314",
        asks_en="Calls upon Member States.",
        url="https://undocs.org/A/RES/69/314", position=12, place="New York",
        editors_note="Ask again.",
    )  # fmt: skip
    said = {
        "slug": "unga-69-314",
        "page": "http://testserver/recognition/unga-69-314/",
        "category": "global",
        "title": "Tackling illicit trafficking in wildlife",
        "body": "United Nations General Assembly",
        "symbol": "A/RES/69/314",
        "adopted_as": "",
        "effective_on": "2015-07-30",
        "precision": "day",
        "place": "New York",
        "asks": "Calls upon Member States.",
        "note": "",
        "link": "https://undocs.org/A/RES/69/314",
        "position": 12,
        "languages": ["en"],
        **ALWAYS,
    }
    assert one("recognition/unga-69-314/") == said
    assert one("recognition/")["results"] == [said]
    french = one("recognition/unga-69-314/", headers={"accept-language": "fr"})
    assert (french["title"], french["asks"]) == (
        "Lutte contre le trafic",
        "Calls upon Member States.",
    )


def test_an_operation_gives_each_figure_its_measure_its_date_and_its_source() -> None:
    series = Series.objects.create(key="thunder", name="Thunder", led_by_en="INTERPOL")
    made = make.operation(slug="thunderball", title_en="Operation Thunderball", series=series)
    for measure, number, qualifier in (
        ("suspects_identified", 582, ""),
        ("seizures", 1828, "about"),
    ):
        made.figures.create(
            measure=measure, number=number, qualifier=qualifier, effective_on=date(2019, 7, 10),
            source="INTERPOL, 10 July 2019", source_url="https://interpol.int/thunderball",
        )  # fmt: skip
    said = one("operations/thunderball/")
    assert said["series"] == {"key": "thunder", "name": "Thunder"}
    assert said["figures"] == [
        {
            "measure": measure, "qualifier": qualifier, "number": number,
            "effective_on": "2019-07-10", "precision": "day", "source": "INTERPOL, 10 July 2019",
            "source_url": "https://interpol.int/thunderball",
        }
        for measure, qualifier, number in (
            ("seizures", "about", 1828), ("suspects_identified", "", 582),
        )
    ]  # fmt: skip
    assert (said["starts_on"], said["ends_on"]) == ("2015-05-04", "2015-05-27")
    assert one("operations/")["results"] == [said]


def test_an_activity_says_where_it_is_and_by_whom_and_never_what_it_came_from() -> None:
    kenya = make.party("KEN")
    made = make.activity(
        slug="wist-kenya", title_en="WIST in Kenya", support=make.support("wist"),
        support_request=make.request_in("submitted", of=kenya), stage="completed",
        starts_on=date(2016, 12, 31), precision="year", ends_on=date(2017, 12, 31),
    )  # fmt: skip
    made.places.create(party=kenya, name="Mombasa", latitude="-4.0435", longitude="39.6682")
    made.places.create(name="Hong Kong")
    made.agencies.add(make.agency("WCO"), make.agency("INTERPOL"))
    said = {
        "slug": "wist-kenya",
        "page": "http://testserver/activities/wist-kenya/",
        "kind": "capacity",
        "stage": "completed",
        "title": "WIST in Kenya",
        "text": "",
        "support": "wist",
        "agencies": ["INTERPOL", "WCO"],
        "places": [
            {
                "party": {"code": "KEN", "name": "Kenya"}, "name": "Mombasa",
                "latitude": -4.0435, "longitude": 39.6682,
            },
            {"party": None, "name": "Hong Kong", "latitude": None, "longitude": None},
        ],
        "starts_on": "2016-12-31",
        "precision": "year",
        "ends_on": "2017-12-31",
        "ends_precision": "year",
        "link": "",
        "languages": ["en"],
        **ALWAYS,
    }  # fmt: skip
    assert one("activities/wist-kenya/") == said
    assert one("activities/")["results"] == [said]


def test_a_network_names_its_members_and_not_its_focal_points() -> None:
    kenya, vietnam = make.party("KEN"), make.party("VNM")
    made = make.network(vietnam, kenya, slug="hawen", acronym="HAWEN", name="Horn of Africa WEN")
    make.network(kenya, slug="latf", name="Lusaka Agreement Task Force")
    made.memberships.filter(party=vietnam).update(kind="signatory")
    made.contacts.create(office="Ministry", email="office@example.org")
    made.assessments.create(
        effective_on=date(2022, 12, 31), precision="year", source="UNODC", membership="Weak.",
        source_url="https://unodc.org/hawen",
    )  # fmt: skip
    assert one("networks/hawen/") == {
        "slug": "hawen",
        "page": "http://testserver/networks/hawen/",
        "acronym": "HAWEN",
        "name": "Horn of Africa WEN",
        "formerly": "",
        "region": "Africa",
        "seat": "",
        "launched_on": None,
        "precision": "day",
        "members": [
            {"party": {"code": "KEN", "name": "Kenya"}, "kind": "member", "source": ""},
            {"party": {"code": "VNM", "name": "Viet Nam"}, "kind": "signatory", "source": ""},
        ],
        "members_in_words": "",
        "assessments": [
            {
                "effective_on": "2022-12-31", "precision": "year", "source": "UNODC",
                "source_url": "https://unodc.org/hawen",
            }
        ],
        "note": "",
        "source": "CoP16 Inf. 13",
    }  # fmt: skip
    assert listed("networks/?party=KEN") == ["hawen", "latf"]
    assert listed("networks/?party=VNM") == ["hawen"]


def test_a_meeting_says_its_number_place_and_attendance() -> None:
    make.global_meeting(
        slug="second", number=2, place="Johannesburg", beside="CoP17", attendance=90,
        attendance_qualifier="over", starts_on=date(2016, 9, 28), ends_on=date(2016, 9, 29),
    )  # fmt: skip
    said = one("network-meetings/second/")
    assert {name: said[name] for name in list(said)[:10]} == {
        "slug": "second", "page": "http://testserver/networks/meetings/second/", "number": 2,
        "place": "Johannesburg", "beside": "CoP17", "starts_on": "2016-09-28", "precision": "day",
        "ends_on": "2016-09-29", "ends_precision": "day", "attendance": 90,
    }  # fmt: skip


def test_news_is_given_as_markdown_and_as_clean_html() -> None:
    ivory = Topic.objects.create(key="ivory", name_en="Ivory", name_fr="Ivoire", name_es="Marfil")
    typed = "Officers **met**. <script>alert(1)</script> [Here](https://example.org/dead)"
    made = make.news_item(
        slug="met", title_en="They met", text_en=typed, event_from=date(2026, 4, 1),
        event_place="Nairobi", title_fr="Réunion", lead_fr="Des agents.", text_fr="Réunis.",
    )  # fmt: skip
    made.topics.add(ivory)
    made.parties.add(make.party("KEN"))
    dead("https://example.org/dead")
    said = one("news/met/")
    assert said["text"] == typed
    assert "<strong>met</strong>" in said["html"]
    assert "script" not in said["html"]
    assert "example.org/dead" not in said["html"]
    assert (said["parties"], said["topics"]) == (["KEN"], ["ivory"])
    assert (said["languages"], said["picture"], said["event_from"]) == (
        ["en", "fr"], None, "2026-04-01",
    )  # fmt: skip
    (row,) = one("news/")["results"]
    assert row == {name: said[name] for name in said if name not in {"text", "html"}}
    french = one("news/met/", headers={"accept-language": "fr"})
    assert (french["title"], french["html"]) == ("Réunion", "<p>Réunis.</p>\n")


def test_the_topics_have_names_in_the_language_of_the_reader() -> None:
    Topic.objects.create(key="ivory", name_en="Ivory", name_fr="Ivoire", name_es="Marfil")
    assert one("topics/", headers={"accept-language": "es"})["results"] == [
        {"key": "ivory", "name": "Marfil"}
    ]


def test_a_document_gives_its_language_versions_and_no_dead_link() -> None:
    made = make.document(slug="loi", title_en="Letter of Understanding", symbol="LoU")
    made.versions.create(language="en", url="https://cites.org/en")
    made.versions.create(language="fr", url="https://cites.org/fr")
    dead("https://cites.org/fr")
    assert one("documents/loi/")["versions"] == [
        {"language": "en", "url": "https://cites.org/en", "file": None},
        {"language": "fr", "url": "", "file": None},
    ]
    dead("https://cites.org/sc66-inf-9")
    assert one("documents/")["results"][0]["source_url"] == ""


def test_an_agency_shows_its_offices_and_all_offices_are_a_list_of_their_own() -> None:
    kenya, interpol = make.party("KEN"), make.agency("INTERPOL")
    made = interpol.offices.create(
        kind="Regional bureau", place="Nairobi", party=kenya, latitude="-1.286",
        longitude="36.817", source="A page",
    )  # fmt: skip
    office = {
        "kind": "Regional bureau", "place": "Nairobi",
        "party": {"code": "KEN", "name": "Kenya"}, "latitude": -1.286, "longitude": 36.817,
        "source": "A page",
    }  # fmt: skip
    assert one("agencies/INTERPOL/")["offices"] == [office]
    named = {"id": made.pk, "agency": {"code": "INTERPOL", "name": "INTERPOL"}, **office}
    assert one("offices/")["results"] == [named]
    make.agency("WCO")
    assert one("offices/?agency=WCO")["results"] == []
    assert one("offices/?party=KEN")["results"] == [named]
    assert Agency.objects.count() > 1


# ── how it is asked for ──────────────────────────────────────────────────────────────────────


def narrowing() -> dict[str, tuple[list[str], list[str]]]:
    """Query → what it finds, what it does not; of the world below."""
    return {
        "recognition/?category=regional": (["regional"], ["older"]),
        "recognition/?dated_from=2014-01-01": (["regional"], ["older"]),
        "recognition/?dated_to=2012-01-01": (["older"], ["regional"]),
        "recognition/?confidence=partly": (["older"], ["regional"]),
        "operations/?series=cobra": (["cobra"], ["alone"]),
        "operations/?measure=arrests": (["alone"], ["cobra"]),
        "activities/?kind=analysis": (["peru"], ["kenya"]),
        "activities/?stage=planned": (["kenya"], ["peru"]),
        "activities/?party=KEN": (["kenya"], ["peru"]),
        "activities/?region=africa": (["kenya"], ["peru"]),
        "activities/?agency=WCO": (["peru"], ["kenya"]),
        "activities/?support=wist": (["peru"], ["kenya"]),
        "news/?topic=ivory": (["news"], ["event"]),
        "news/?party=KEN": (["news"], ["event"]),
        "news/?is_event=true": (["event"], ["news"]),
        "news/?is_event=false": (["news"], ["event"]),
        "news/?dated_from=2026-02-01": (["news"], ["event"]),
        "documents/?kind=tool": (["tool"], ["other"]),
        "documents/?topic=ivory": (["tool"], ["other"]),
        "documents/?language=fr": (["tool"], ["other"]),
    }


@pytest.mark.parametrize("query", narrowing())
def test_each_filter_finds_what_it_names_and_nothing_else(query: str) -> None:
    kenya, ivory = make.party("KEN"), Topic.objects.create(key="ivory", name_en="Ivory")
    cobra = Series.objects.create(key="cobra", name="COBRA", led_by_en="LATF")
    make.recognition(slug="regional", category="regional")
    make.recognition(slug="older", effective_on=date(2011, 7, 31), confidence="partly")
    make.operation(slug="cobra", series=cobra)
    figure = {"measure": "arrests", "number": 5, "effective_on": date(2015, 6, 1), "source": "A"}
    make.operation(slug="alone").figures.create(**figure)
    at_kenya = make.activity(slug="kenya", at=kenya, stage="planned")
    at_kenya.places.create(party=kenya, name="Mombasa")  # found once all the same
    peru = make.party("PER")
    peru.region = Region.objects.create(key="americas", name_en="Americas")
    peru.save()
    at_peru = make.activity(slug="peru", at=peru, kind="analysis", support=make.support("wist"))
    at_peru.agencies.add(make.agency("WCO"))
    news = make.news_item(slug="news")
    make.news_item(slug="event", dated_on=date(2026, 1, 5), event_from=date(2026, 4, 1))
    tool = make.document(slug="tool", kind="tool")
    make.document(slug="other")
    news.parties.add(kenya)
    news.topics.add(ivory), tool.topics.add(ivory)
    tool.versions.create(language="fr", url="https://cites.org/fr")
    found, left_out = narrowing()[query]
    assert listed(query) == found
    assert set(found + left_out) == set(listed(query.partition("?")[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_parameter_that_is_not_known_is_refused_by_name(kind: str) -> None:
    for query in ("colour=red", "confidence=surely", "updated_since=soon", "fields=editors_note"):
        answer = Caller().get(f"{kind}/?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert list(answer.json()["errors"]) == [query.partition("=")[0]]


def test_a_yes_or_no_is_one_of_both_and_never_left_out_in_silence() -> None:
    answer = Caller().get("news/?is_event=maybe")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["is_event"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_detail_that_is_unchanged_is_not_sent_again(kind: str) -> None:
    made = KINDS[kind]()
    address = f"{kind}/{made.slug}/"
    tag = Caller().get(address)["ETag"]
    again = Caller().get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    part = Caller().get(f"{address}?fields=slug", headers={"if-none-match": '"other"'})
    assert (part.json(), part["ETag"]) == ({"slug": made.slug}, tag)
    type(made).objects.filter(pk=made.pk).update(source="Another source")
    assert Caller().get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_edited_before_its_moment_counts_as_changed_from_the_moment_on(
    kind: str, today: Any
) -> None:
    """Else whoever asks for what changed since yesterday would never be told of it."""
    now = KINDS[kind]()
    to_come = KINDS[kind](publish_at="2026-03-05 10:00")
    since = f"{kind}/?ordering=updated_at&updated_since="
    assert listed(f"{kind}/") == [now.slug]
    today.move_to(NOW + timedelta(days=3, hours=1))
    assert listed(f"{since}2026-03-04T00:00:00Z") == [to_come.slug]
    assert listed(f"{since}2026-03-01T00:00:00Z") == [now.slug, to_come.slug]
    row = one(f"{kind}/{to_come.slug}/")
    assert row["updated_at"] == row["published_at"] == "2026-03-05T09:00:00Z"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_withdrawn_is_gone_from_the_list_and_from_its_address(kind: str) -> None:
    made = KINDS[kind]()
    assert listed(f"{kind}/") == [made.slug]
    perform("withdraw", made, by=make.the_officer(), data={"reason": "Too early."})
    assert listed(f"{kind}/") == []
    assert Caller().get(f"{kind}/{made.slug}/").status_code == 404


def test_the_first_record_of_a_list_can_be_had_as_a_table() -> None:
    made = make.activity(slug="kenya", at=make.party("KEN"))
    made.agencies.add(make.agency("WCO"), make.agency("INTERPOL"))
    answer = Caller().get("activities/?format=csv&fields=slug,agencies,kind")
    assert b"".join(answer).decode() == "slug,kind,agencies\r\nkenya,capacity,INTERPOL; WCO\r\n"


def test_what_editors_note_for_themselves_changes_no_answer(today: Any) -> None:
    made = make.activity(slug="kenya", at=make.party("KEN"))
    officer = desk_of(make.the_officer())
    doors = ("activities/", "activities/kenya/", "activities/?format=geojson")

    def answers() -> list[tuple[str | None, bytes]]:
        asked = [Caller().get(door) for door in doors]
        return [(one.headers.get("ETag"), b"".join(one)) for one in asked]

    before = answers()
    today.shift(timedelta(hours=1))
    sent(officer, made, opened(officer, made) | {"editors_note": "Ask INTERPOL again."})
    assert type(made).objects.get().editors_note == "Ask INTERPOL again."
    assert answers() == before
    sent(officer, made, opened(officer, made) | {"source": "CITES SC67 Doc. 1"})
    assert one("activities/kenya/")["updated_at"] == "2026-03-02T10:00:00Z"
