"""The feed carries every event of a step to those inside; to the public what a consent opens."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.models import Event
from partners.models import Scope
from tests import make
from tests.api.conftest import with_key
from tests.reading_pages import signed_in
from toolkit import documents
from toolkit.models import Implementation
from workflow.executor import perform

pytestmark = pytest.mark.django_db

SECRET = "WRITTEN-FOR-INSIDERS-1"
CONCERNED = {"country", "lead agency", "key of the lead agency", "Secretariat"}


def one_of_each() -> Implementation:
    """A cycle with every event that a step can have, each with words for insiders alone."""
    cycle = make.implementation(make.party("KEN"), make.agency("WCO"))
    step, officer = cycle.steps.get(position=2), make.the_officer()
    day = {"effective_on": date(2026, 2, 1), "precision": "day"}
    perform("propose", step, by=officer, data={**day, "state": "under_way", "note": SECRET})
    perform("refuse", step, by=make.the_lead(), data={"reason": SECRET})
    perform("propose", step, by=officer, data={**day, "state": "under_way"})
    perform("take_back", step, by=officer)
    make.move(step, "under_way", date(2026, 2, 1), note=SECRET)
    make.correct(step, "done", date(2026, 2, 2), reason=SECRET)
    expected = timezone.now().date() + timedelta(days=9)
    planned = {"agency": None, "national_lead": SECRET, "expected_on": expected}
    perform("plan", step, by=officer, data=planned)
    perform("note", step, by=officer, data={"note": SECRET})
    file = {"file": make.pdf(), "title": SECRET, "readers": "concerned"}
    perform("attach", step, by=officer, data=file)
    opened = {"document": cycle.documents.get(), "readers": "partners"}
    perform("open_document", cycle, by=officer, data=opened)
    signed_in(make.the_lead()).get(f"/toolkit/ken/1/documents/{cycle.documents.get().pk}/")
    return cycle


def callers() -> dict[str, Client]:
    scopes = [Scope.EVENTS_READ, Scope.TOOLKIT_READ]
    key, other = (make.api_key(make.agency(code), scopes)[1] for code in ("WCO", "UNODC"))
    return {
        "country": signed_in(make.party_viewer()),
        "lead agency": signed_in(make.agency_viewer(make.agency("WCO"))),
        "key of the lead agency": with_key(key).client,
        "Secretariat": signed_in(make.auditor()),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "other agency": signed_in(make.agency_officer(make.agency("UNODC"))),
        "key of another agency": with_key(other).client,
        "stranger": signed_in(make.person()),
    }


def feed(client: Client) -> tuple[list[str], str]:
    answer = client.get("/api/v1/events/?page_size=100")
    assert answer.status_code == 200
    events: list[dict[str, Any]] = answer.json()["results"]
    return [event["kind"].removeprefix("toolkit.") for event in events], answer.content.decode()


ALL = [
    "opened", "step.propose", "step.refuse", "step.propose", "step.take_back", "step.propose",
    "step.confirm", "step.propose_correction", "step.confirm", "step.plan", "step.note",
    "step.attach", "open_document", documents.READ.removeprefix("toolkit."),
]  # fmt: skip


def test_those_inside_read_every_event_of_a_step_and_nobody_else_any() -> None:
    one_of_each()
    for name, client in callers().items():
        kinds, text = feed(client)
        assert kinds == (ALL if name in CONCERNED else []), name
        assert (SECRET in text) == (name in CONCERNED)


def test_a_consent_opens_the_confirmed_moves_and_no_word_of_the_rest() -> None:
    cycle = one_of_each()
    make.publish(cycle, with_documents=True, note=SECRET)
    public = ["opened", "step.confirm", "step.confirm", "publish"]
    for name, client in callers().items():
        kinds, text = feed(client)
        assert kinds == ([*ALL, "publish"] if name in CONCERNED else public), name
        assert (SECRET in text) == (name in CONCERNED)
        assert ("Officer" in text) == (name in CONCERNED)  # bodies are read, people are not


def test_what_is_withdrawn_is_read_no_more() -> None:
    cycle = one_of_each()
    make.publish(cycle)
    perform("withdraw_consent", cycle, by=make.the_officer(), data={"reason": SECRET})
    for name, client in callers().items():
        kinds, text = feed(client)
        assert (SECRET in text, bool(kinds)) == (name in CONCERNED, name in CONCERNED)
    assert Event.objects.filter(kind="toolkit.withdraw_consent").exists()
