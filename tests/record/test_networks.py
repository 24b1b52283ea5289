"""Wildlife Enforcement Networks: members for everybody, focal points and findings for those
entitled, the global meetings as their sources put them."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from partners.models import Network, NetworkMembership
from record.models import NetworkAssessment, NetworkContact
from tests import make
from tests.reading_pages import page, signed_in, table_rows, words
from tests.record.at_desk import faults, opened, page_of, sent, sent_with

pytestmark = pytest.mark.django_db

SECRET = "SECRET of the desk"
FINDING = "SECRET finding"


@pytest.fixture
def network() -> Network:
    """Kenya belongs to it, Peru only signed; it has a focal point and assessed itself."""
    made = make.network(make.party("KEN"), slug="hawen", acronym="HAWEN", name="Horn of Africa")
    signed = NetworkMembership.Kind.SIGNATORY
    made.memberships.create(party=make.party("PER"), kind=signed, source="A page")
    NetworkContact.objects.create(
        network=made, office=SECRET, name="Duty officer", email="desk@example.org",
        telephone="+254 20 000 000", confirmed_on=date(2026, 3, 1),
    )  # fmt: skip
    NetworkAssessment.objects.create(
        network=made, effective_on=date(2022, 12, 31), precision="year", source="UNODC web story",
        source_url="https://example.org/hawen", governance=FINDING,
    )  # fmt: skip
    return made


def readers() -> dict[str, Client]:
    people = {
        "lead": make.lead(), "officer": make.officer(), "auditor": make.auditor(),
        "agency officer": make.agency_officer(), "agency viewer": make.agency_viewer(),
        "member": make.focal_point(make.party("KEN")),
        "contributor of a member": make.contributor(make.party("KEN")),
        "viewer of a member": make.party_viewer(make.party("KEN")),
        "signatory": make.focal_point(make.party("PER")),
        "other Party": make.focal_point(make.party("VNM")),
        "no mandate": make.person(),
    }  # fmt: skip
    return {"public": Client()} | {name: signed_in(person) for name, person in people.items()}


SECRETARIAT = {"lead", "officer", "auditor"}
MEMBERS = {"member", "contributor of a member", "viewer of a member"}
AGENCIES = {"agency officer", "agency viewer"}


def test_focal_points_and_findings_are_for_those_entitled_and_in_nobody_elses_page(
    network: Network,
) -> None:
    found: dict[str, set[str]] = {SECRET: set(), FINDING: set(), "desk@example.org": set()}
    for name, browser in readers().items():
        for address in ("/networks/hawen/", "/networks/"):
            answer = browser.get(address)
            assert answer.status_code == 200
            html = answer.content.decode()
            for secret, who in found.items():
                who |= {name} if secret in html else set()
    assert found == {
        SECRET: SECRETARIAT | AGENCIES | MEMBERS,
        "desk@example.org": SECRETARIAT | AGENCIES | MEMBERS,
        FINDING: SECRETARIAT | MEMBERS,
    }


def test_no_cache_keeps_a_page_that_says_more_to_some(network: Network) -> None:
    kept = {
        name
        for name, browser in readers().items()
        if browser.get("/networks/hawen/").headers.get("Cache-Control") == "private, no-store"
    }
    assert kept == SECRETARIAT | AGENCIES | MEMBERS


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=SECRET",
        "/search/?q=hawen",
        "/api/v1/networks/",
        "/api/v1/networks/?format=csv",
        "/toolkit/ken/",
        "/partners/",
        "/",
    ],
)
def test_no_other_door_tells_of_a_focal_point_or_a_finding(network: Network, address: str) -> None:
    said = b"".join(Client().get(address)).decode()
    assert [words for words in (SECRET, FINDING, "desk@example.org") if words in said] == []


def test_everybody_reads_members_signatories_and_dates_with_their_sources(network: Network) -> None:
    said = page(Client().get("/networks/hawen/"))
    assert "Kenya Peru (signatory only)" in said
    assert "2022 The network assessed itself under five heads" in said
    assert "Source: UNODC web story" in said
    listed = Client().get("/networks/")
    assert table_rows(listed, "networks") == [
        ["HAWEN: Horn of Africa", "Africa", "Kenya , Peru (signatory only)", "CoP16 Inf. 13"]
    ]
    assert table_rows(listed, "assessments") == [["HAWEN", "2022", "UNODC web story"]]


def test_a_party_belongs_to_several_and_its_page_leads_to_each(network: Network) -> None:
    make.network(make.party("KEN"), slug="latf", acronym="LATF", name="Lusaka Agreement")
    html = Client().get("/toolkit/ken/").content.decode()
    assert [address in html for address in ("/networks/hawen/", "/networks/latf/")] == [True, True]
    assert "Horn of Africa (HAWEN) (signatory only)" in page(Client().get("/toolkit/per/"))
    make.party("VNM")
    assert "Enforcement Networks" not in page(Client().get("/toolkit/vnm/"))
    assert Client().get("/networks/nowhere/").status_code == 404


def test_the_networks_and_four_global_meetings_stand_as_their_sources_put_them() -> None:
    call_command("load_reference", verbosity=0)
    listed = Client().get("/networks/")
    assert len(table_rows(listed, "networks")) == 14
    meetings = [row[:5] for row in table_rows(listed, "meetings")]
    assert meetings == [
        ["1", "March 2013", "Bangkok, Thailand", "CoP16", "131"],
        ["2", "28 September 2016 – 29 September 2016", "Johannesburg, South Africa", "CoP17",
         "over 90"],
        ["3", "21 August 2019 – 22 August 2019", "Geneva, Switzerland", "CoP18", "over 105"],
        ["4", "21 November 2022 – 22 November 2022", "Panama City, Panama", "CoP19", "–"],
    ]  # fmt: skip
    assert "Guidelines in the document library" in page(listed)
    member_of = [
        one.acronym for one in Network.objects.filter(members__code="KEN").order_by("acronym")
    ]
    assert member_of == ["HAWEN", "LATF"]
    fourth = page(Client().get("/networks/meetings/fourth/"))
    assert "Panama City, Panama" in fourth
    assert "Participants" not in fourth


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "with funds from the United States of America"),
        ("fr", "grâce à des fonds des États-Unis d’Amérique"),
        ("es", "con fondos de los Estados Unidos de América"),
    ],
)
def test_the_fourth_meeting_has_one_name_and_says_who_paid_for_it(language: str, note: str) -> None:
    call_command("load_reference", verbosity=0)
    answer = Client(headers={"accept-language": language}).get("/networks/meetings/fourth/")
    html = answer.content.decode()
    head, crumb, title = (
        words(re.findall(pattern, html, re.DOTALL)[-1])
        for pattern in (r"<h1>(.*?)</h1>", r'<li aria-current="page">(.*?)</li>',
                        r"<title>(.*?)</title>")
    )  # fmt: skip
    assert head == crumb
    assert title.startswith(head)
    assert note in html
    assert "ICCWC page: What is ICCWC" in page(answer)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_what_is_said_of_networks_in_english_alone_is_marked_so(language: str) -> None:
    call_command("load_reference", verbosity=0)
    client = Client(headers={"accept-language": language})
    for network in Network.objects.exclude(note="", members_in_words=""):
        html = client.get(f"/networks/{network.slug}/").content.decode()
        for said in filter(None, (network.note, network.members_in_words)):
            assert f'lang="en">{said}</p>' in html
    listed = client.get("/networks/").content.decode()
    for network in Network.objects.exclude(members_in_words=""):
        assert f'<span lang="en">{network.members_in_words}</span>' in listed


def test_a_meeting_that_is_a_draft_is_nowhere_for_the_public() -> None:
    draft = make.global_meeting("draft", place="Samarkand SECRET")
    assert Client().get(f"/networks/meetings/{draft.slug}/").status_code == 404
    assert "Samarkand" not in Client().get("/networks/").content.decode()
    shown = signed_in(make.auditor()).get(f"/networks/meetings/{draft.slug}/")
    assert "Preview: only the Secretariat can read this page." in page(shown)


@pytest.mark.parametrize("who", ["public", "auditor", "member"])
def test_pages_ask_as_much_for_three_networks_as_for_thirty(network: Network, who: str) -> None:
    browser = readers()[who]
    asked = []
    for more in (2, 27):
        for number in range(more):
            made = make.network(make.party("KEN"), make.party("VNM"))
            NetworkContact.objects.create(network=made, office=f"Office {number}")
            made.assessments.create(effective_on=date(2022, 1, 1), source="A page")
            network.contacts.create(office=f"Another {number}")
            make.global_meeting()
        for address in ("/networks/", "/networks/hawen/"):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            asked.append(len(queries))
    assert asked[:2] == asked[2:]
    assert max(asked) <= 10


# ── at the desk ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def test_an_officer_enters_a_network_with_members_a_focal_point_and_an_assessment(
    officer: Client,
) -> None:
    make.party("KEN")
    add = page_of(Network, "add")
    said = {
        "name": "Horn of Africa Wildlife Enforcement Network", "acronym": "HAWEN",
        "region": "Horn of Africa", "source": "UNODC web story",
        "memberships-0-party": "kenya", "memberships-0-kind": "member",
        "contacts-0-office": "Secretariat of HAWEN", "contacts-0-email": "hawen@example.org",
    }  # fmt: skip
    assert officer.post(add, sent_with(officer.get(add)) | said).status_code == 302
    made = Network.objects.get()
    assert (made.slug, [str(one) for one in made.members.all()]) == ("hawen", ["Kenya"])
    assessed = {
        "assessments-0-effective_on": "2022-12-31", "assessments-0-precision": "year",
        "assessments-0-source": "UNODC web story", "assessments-0-membership": "Eight members.",
        "assessments-0-deliverables": "One operation.",
    }  # fmt: skip
    answer = sent(officer, made, opened(officer, made) | assessed | {"slug": "elsewhere"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.slug == "hawen"
    assert [(str(head), words) for head, words in made.assessments.get().findings] == [
        ("membership", "Eight members."), ("deliverables", "One operation."),
    ]  # fmt: skip
    kinds = [
        (event.kind, sorted(event.changes)) for event in Event.objects.about(made).order_by("pk")
    ]
    assert kinds == [
        (
            "desk.added",
            ["acronym", "launched_precision", "name", "networkcontact", "networkmembership",
             "region", "slug", "source"],
        ),
        ("desk.changed", ["networkassessment"]),
    ]  # fmt: skip
    said = page(officer.get(page_of(made, "history")))
    assert "Eight members." in said


def test_a_member_twice_a_wrong_address_and_a_member_that_left(
    officer: Client, network: Network
) -> None:
    twice = {"memberships-2-party": "KEN", "memberships-2-kind": "member"}
    answer = sent(officer, network, opened(officer, network) | twice)
    assert faults(answer)["memberships"] == ["Please correct the duplicate data for party."]
    wrong = {"contacts-0-email": "nobody"}
    answer = sent(officer, network, opened(officer, network) | wrong)
    assert faults(answer) == {"contacts-0-email": ["Give an address like name@example.org."]}
    left = {"memberships-0-DELETE": "on"}
    assert sent(officer, network, opened(officer, network) | left).status_code == 302
    assert [str(one) for one in network.members.all()] == ["Peru"]


def test_an_auditor_reads_a_network_and_changes_nothing(network: Network) -> None:
    auditor = signed_in(make.auditor())
    shown = auditor.get(page_of(network))
    assert all(words in shown.content.decode() for words in (SECRET, FINDING))
    assert auditor.post(page_of(network), {"name": "Mine"}).status_code == 403
    for person in (make.focal_point(), make.agency_officer()):
        answer = signed_in(person).get(page_of(network))
        assert (answer.status_code, SECRET in answer.content.decode()) == (302, False)


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        (("-1.29", "36.82"), ""),
        (("", ""), ""),
        (("91", "0"), "Ensure this value is less than or equal to 90."),
        (("0", "-180.001"), "Ensure this value is greater than or equal to -180."),
        (("1", ""), "Give both latitude and longitude, or neither."),
        (("1,5", "2"), "Enter a number."),
        (("NaN", "2"), "Enter a number."),
    ],
)
def test_an_office_lies_on_the_globe(
    officer: Client, position: tuple[str, str], sentence: str
) -> None:
    agency = make.agency("UNODC")
    typed: dict[str, Any] = {
        "offices-0-kind": "regional office", "offices-0-place": "Nairobi",
        "offices-0-source": "A page", "offices-0-latitude": position[0],
        "offices-0-longitude": position[1],
    }  # fmt: skip
    answer = sent(officer, agency, opened(officer, agency) | typed | {"full_name_en": "UN Office"})
    if not sentence:
        assert (answer.status_code, agency.offices.count()) == (302, 1)
        return
    assert sentence in [said for all_said in faults(answer).values() for said in all_said]
    assert not agency.offices.exists()
    assert reverse("admin:partners_agency_change", args=[agency.pk]) == page_of(agency)


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        (("91", "0"), "Ensure this value is less than or equal to 90."),
        (("0", "-180.001"), "Ensure this value is greater than or equal to -180."),
        (("46.2", ""), "Give both latitude and longitude, or neither."),
        (("", "6.1"), "Give both latitude and longitude, or neither."),
    ],
)
def test_a_seat_lies_on_the_globe(
    officer: Client, position: tuple[str, str], sentence: str
) -> None:
    agency = make.agency("UNODC")
    typed = {"seat_latitude": position[0], "seat_longitude": position[1]}
    answer = sent(officer, agency, opened(officer, agency) | typed | {"full_name_en": "UN Office"})
    assert [sentence] in faults(answer).values()
    agency.refresh_from_db()
    assert (agency.seat_latitude, agency.seat_longitude) == (None, None)
