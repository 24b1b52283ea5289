"""Parties, agencies and the catalogue: kept in three languages, refused with sentences."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Agency, Party, PartyAlias
from requests_app.models import Support
from tests import make

pytestmark = pytest.mark.django_db


def party_form(party: Party, *spellings: str, **data: Any) -> dict[str, Any]:
    said = {
        "code": party.code, "iso2": party.iso2, "m49": "", "kind": "state",
        "region": party.region_id, "party_since": "", "name_en": party.name_en,
        "name_fr": party.name_fr, "name_es": party.name_es,
        "aliases-TOTAL_FORMS": str(len(spellings)), "aliases-INITIAL_FORMS": "0", **data,
    }  # fmt: skip
    for number, spelling in enumerate(spellings):
        said |= {f"aliases-{number}-written": spelling, f"aliases-{number}-party": party.pk}
    return said


def save(browser: Client, party: Party, *spellings: str, **data: Any) -> Any:
    address = reverse("admin:partners_party_change", args=[party.pk])
    return browser.post(address, party_form(party, *spellings, **data))


def test_an_officer_adds_a_spelling_and_the_party_is_found_by_it(officer: Client) -> None:
    vietnam = make.party("VNM")
    assert save(officer, vietnam, "Vietnam").status_code == 302
    assert Party.objects.called("VIETNAM") == vietnam
    assert Party.objects.called("viet nam") == vietnam
    assert Party.objects.called("vnm") == vietnam


def test_a_spelling_that_means_another_party_is_refused_with_a_sentence(officer: Client) -> None:
    kenya, peru = make.party("KEN"), make.party("PER")
    save(officer, kenya, "Kenia")
    page = save(officer, peru, "KENÍA")
    assert page.status_code == 200
    assert "means Kenya already" in page.content.decode()
    page = save(officer, peru, name_fr="Kenya")
    assert "means Kenya already" in page.content.decode()
    for twice in (("Pérou", "perou"), ("...",)):
        assert save(officer, peru, *twice).status_code == 200
    assert not PartyAlias.objects.filter(party=peru).exists()


def test_the_languages_of_a_name_stand_side_by_side(officer: Client, auditor: Client) -> None:
    agency = make.agency("WCO")
    address = reverse("admin:partners_agency_change", args=[agency.pk])
    for browser in (officer, auditor):
        text = browser.get(address).content.decode()
        assert all(language in text for language in ("English", "French", "Spanish"))
    assert 'lang="fr"' in officer.get(address).content.decode()


def test_services_are_typed_one_a_line(officer: Client) -> None:
    agency = make.agency("WCO")
    said = {
        "code": "ELSE", "seat": "Brussels", "source": "", "name_en": "WCO", "name_fr": "OMD",
        "name_es": "OMA", "full_name_en": "World Customs Organization",
        "services_en": "Training\r\n\r\n Risk profiles ", "is_coordinator": "on",
        "figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0",
        "offices-TOTAL_FORMS": "0", "offices-INITIAL_FORMS": "0",
    }  # fmt: skip
    officer.post(reverse("admin:partners_agency_change", args=[agency.pk]), said)
    agency = Agency.objects.get(pk=agency.pk)
    assert (agency.services_en, agency.name_fr) == (["Training", "Risk profiles"], "OMD")
    assert (agency.code, agency.is_coordinator) == ("WCO", False)


def test_a_second_figure_for_one_day_is_refused(officer: Client) -> None:
    agency = make.agency("WCO")
    said: dict[str, Any] = {
        "seat": "Brussels", "name_en": "WCO", "name_fr": "OMD", "name_es": "OMA",
        "full_name_en": "WCO", "figures-TOTAL_FORMS": "2", "figures-INITIAL_FORMS": "0",
        "offices-TOTAL_FORMS": "0", "offices-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number in range(2):
        said |= {
            f"figures-{number}-{name}": value
            for name, value in {
                "agency": agency.pk, "count": "183", "unit_en": "members", "unit_fr": "membres",
                "unit_es": "miembros", "as_of": "2020-01-01", "precision": "day",
                "source": "a document",
            }.items()
        }  # fmt: skip
    page = officer.post(reverse("admin:partners_agency_change", args=[agency.pk]), said)
    assert page.status_code == 200
    assert not agency.figures.exists()


def test_the_key_of_a_kind_of_support_stays(officer: Client) -> None:
    support = make.support()
    said = {
        "key": "another", "position": "3", "name_en": "Training", "name_fr": "Formation",
        "name_es": "Formación", "is_offered": "on", "asks": "training",
    }  # fmt: skip
    officer.post(reverse("admin:requests_app_support_change", args=[support.pk]), said)
    support = Support.objects.get(pk=support.pk)
    assert (support.key, support.name_fr, support.position) == ("basic_training", "Formation", 3)
