"""Finding a request at the desk: by reference, by Party, by the words of what was submitted."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import PartyAlias
from requests_app import drafts
from requests_app.models import RequestState
from tests import make

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")


def found(browser: Client, term: str, **asked: Any) -> list[str]:
    page = browser.get(QUEUE, {"q": term, **asked})
    assert page.status_code == 200
    return [row.reference for row in page.context["cl"].result_list]


def test_a_reference_and_a_party_in_any_spelling(lead: Client) -> None:
    vietnam = make.party("VNM")
    PartyAlias.objects.create(party=vietnam, written="Vietnam", spelling="vietnam")
    kenyan = make.request_in(RequestState.DECLINED)
    vietnamese = make.request_in(RequestState.SUBMITTED, of=vietnam)
    for spelling in ("vietnám", "Viet Nam", "VNM", "Vietnam"):
        assert found(lead, spelling) == [vietnamese.reference]
    assert found(lead, kenyan.reference.lower()) == [kenyan.reference]
    assert found(lead, "nowhere") == []


def test_a_party_together_with_words_of_what_it_wrote(lead: Client) -> None:
    vietnam = make.party("VNM")
    PartyAlias.objects.create(party=vietnam, written="Viet Nam", spelling="viet nam")
    PartyAlias.objects.create(party=make.party("KEN"), written="Kenya", spelling="kenya")
    roe = {"situation": "Sturgeon roe in a suitcase."}
    kenyan = make.request_in(RequestState.SUBMITTED, **roe)
    vietnamese = make.request_in(RequestState.SUBMITTED, of=vietnam, **roe)
    make.request_in(RequestState.SUBMITTED, of=vietnam)
    assert found(lead, "sturgeon Việt Nam") == [vietnamese.reference]
    assert found(lead, "Kenya: sturgeon, suitcase") == [kenyan.reference]
    assert found(lead, "kenya pangolin") == []
    assert found(lead, "kenyan sturgeon") == []


def test_the_words_of_what_was_submitted_in_any_order_and_writing(officer: Client) -> None:
    make.request_in(RequestState.SUBMITTED)
    said = {"situation": "Des écailles de pangolin, saisies au Port-Gentil.", "asked": "Formation."}
    case = make.request_in(RequestState.COMPLETED, **said)
    for term in ("pangolin", "ECAILLES pangolin", "formation, pangolin", "port gentil"):
        assert found(officer, term) == [case.reference]
    assert found(officer, "pangolin ivory") == []
    assert found(officer, "pangolin", queue="new") == []


def test_no_word_of_a_draft_or_of_an_unsent_correction_is_found(lead: Client) -> None:
    country = make.focal_point()
    make.draft(country, situation="Rhinoceros horn in a parcel.")
    case = make.request_in(RequestState.RETURNED, by=country, situation="Ivory in a container.")
    drafts.write(case, by=country, answers={"situation": "Sturgeon roe in a suitcase."})
    assert found(lead, "rhinoceros") == []
    assert found(lead, "sturgeon") == []
    assert found(lead, "ivory container") == [case.reference]
    case.refresh_from_db()
    make.submit(case, country)
    assert found(lead, "sturgeon") == [case.reference]
    assert found(lead, "ivory container") == []


@pytest.mark.parametrize(
    "term", ["%%%", "_", "' OR 1=1 --", "x" * 60_000, "a " * 500, "\\", "\u202e", "🐘", "\ud83d"]
)
def test_an_odd_or_endless_term_finds_nothing_and_breaks_nothing(lead: Client, term: str) -> None:
    make.request_in(RequestState.SUBMITTED)
    address = QUEUE + "?q=" + "".join(f"%{byte:02X}" for byte in term.encode("utf8", "replace"))
    page = lead.get(address)
    assert page.status_code == 200
    assert list(page.context["cl"].result_list) == []
    assert lead.get(f"{QUEUE}?q=%00").status_code == 400
