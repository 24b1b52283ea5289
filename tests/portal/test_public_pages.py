from datetime import date

import pytest
from django.test import Client

from history.precision import Precision
from partners.models import MembershipFigure
from tests import make

pytestmark = pytest.mark.django_db


def test_home_counts_the_public_tracker_only_and_says_as_of_when(client: Client) -> None:
    make.implementation(of=make.party("KEN"))  # opened by a request, not made public

    page = client.get("/")

    assert page.status_code == 200
    assert page.context["totals"].requested == 0
    assert page.context["totals"].as_of == date.today()  # noqa: DTZ011 - the tests run in UTC


def test_home_counts_for_the_secretariat_what_the_secretariat_sees(client: Client) -> None:
    make.implementation(of=make.party("KEN"))
    client.force_login(make.officer())

    page = client.get("/")

    assert (page.context["totals"].requested, page.context["totals"].complete) == (1, 0)
    assert "15 January 2026" in page.content.decode()


def test_a_membership_figure_is_shown_with_its_date_and_its_source(client: Client) -> None:
    units = dict.fromkeys(("unit_en", "unit_fr", "unit_es"), "member countries")
    MembershipFigure.objects.create(
        agency=make.agency("INTERPOL"),
        count=190,
        as_of=date(2015, 11, 30),
        precision=Precision.MONTH,
        source="CITES SC66 Inf. 9",
        **units,
    )

    text = client.get("/partners/").content.decode()

    for shown in ("190", "member countries", "November 2015", "CITES SC66 Inf. 9"):
        assert shown in text


def test_contact_names_the_secretariat_and_the_other_channels(client: Client) -> None:
    secretariat = make.secretariat()
    type(secretariat).objects.filter(pk=secretariat.pk).update(
        address="11 Chemin des Anémones", telephone="+41-(0)22-917-81-39/40"
    )

    text = client.get("/contact/").content.decode()

    for shown in ("11 Chemin des Anémones", "917-81-39/40", "I-24/7", "CENcomm", "FIU"):
        assert shown in text
    assert "mailto:" not in text


def test_public_pages_stand_before_any_data_is_loaded(client: Client) -> None:
    assert [client.get(page).status_code for page in ("/", "/partners/", "/contact/")] == [200] * 3


def test_an_unknown_page_answers_in_the_readers_language(client: Client) -> None:
    answer = client.get("/nothing-here/", headers={"accept-language": "fr"})

    assert answer.status_code == 404
    assert '<html lang="fr" dir="ltr">' in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "doors"),
    [
        (make.focal_point, {"Requests"}),
        (make.agency_officer, {"Inbox"}),
        (make.auditor, {"Requests", "Desk"}),
        (make.person, set()),
        (None, set()),
    ],
)
def test_the_navigation_shows_the_doors_that_open(client: Client, who, doors) -> None:
    if who:
        client.force_login(who())

    text = client.get("/contact/").content.decode()

    navigation = text.partition('<nav class="site-nav"')[2].partition("</nav>")[0]
    assert {door for door in ("Requests", "Inbox", "Desk") if f">{door}</a>" in navigation} == doors
