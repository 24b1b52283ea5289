"""What a reader chooses from: time zones and Parties in the reader's order, days of the reader."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from iccwc_portal.account_settings import AccountSettings
from partners.forms import NewAccountForm
from partners.models import Invitation, Party
from partners.naming import in_readers_order
from requests_app.questions import known_by_key
from requests_app.workflow.inputs import ANSWER_DUE_ON
from tests import make
from toolkit.forms import AsOfForm

pytestmark = pytest.mark.django_db


def test_the_zones_of_ones_country_come_first_and_none_under_an_older_name() -> None:
    person = make.contributor()
    person.language = "fr"
    with translation.override("fr"):
        choices = AccountSettings(instance=person).fields["time_zone"].choices
    assert choices[:2] == [("Kenya", [("Africa/Nairobi", "Nairobi")]), ("UTC", "UTC")]
    zones = [zone for choice in choices for zone, _city in _choices_of(choice)]
    assert len(zones) == len(set(zones))
    older = {"Europe/Kiev", "Asia/Calcutta", "Asia/Saigon", "Africa/Asmera", "Asia/Rangoon"}
    newer = {"Europe/Kyiv", "Asia/Kolkata", "Asia/Ho_Chi_Minh", "Africa/Asmara", "Asia/Yangon"}
    assert (older & set(zones), newer - set(zones)) == (set(), set())
    cities = dict(pair for choice in choices for pair in _choices_of(choice))
    assert (cities["Africa/Cairo"], cities["Asia/Kolkata"]) == ("Le Caire", "Calcutta")


def _choices_of(choice: tuple[str, Any]) -> list[tuple[str, str]]:
    return choice[1] if isinstance(choice[1], list) else [choice]


def test_a_zone_that_was_chosen_under_an_older_name_stays() -> None:
    person = make.person(time_zone="Europe/Kiev")
    form = AccountSettings({"language": "en", "time_zone": "Europe/Kiev"}, instance=person)
    assert form.is_valid()


def test_an_invitation_offers_the_zone_of_the_country_where_it_has_one() -> None:
    brazil = make.party("BRA")
    offered = {
        code: NewAccountForm(Invitation(party=party, agency=agency))["time_zone"].value()
        for code, party, agency in (
            ("one", make.party("KEN"), None), ("several", brazil, None),
            ("agency", None, make.agency()),
        )
    }  # fmt: skip
    assert offered == {"one": "Africa/Nairobi", "several": "", "agency": "UTC"}


def test_parties_stand_in_the_order_of_the_reader_s_language_accents_aside() -> None:
    names = ("Burkina Faso", "Bénin", "Zambie", "Égypte", "Espagne")
    parties = [Party(name_fr=name, name_en=name) for name in names]
    with translation.override("fr"):
        found = [party.name for party in in_readers_order(parties)]
    assert found == ["Bénin", "Burkina Faso", "Égypte", "Espagne", "Zambie"]


def test_today_is_the_readers_day(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    incident = next(one for one in known_by_key("incident").values() if one.key == "incident_on")
    found = {}
    for zone in ("UTC", "Asia/Tokyo", "America/Lima"):
        with timezone.override(zone):
            found[zone] = (
                incident.latest().day,
                ANSWER_DUE_ON.earliest().day,
                _as_of_today(),
            )
    assert found == {"UTC": (1, 1, 1), "Asia/Tokyo": (2, 2, 2), "America/Lima": (1, 1, 1)}


def _as_of_today() -> int:
    form = AsOfForm({})
    assert form.is_valid()
    return form.cleaned_data["as_of"].day
