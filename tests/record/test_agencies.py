"""A page for each agency, and the network of their offices."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from history.precision import Precision
from partners.models import Agency, MembershipFigure, Office
from tests import make
from tests.reading_pages import page, table_rows

pytestmark = pytest.mark.django_db

UNITS = dict.fromkeys(("unit_en", "unit_fr", "unit_es"), "member countries")


def test_two_figures_of_two_dates_both_stand_with_their_dates_and_sources() -> None:
    interpol = make.agency("INTERPOL")
    said = [(190, date(2015, 11, 30), "SC66 Inf. 9"), (196, date(2024, 12, 31), "Partners page")]
    for count, day, source in said:
        MembershipFigure.objects.create(
            agency=interpol, count=count, as_of=day, source=source,
            precision=Precision.MONTH if count == 190 else Precision.YEAR, **UNITS,
        )  # fmt: skip

    rows = table_rows(Client().get("/partners/interpol/"), "interpol-figures")

    assert rows == [
        ["November 2015", "190", "member countries", "SC66 Inf. 9"],
        ["2024", "196", "member countries", "Partners page"],
    ]


def test_each_agency_has_a_page_with_mandate_services_seat_channel_and_offices() -> None:
    call_command("load_reference", verbosity=0)

    for agency in Agency.objects.all():
        shown = page(Client().get(f"/partners/{agency.code.lower()}/"))
        told = [agency.full_name, agency.mandate, *agency.services, agency.seat, agency.presence]
        told += [agency.national_counterpart, agency.source, agency.channel_serves]
        told += [agency.secure_channel or "Secure channel none of its own"] * (
            not agency.channel_serves or bool(agency.secure_channel)
        )
        told += list(agency.offices.values_list("place", flat=True))
        assert [one for one in told if one and one not in shown] == [], agency.code
    interpol = page(Client().get("/partners/interpol/"))
    assert "Whom the channel serves Police: I-24/7 links the National Central Bureaus" in interpol


def test_the_page_of_an_agency_names_its_published_activities_alone() -> None:
    wco = make.agency("WCO")
    for state in ("published", "draft", "withdrawn"):
        make.activity(state, title_en=f"Training, {state}").agencies.add(wco)
    make.activity(title_en="Of another agency").agencies.add(make.agency("INTERPOL"))

    answer = Client().get("/partners/wco/")

    shown = page(answer)
    assert "1 activity names this agency. The newest: Training, published" in shown
    for hidden in ("Training, draft", "Training, withdrawn", "Of another agency"):
        assert hidden not in shown
    assert Client().get("/partners/atlantis/").status_code == 404


def test_the_network_names_every_figure_seat_and_office_with_its_source() -> None:
    call_command("load_reference", verbosity=0)

    answer = Client().get("/partners/network/")

    figures = [[row[0], row[2], row[4]] for row in table_rows(answer, "reach")]
    assert sorted(figures) == sorted(
        [one.agency.name, f"{one.count:,}", one.source]
        for one in MembershipFigure.objects.select_related("agency")
    )
    named = {(row[0], row[2]) for row in table_rows(answer, "offices")}
    for one in Office.objects.select_related("agency"):
        assert (one.agency.name, one.place) in named
    for agency in Agency.objects.all():
        assert {(agency.name, agency.seat), (agency.name, agency.presence)} <= named


@pytest.mark.parametrize("address", ["/contact/", "/about/"])
def test_the_addresses_of_the_secretariat_name_the_document_they_stand_in_and_no_other(
    address: str,
) -> None:
    call_command("load_reference", verbosity=0)

    shown = page(Client().get(address))

    after = shown.partition("none is shown.")[2]
    assert after.startswith(" Source: ICCWC partners page, undated, about 2019-2021")
    assert "The Diplomatic Insight" not in shown
    Agency.objects.update(address_source="")  # one at whose row nothing more is said
    assert "The Diplomatic Insight" in page(Client().get(address))


def test_a_seat_names_its_own_source_where_one_is_known() -> None:
    call_command("load_reference", verbosity=0)

    seats = {
        row[0]: row[5]
        for row in table_rows(Client().get("/partners/network/"), "offices")
        if row[1] == "Seat"
    }

    assert seats["CITES Secretariat"] == "ICCWC partners page, undated, about 2019-2021"
    assert seats["INTERPOL"] == "INTERPOL: General Secretariat, undated"
    assert seats["WCO"] == Agency.objects.get(code="WCO").source


def test_the_offices_as_a_file_cannot_run_formulas() -> None:
    interpol = make.agency("INTERPOL")
    interpol.offices.create(
        kind="Regional bureau", place="=HYPERLINK(1)", party=make.party("KEN"),
        latitude="-1.286", longitude="36.817", source="A page",
    )  # fmt: skip

    answer = Client().get("/partners/network.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["agency", "kind", "place", "party", "latitude", "longitude", "source"],
        ["INTERPOL", "Regional bureau", "'=HYPERLINK(1)", "KEN", "-1.286", "36.817", "A page"],
    ]


@pytest.mark.parametrize("address", ["/partners/", "/partners/network/", "/partners/wco/"])
def test_pages_of_agencies_ask_as_many_questions_for_one_office_as_for_many(
    django_assert_max_num_queries: Any, address: str
) -> None:
    counts = []
    wco = make.agency("WCO")
    for many in (1, 20):
        for _one in range(many):
            made = Office.objects.count()
            wco.offices.create(
                kind="RILO", place=f"Town {made}", party=make.party("KEN"), source="A page",
                latitude="1", longitude="36",
            )  # fmt: skip
            MembershipFigure.objects.create(
                agency=wco, count=180, as_of=date(2015, 1, 1 + made), source="A page", **UNITS
            )
            make.activity().agencies.add(wco)
        with django_assert_max_num_queries(8) as found:
            Client().get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_the_convention_covers_is_said_once_with_its_date(
    client: Client, language: str
) -> None:
    call_command("load_reference", verbosity=0, stdout=io.StringIO())

    said = page(client.get("/partners/cites/", headers={"accept-language": language}))

    assert said.count("37") == said.count("2019-2021)") == 1
