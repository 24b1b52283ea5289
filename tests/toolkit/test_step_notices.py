"""Who is told of a move: everybody concerned, in their language, with a way to a page of theirs."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from history.models import Event
from outbox.models import Message
from partners.models import User
from tests import make
from tests.reading_pages import signed_in
from toolkit.models import Implementation
from workflow.executor import perform

pytestmark = pytest.mark.django_db

DAY = {"effective_on": date(2026, 2, 1), "precision": "day"}


@pytest.fixture
def cast() -> dict[str, User]:
    """Everybody who could be told, and some who never may be."""
    wco = make.agency("WCO")
    return {
        "focal point": make.focal_point(language="fr"),
        "officer": make.officer(),
        "lead": make.lead(language="es"),
        "lead agency": make.agency_officer(wco),
        "contributor": make.contributor(),
        "viewer of the lead agency": make.agency_viewer(wco),
        "other country": make.focal_point(make.party("VNM")),
        "other agency": make.agency_officer(make.agency("UNODC")),
        "auditor": make.auditor(),
    }


CONCERNED = {"focal point", "officer", "lead", "lead agency"}
AT_THE_DESK = {"officer", "lead"}


@pytest.fixture
def cycle() -> Implementation:
    return make.implementation(make.party("KEN"), make.agency("WCO"))


ACTS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "propose": [("focal point", "propose", {**DAY, "state": "done"})],
    "confirm": [("focal point", "propose", {**DAY, "state": "done"}), ("officer", "confirm", {})],
    "refuse": [
        ("lead agency", "propose", {**DAY, "state": "done"}),
        ("officer", "refuse", {"reason": "No letter."}),
    ],
    "take_back": [
        ("focal point", "propose", {**DAY, "state": "done"}),
        ("focal point", "take_back", {}),
    ],
    "plan": [
        ("officer", "plan", {"agency": None, "national_lead": "Customs", "expected_on": None})
    ],
    "note": [("lead agency", "note", {"note": "Called."})],
}


@pytest.mark.parametrize("action", ACTS)
def test_everybody_concerned_hears_of_every_act_and_nobody_else(
    action: str, cast: dict[str, User], cycle: Implementation
) -> None:
    step = cycle.steps.get(position=2)
    for who, act, data in ACTS[action]:
        event = perform(act, step, by=cast[who], data=data)

    letters = letters_of(event, cast)

    assert set(letters) == CONCERNED  # and so whoever proposed it hears what became of it
    for name, letter in letters.items():
        desk = f"/admin/toolkit/implementation/{cycle.pk}/change/"
        path = desk if name in AT_THE_DESK else "/toolkit/ken/1/2/"
        assert path in letter.text, name
        assert letter.language == cast[name].language
        assert signed_in(cast[name]).get(path).status_code == 200
    assert Client().get("/toolkit/ken/1/2/").status_code == 302


def letters_of(event: Event, cast: dict[str, User]) -> dict[str, Message]:
    names = {f"user:{person.pk}": name for name, person in cast.items()}
    return {names[one.recipient]: one for one in Message.objects.filter(event=event)}


def test_the_words_say_what_was_proposed_and_what_became_of_it(
    cast: dict[str, User], cycle: Implementation
) -> None:
    step, agency = cycle.steps.get(position=2), cast["lead agency"]
    data = {**DAY, "state": "done", "note": "Named by letter."}

    def text(event: Event) -> str:
        return " ".join(letters_of(event, cast)["lead agency"].text.split())

    proposed = text(perform("propose", step, by=agency, data=data))
    assert "“Nomination of focal point”, in Kenya: done, 1 February 2026." in proposed
    assert "Named by letter." in proposed
    refused = text(perform("refuse", step, by=cast["officer"], data={"reason": "No letter."}))
    assert "is not confirmed: done, 1 February 2026. The step stays as it is: not sta" in refused
    assert "No letter." in refused
    perform("propose", step, by=agency, data=data)
    confirmed = text(perform("confirm", step, by=cast["officer"], data={"remark": "Seen."}))
    assert "in Kenya: done (1 February 2026)." in confirmed
    assert "Seen." in confirmed
    better = {**DAY, "effective_on": date(2026, 2, 3), "state": "done", "reason": "Misread."}
    perform("propose_correction", step, by=agency, data=better)
    corrected = text(perform("confirm", step, by=cast["officer"]))
    assert "done (3 February 2026)" in corrected
    assert "Recorded before" in corrected
    assert "done, 1 February 2026" in corrected


def test_who_is_at_the_desk_and_of_the_lead_agency_gets_one_letter(cycle: Implementation) -> None:
    both = make.officer()
    make.mandate(both, "officer", make.agency("WCO"))
    step = cycle.steps.get(position=2)
    event = perform("note", step, by=make.focal_point(), data={"note": "Called."})
    letter = Message.objects.get(event=event, address=both.email)
    assert f"/admin/toolkit/implementation/{cycle.pk}/change/" in letter.text
