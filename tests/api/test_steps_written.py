"""Toolkit steps in the API: who reads them, and what the lead agency's own system proposes."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from history.models import Event
from tests import make
from tests.api.conftest import Caller, names_of, signed_in, with_key
from workflow.executor import perform

pytestmark = pytest.mark.django_db

BEGUN = {"state": "under_way", "effective_on": "2026-02-02", "precision": "day"}
WRITES = ["toolkit:read", "toolkit:write"]


def key_of(code: str = "INTERPOL", scopes: "list[str] | None" = None) -> Caller:
    return with_key(make.api_key(make.agency(code), scopes or WRITES)[1])


def act(caller: Caller, step: Any, action: str, body: Any = None) -> Any:
    return caller.post(f"toolkit/steps/{step.pk}/actions/{action}/", body)


@pytest.fixture
def case(db: None) -> SimpleNamespace:
    """INTERPOL leads the cycle of Kenya, WCO that of Peru, which is public."""
    kenya = make.implementation(make.party("KEN"), make.agency("INTERPOL"))
    peru = make.implementation(make.party("PER"), make.agency("WCO"))
    make.publish(peru)
    return SimpleNamespace(
        kenya=kenya, peru=peru, step=kenya.steps.get(position=2), of_wco=peru.steps.get(position=2)
    )


def test_steps_are_for_those_who_read_the_cycle_inside(case: SimpleNamespace) -> None:
    readers = {
        "INTERPOL": key_of(),
        "WCO": key_of("WCO"),
        "without toolkit:read": key_of(scopes=["toolkit:write"]),
        "other scopes": key_of(scopes=["requests:read"]),
        "Kenya": signed_in(make.focal_point()),
        "Secretariat": signed_in(make.officer()),
        "stranger": signed_in(make.person()),
        "nobody": Caller(),
    }
    found = {}
    for name, reader in readers.items():
        listed = reader.get("toolkit/steps/?page_size=100")
        parties = {one["party"]["code"] for one in listed.json().get("results", [])}
        one = reader.get(f"toolkit/steps/{case.step.pk}/")
        found[name] = (listed.status_code, sorted(parties), one.status_code)
    assert found == {
        "INTERPOL": (200, ["KEN"], 200),
        "WCO": (200, ["PER"], 404),
        "without toolkit:read": (403, [], 403),
        "other scopes": (403, [], 403),
        "Kenya": (200, ["KEN"], 200),
        "Secretariat": (200, ["KEN", "PER"], 200),
        "stranger": (200, [], 404),
        "nobody": (401, [], 401),
    }


def test_a_step_without_a_date_has_no_precision_either(case: SimpleNamespace) -> None:
    key = key_of()
    listed = {one["step"]: one for one in key.get("toolkit/steps/").json()["results"]}
    detail = key.get(f"toolkit/steps/{case.step.pk}/").json()
    dates = {(one["effective_on"], one["precision"]) for one in listed.values()}
    assert (detail["effective_on"], detail["precision"]) == (None, None)
    # The request itself is dated by the day on which the cycle was opened.
    assert dates == {(None, None), (listed["request"]["effective_on"], "day")}
    assert listed["request"]["effective_on"]


def test_a_key_proposes_for_its_agency_and_the_secretariat_confirms(case: SimpleNamespace) -> None:
    key, officer = key_of(), signed_in(make.agency_officer(make.agency("INTERPOL")))
    offered = names_of(key.get(f"toolkit/steps/{case.step.pk}/").json()["allowed_actions"])
    assert offered == ["propose", "note"]
    answer = act(key, case.step, "propose", BEGUN | {"source": "Letter of 2 February"})
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["state"], said["proposal"]["state"], said["proposal"]["proposed_by"]) == (
        "not_started", "under_way", "INTERPOL (by its own system)",
    )  # fmt: skip
    assert names_of(said["allowed_actions"]) == ["take_back", "note"]
    refused = act(officer, case.step, "confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    confirmed = act(signed_in(make.officer()), case.step, "confirm").json()
    assert (confirmed["state"], confirmed["effective_on"], confirmed["proposal"]) == (
        "under_way", "2026-02-02", None,
    )  # fmt: skip
    event = Event.objects.get(kind="toolkit.step.confirm")
    assert (event.changes["proposed_by"], event.effective_on) == ("INTERPOL", date(2026, 2, 2))


def test_what_a_key_proposed_it_takes_back_and_what_a_person_did_it_does_not(
    case: SimpleNamespace,
) -> None:
    key = key_of()
    act(key, case.step, "propose", BEGUN)
    assert act(key, case.step, "take_back").json()["proposal"] is None
    perform("propose", case.step, by=make.agency_officer(make.agency("INTERPOL")), data=BEGUN_DATA)
    refused = act(key, case.step, "take_back")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


BEGUN_DATA = {**BEGUN, "effective_on": date(2026, 2, 2)}


def test_only_the_lead_agency_with_the_scope_proposes(case: SimpleNamespace) -> None:
    found = {
        name: (answer.status_code, answer.json()["code"])
        for name, answer in {
            "WCO": act(key_of("WCO"), case.step, "propose", BEGUN),
            "referrals:write": act(
                key_of(scopes=["toolkit:read", "referrals:write"]), case.step, "propose", BEGUN
            ),
            "write alone": act(key_of(scopes=["toolkit:write"]), case.step, "propose", BEGUN),
            "public": act(key_of(), case.of_wco, "propose", BEGUN),
            "confirm": act(key_of(), case.step, "confirm"),
            "plan": act(key_of(), case.step, "plan", {"national_lead": "Customs"}),
            "future": act(key_of(), case.step, "propose", BEGUN | {"effective_on": "2999-01-01"}),
        }.items()
    }
    assert found == {
        "WCO": (404, "not_found"),
        "referrals:write": (403, "missing_scope"),
        "write alone": (404, "not_found"),
        "public": (404, "not_found"),
        "confirm": (403, "not_permitted"),
        "plan": (403, "not_permitted"),
        "future": (400, "invalid_input"),
    }
    assert not Event.objects.filter(kind="toolkit.step.propose").exists()


def test_a_note_of_a_system_reaches_those_concerned(case: SimpleNamespace) -> None:
    answer = act(key_of(), case.step, "note", {"note": "The mission is planned for May."})
    assert answer.status_code == 200
    event = Event.objects.get(kind="toolkit.step.note")
    assert (event.actor_kind, event.actor_body) == ("api_key", "INTERPOL")
    assert event.changes["note"] == "The mission is planned for May."


def test_steps_are_narrowed_by_party_cycle_state_and_change(case: SimpleNamespace) -> None:
    officer = signed_in(make.officer())
    act(key_of(), case.step, "propose", BEGUN)
    moment = officer.get(f"toolkit/steps/{case.step.pk}/").json()["updated_at"]
    found = [
        officer.rows(f"toolkit/steps/?page_size=100&{asked}", "id")
        for asked in (
            f"updated_since={moment.replace('+', '%2B')}", f"implementation={case.peru.pk}",
            "party=KEN", "state=done", "implementation=999",
        )
    ]  # fmt: skip
    assert found[0] == [case.step.pk]
    assert [len(one) for one in found[1:]] == [9, 9, 2, 0]
    for wrong in ("implementation=x", "implementation=0", "state=moved", "party=XXX", "step=1"):
        assert officer.get(f"toolkit/steps/?{wrong}").status_code == 400, wrong


def test_pages_say_which_system_proposed(case: SimpleNamespace) -> None:
    act(key_of(), case.step, "propose", BEGUN)
    client = Client()
    client.force_login(make.officer())
    page = client.get(case.step.get_absolute_url()).content.decode()
    assert "The Secretariat confirms it; nobody of that agency does." in page
    for address in (case.step.get_absolute_url(), "/toolkit/waiting/"):
        assert "INTERPOL (by its own system)" in client.get(address).content.decode(), address


def test_the_list_costs_five_queries_whatever_waits(case: SimpleNamespace) -> None:
    key = key_of()
    counts = []
    for step in [None, *case.kenya.steps.filter(position__in=[3, 4, 5])]:
        if step:
            act(key, step, "propose", BEGUN)
        with CaptureQueriesContext(connection) as captured:
            assert key.get("toolkit/steps/").status_code == 200
        counts.append(len(captured))
    assert len(set(counts[1:])) == 1
    assert max(counts) <= 5


def test_a_refusal_says_whether_a_proposal_waits_and_whose_it_is(case: SimpleNamespace) -> None:
    key = key_of()
    none = act(key, case.step, "take_back").json()
    perform(
        "propose", case.step, by=make.the_officer(),
        data={"state": "under_way", "effective_on": date(2026, 2, 2), "precision": "day"},
    )  # fmt: skip
    again = act(key, case.step, "propose", BEGUN).json()
    others = act(key, case.step, "take_back").json()
    said = [(one["status"], one["code"], one["detail"]) for one in (none, again, others)]
    assert said == [
        (
            409, "not_allowed_now",
            "“Take back what was proposed” cannot be done now: no proposal for this step waits to "
            "be confirmed.",
        ),
        (
            409, "not_allowed_now",
            "“Report a change” cannot be done now: a proposal for this step already waits to be "
            "confirmed.",
        ),
        (
            403, "not_permitted",
            "Only who proposed this change can take it back; it is not a proposal of yours.",
        ),
    ]  # fmt: skip
