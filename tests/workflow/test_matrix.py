"""State × action × role: the tables of the blueprint, typed here once more, against the code.

The expectations are written from the documents, not from the code. A table, an action, a state
or a role that is missing here makes a test fail.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from history.models import Event
from partners.links import Bearer
from partners.models import AccessState, InvitationState
from record.models import ImportState, Publication
from requests_app.models import ReferralState, RequestState, ThreadState
from tests import make
from tests.toolkit import instruments
from toolkit.models import (
    AssessmentState,
    Implementation,
    RecommendationState,
    StatementState,
)
from toolkit.steps import StepState
from toolkit.workflow import load_table_row, observe, observe_total
from webhooks.models import WebhookState
from workflow.errors import NotAllowedNow, NotPermitted
from workflow.executor import allowed_actions, can, perform, table_of, tables

pytestmark = pytest.mark.django_db

FOCAL, LEAD, OFFICER = {"focal point"}, {"lead"}, {"lead", "officer"}
INTERPOL = {"INTERPOL officer", "INTERPOL key"}

DRAFTERS = {"focal point", "contributor"}

ALL = set(RequestState.values)
IN_HAND = {"submitted", "in_review", "referred", "awaiting_funds", "accepted", "under_way"}
ENDED = {"completed", "declined", "redirected", "withdrawn"}

# Design §5, row by row: action → (from, who). INTERPOL is the lead agency wherever there is one.
REQUESTS: dict[str, tuple[set[str], set[str]]] = {
    "submit": ({"draft", "returned"}, FOCAL),
    "take_up": ({"submitted"}, OFFICER),
    "return": ({"submitted", "in_review"}, OFFICER),
    "refer": ({"in_review", "referred"}, OFFICER),
    "advise": ({"in_review", "referred", "accepted", "awaiting_funds", "under_way"}, OFFICER),
    "accept": ({"in_review", "referred"}, LEAD),
    "fund": ({"awaiting_funds"}, LEAD),
    "decline": ({"in_review", "referred"}, LEAD),
    "redirect": ({"in_review", "referred"}, OFFICER),
    "start": ({"accepted"}, OFFICER | INTERPOL),
    "complete": ({"under_way"}, OFFICER),
    "withdraw": (ALL - ENDED - {"draft"}, FOCAL),
    "discard": ({"draft"}, FOCAL),
    "reopen": (ENDED, LEAD),
    # Only where the letter is still owed; the requests of this test have theirs.
    "send_letter": (set(), FOCAL),
    "ask": (IN_HAND, OFFICER),
    "write": (IN_HAND | {"returned"}, DRAFTERS),
    # The Secretariat's own business. The requests of this test have an officer from review on.
    "assign": (IN_HAND | {"returned"}, OFFICER),
    "release": (IN_HAND - {"submitted"} | {"returned"}, OFFICER),
    "assess": (IN_HAND | {"returned"}, OFFICER),
    "note": (ALL - {"draft"}, OFFICER),
    "open_documents": (ALL - {"draft"}, OFFICER),
}
# Conversations: an agency writes where it was let in, by its officers and by its key.
THREADS: dict[str, tuple[set[str], set[str]]] = {
    "reply": ({"open", "waiting"}, DRAFTERS | OFFICER | INTERPOL),
    "ask_again": ({"open"}, OFFICER),
    "open_to": ({"open", "waiting"}, OFFICER),
    "close": ({"open", "waiting"}, OFFICER),
    "reopen": ({"closed"}, OFFICER),
}
REFERRALS: dict[str, tuple[set[str], set[str]]] = {
    "accept": ({"sent"}, INTERPOL),
    "decline": ({"sent", "accepted"}, INTERPOL),
    "start": ({"accepted"}, INTERPOL),
    "report": ({"delivering"}, INTERPOL),
    "deliver": ({"delivering"}, INTERPOL),
    "ask": ({"sent", "accepted", "delivering", "delivered"}, INTERPOL),
    "send_document": ({"sent", "accepted", "delivering", "delivered"}, INTERPOL),
    "recall": ({"sent", "accepted"}, OFFICER),
    "remind": ({"sent"}, OFFICER),
    "prolong": ({"sent"}, OFFICER),
}
# Two pairs of eyes. The proposals of this test are the officer's: see `_proposed_by`.
CONCERNED = FOCAL | OFFICER | {"INTERPOL officer"}
OR_SYSTEM = CONCERNED | {"INTERPOL key"}  # it proposes; a second pair of eyes is a person's
CONFIRMERS = {"lead", "INTERPOL officer"}
ANY_STEP = {"not_started", "under_way", "done", "not_applicable"}
STEPS: dict[str, tuple[set[str], set[str]]] = {
    "propose": ({"not_started", "under_way"}, OR_SYSTEM),
    "propose_correction": ({"under_way", "done", "not_applicable"}, OR_SYSTEM),
    # Only while something waits; the steps of this test are looked at with and without.
    "confirm": (set(), CONFIRMERS),
    "refuse": (set(), CONFIRMERS),
    "take_back": (set(), {"officer"}),
    "plan": (ANY_STEP, CONCERNED),
    "note": (ANY_STEP, OR_SYSTEM),
    "attach": (ANY_STEP, CONCERNED),
}
STEPS_WITH_A_PROPOSAL: dict[str, tuple[set[str], set[str]]] = STEPS | {
    "propose": (set(), CONCERNED),
    "propose_correction": (set(), CONCERNED),
    "confirm": (ANY_STEP, CONFIRMERS),
    "refuse": (ANY_STEP, CONFIRMERS),
    "take_back": (ANY_STEP, {"officer"}),
}
ANY = {"private", "document", "public"}
IMPLEMENTATIONS: dict[str, tuple[set[str], set[str]]] = {
    "publish": (ANY, FOCAL),
    "record_consent": (ANY, OFFICER),
    "withdraw_consent": ({"public"}, FOCAL | OFFICER),
    "give_lead": (ANY, OFFICER),
    "open_document": (ANY, FOCAL | OFFICER),
    "recommend": (ANY, OFFICER),
    "enter_plan": (ANY, OFFICER),
}
RECOMMENDATIONS: dict[str, tuple[set[str], set[str]]] = {
    "accept": ({"proposed"}, FOCAL),
    "refuse": ({"proposed"}, FOCAL),
    "start": ({"accepted"}, DRAFTERS),
    "report": ({"under_way"}, DRAFTERS),
    "finish": ({"under_way"}, DRAFTERS),
    "verify": ({"done"}, OFFICER | {"INTERPOL officer"}),
    "send_back": ({"done"}, OFFICER | {"INTERPOL officer"}),
    "move_due": ({"proposed", "accepted", "under_way"}, FOCAL | OFFICER),
    "reconsider": ({"not_accepted"}, FOCAL | OFFICER),
    "revise": ({"proposed", "accepted", "under_way"}, OFFICER),
    "supersede": ({"proposed", "accepted", "under_way", "done"}, OFFICER),
    "note": (set(RecommendationState.values), OFFICER | {"INTERPOL officer"}),
    "ask_support": ({"accepted", "under_way"}, DRAFTERS),
}
# What documents say: entered by officers, withdrawn where it was entered by mistake.
STATEMENTS: dict[str, tuple[set[str], set[str]]] = {"withdraw": ({"stands"}, OFFICER)}
# An assessment is its country's own: nobody else does anything to it.
ASSESSMENTS: dict[str, tuple[set[str], set[str]]] = {
    "score": ({"draft"}, DRAFTERS),
    "edit": ({"draft"}, DRAFTERS),
    "submit": ({"draft"}, FOCAL),
    "discard": ({"draft"}, DRAFTERS),
    "disclose": ({"submitted"}, FOCAL),
    "undisclose": ({"disclosed"}, FOCAL),
}
# Of a contributor to Kenya, invited by Kenya's focal point; its deputy may do the same.
INVITATIONS: dict[str, tuple[set[str], set[str]]] = {
    "accept": ({"sent"}, {"invited person", "holder of the link"}),
    "send_again": ({"sent"}, FOCAL | LEAD | {"deputy"}),
    "withdraw": ({"sent"}, FOCAL | LEAD | {"deputy"}),
}
ACCESS: dict[str, tuple[set[str], set[str]]] = {
    "confirm": ({"unconfirmed"}, {"holder of the link"}),
    "grant": ({"confirmed"}, LEAD),
    "refuse": ({"confirmed"}, LEAD),
}
WEBHOOKS: dict[str, tuple[set[str], set[str]]] = {
    "change": ({"active", "paused"}, INTERPOL),
    "pause": ({"active"}, INTERPOL | LEAD),
    "resume": ({"paused"}, INTERPOL | LEAD),
    "rotate_secret": ({"active", "paused"}, INTERPOL),
    "send_test": ({"active", "paused"}, INTERPOL),
    "replay": ({"active", "paused"}, INTERPOL),
    "suspend": ({"active"}, set()),
    "end": ({"active", "paused"}, INTERPOL | LEAD),
}
# The public record has one life for all its kinds; the records of this test wait for no moment.
RECORDS: dict[str, tuple[set[str], set[str]]] = {
    "publish": ({"draft"}, OFFICER),
    "reschedule": (set(), OFFICER),
    "withdraw": ({"published"}, OFFICER),
    "revise": ({"withdrawn"}, OFFICER),
}
# Of the imports of this test all rows are good, and all are taken over at once.
IMPORTS: dict[str, tuple[set[str], set[str]]] = {
    "take": ({"waiting"}, OFFICER),
    "publish": ({"taken"}, OFFICER),
    "drop": ({"waiting"}, OFFICER),
}
KINDS_OF_RECORDS = {
    "activities": make.activity,
    "library": make.document,
    "network_meetings": make.global_meeting,
    "news": make.news_item,
    "operations": make.operation,
    "recognition": make.recognition,
}
EXPECTED = {
    **{name: (RECORDS, set(Publication.values)) for name in KINDS_OF_RECORDS},
    "activity_imports": (IMPORTS, set(ImportState.values)),
    "webhooks": (WEBHOOKS, set(WebhookState.values)),
    "invitations": (INVITATIONS, set(InvitationState.values)),
    "access": (ACCESS, set(AccessState.values)),
    "requests": (REQUESTS, set(RequestState.values)),
    "referrals": (REFERRALS, set(ReferralState.values)),
    "threads": (THREADS, set(ThreadState.values)),
    "toolkit.step": (STEPS, set(StepState.values)),
    "toolkit": (IMPLEMENTATIONS, set(Implementation.Publicity.values)),
    "toolkit.recommendations": (RECOMMENDATIONS, set(RecommendationState.values)),
    "toolkit.assessments": (ASSESSMENTS, set(AssessmentState.values)),
    "toolkit.observations": (STATEMENTS, set(StatementState.values)),
    "toolkit.totals": (STATEMENTS, set(StatementState.values)),
}


@pytest.fixture
def cast() -> dict[str, Any]:
    """Everybody who could want something, the entitled and the others."""
    interpol, wco = make.agency("INTERPOL"), make.agency("WCO")
    yesterday = timezone.now().date() - timedelta(days=1)
    former = make.person("Former focal point, Kenya")
    make.mandate(former, "focal_point", make.party("KEN"), from_on=yesterday, until_on=yesterday)
    barred = make.focal_point(make.party("KEN"))
    barred.is_active = False
    barred.save()
    return {
        "focal point": make.focal_point(make.party("KEN")),
        "contributor": make.contributor(make.party("KEN")),
        "viewer": make.party_viewer(make.party("KEN")),
        "former focal point": former,
        "barred focal point": barred,
        "focal point of Viet Nam": make.focal_point(make.party("VNM")),
        "lead": make.lead(),
        "officer": make.officer(),
        "auditor": make.auditor(),
        "INTERPOL officer": make.agency_officer(interpol),
        "INTERPOL viewer": make.agency_viewer(interpol),
        "INTERPOL key": make.api_key(interpol)[0],
        "INTERPOL key for reading": make.api_key(interpol, ["requests:read"])[0],
        "WCO officer": make.agency_officer(wco),
        "WCO key": make.api_key(wco)[0],
        "key of the Secretariat": make.api_key(make.secretariat())[0],
        "nobody": AnonymousUser(),
    }


def _expected(
    rules: dict[str, tuple[set[str], set[str]]], state: str, cast: dict[str, Any]
) -> dict[str, set[str]]:
    return {
        name: {
            action for action, (sources, who) in rules.items() if state in sources and name in who
        }
        for name in cast
    }


def _found(obj: Any, cast: dict[str, Any]) -> dict[str, set[str]]:
    return {
        name: {one.action for one in allowed_actions(obj, actor)} for name, actor in cast.items()
    }


def _all_else_is_refused(obj: Any, cast: dict[str, Any], expected: dict[str, set[str]]) -> None:
    before, events = obj.state, Event.objects.count()
    for name, actor in cast.items():
        for action in table_of(obj).by_action:
            if action in expected[name]:
                continue
            assert not can(actor, action, obj)
            with pytest.raises((NotPermitted, NotAllowedNow)):
                perform(action, obj, by=actor)
    obj.refresh_from_db()
    assert (obj.state, Event.objects.count()) == (before, events)


def test_every_table_action_and_state_stands_in_this_matrix() -> None:
    found = {table.name: set(table.by_action) for table in tables()}
    assert found == {name: set(rules) for name, (rules, _states) in EXPECTED.items()}
    states = {
        table.name: set(dict(table.model._meta.get_field("state").choices)) for table in tables()
    }
    assert states == {name: known for name, (_rules, known) in EXPECTED.items()}


@pytest.mark.parametrize("state", WebhookState.values)
def test_who_may_do_what_to_a_webhook(state: str, cast: dict[str, Any]) -> None:
    webhook = make.webhook(make.agency("INTERPOL"), state)
    expected = _expected(WEBHOOKS, state, cast)
    assert _found(webhook, cast) == expected
    _all_else_is_refused(webhook, cast, expected)


@pytest.mark.parametrize("state", Publication.values)
@pytest.mark.parametrize("kind", KINDS_OF_RECORDS)
def test_who_may_do_what_to_a_record(kind: str, state: str, cast: dict[str, Any]) -> None:
    record = KINDS_OF_RECORDS[kind](state)
    expected = _expected(RECORDS, state, cast)
    assert _found(record, cast) == expected
    _all_else_is_refused(record, cast, expected)


@pytest.mark.parametrize("state", ImportState.values)
def test_who_may_do_what_to_an_import(state: str, cast: dict[str, Any]) -> None:
    batch = make.activity_import(state)
    expected = _expected(IMPORTS, state, cast)
    assert _found(batch, cast) == expected
    _all_else_is_refused(batch, cast, expected)


@pytest.mark.parametrize("state", RequestState.values)
def test_who_may_do_what_to_a_request(state: str, cast: dict[str, Any]) -> None:
    case = make.request_in(state, by=cast["focal point"], agencies=("INTERPOL", "WCO"))
    expected = _expected(REQUESTS, state, cast)
    if state == "draft":
        # Nobody but the country can have seen it, and a letter is no matter of a draft.
        assert case.reference is None
    assert _found(case, cast) == expected
    _all_else_is_refused(case, cast, expected)


@pytest.mark.parametrize("state", ReferralState.values)
def test_who_may_do_what_to_a_referral(state: str, cast: dict[str, Any]) -> None:
    referral = make.referral(make.agency("INTERPOL"), state, by=cast["focal point"])
    expected = _expected(REFERRALS, state, cast)
    assert _found(referral, cast) == expected
    _all_else_is_refused(referral, cast, expected)


@pytest.mark.parametrize("state", ThreadState.values)
def test_who_may_do_what_in_a_conversation(state: str, cast: dict[str, Any]) -> None:
    case = make.request_in("referred", by=cast["focal point"], agencies=("INTERPOL", "WCO"))
    thread = make.conversation(case, state, agencies=("INTERPOL",))
    expected = _expected(THREADS, state, cast)
    assert _found(thread, cast) == expected
    _all_else_is_refused(thread, cast, expected)


@pytest.mark.parametrize("state", StepState.values)
def test_who_may_do_what_to_a_step(state: str, cast: dict[str, Any]) -> None:
    step = make.implementation(make.party("KEN"), make.agency("INTERPOL")).steps.get(position=2)
    if state != "not_started":
        make.move(step, state)
    expected = _expected(STEPS, state, cast)
    assert _found(step, cast) == expected
    _all_else_is_refused(step, cast, expected)


@pytest.mark.parametrize("state", StepState.values)
def test_who_may_do_what_to_a_step_with_a_proposal(state: str, cast: dict[str, Any]) -> None:
    step = make.implementation(make.party("KEN"), make.agency("INTERPOL")).steps.get(position=2)
    if state != "not_started":
        make.move(step, state)
    _propose(step, cast["officer"])
    expected = _expected(STEPS_WITH_A_PROPOSAL, state, cast)
    assert _found(step, cast) == expected
    _all_else_is_refused(step, cast, expected)


PROPOSERS = ("focal point", "officer", "lead", "INTERPOL officer", "of both")


@pytest.mark.parametrize("proposer", PROPOSERS)
def test_whoever_confirms_a_move_is_somebody_else(proposer: str, cast: dict[str, Any]) -> None:
    both = make.agency_officer(make.agency("INTERPOL"))
    make.mandate(both, "focal_point", make.party("KEN"))
    make.mandate(both, "officer", make.secretariat())
    held, _token = make.api_key(make.agency("INTERPOL"))
    held.held_by = cast["INTERPOL officer"]
    held.save()
    cast |= {"of both": both, "key of the INTERPOL officer": held}
    step = make.implementation(make.party("KEN"), make.agency("INTERPOL")).steps.get(position=2)
    _propose(step, cast[proposer])
    confirmers = {name for name, actor in cast.items() if can(actor, "confirm", step)}
    assert confirmers == {"officer", "lead", "INTERPOL officer", "of both"} - {proposer}
    with pytest.raises(NotPermitted):
        perform("confirm", step, by=cast[proposer])
    assert {name for name, actor in cast.items() if can(actor, "take_back", step)} == {proposer}


@pytest.mark.parametrize("held", [False, True])
def test_what_an_agencys_system_proposed_nobody_of_the_agency_confirms(
    held: bool, cast: dict[str, Any]
) -> None:
    both = make.agency_officer(make.agency("INTERPOL"))
    make.mandate(both, "officer", make.secretariat())
    key, _token = make.api_key(make.agency("INTERPOL"))
    key.held_by = cast["INTERPOL officer"] if held else None
    key.save()
    cast |= {"of both": both, "its key": key}
    step = make.implementation(make.party("KEN"), make.agency("INTERPOL")).steps.get(position=2)
    _propose(step, key)
    assert {name for name, actor in cast.items() if can(actor, "confirm", step)} == {
        "officer", "lead",
    }  # fmt: skip
    for nobody in ("INTERPOL officer", "of both", "its key", "focal point"):
        with pytest.raises(NotPermitted):
            perform("confirm", step, by=cast[nobody])
    assert {name for name, actor in cast.items() if can(actor, "take_back", step)} == {
        "INTERPOL officer", "of both", "its key", "INTERPOL key",
    }  # fmt: skip
    event = perform("confirm", step, by=cast["lead"])
    assert event.changes["proposed_by"] == "INTERPOL"


def _propose(step: Any, by: Any) -> None:
    day = {"effective_on": timezone.now().date(), "precision": "day"}
    if step.state in {"not_started", "under_way"}:
        perform("propose", step, by=by, data={"state": "done", **day})
    else:
        said = {"state": "under_way", "reason": "Misread.", **day}
        perform("propose_correction", step, by=by, data=said)


@pytest.mark.parametrize("state", Implementation.Publicity.values)
def test_who_may_make_an_implementation_public(state: str, cast: dict[str, Any]) -> None:
    implementation = _cycle_that_is(state, cast)
    file = {"file": make.pdf(), "title": "Minutes", "readers": "concerned"}
    perform("attach", implementation.steps.get(position=2), by=cast["officer"], data=file)
    expected = _expected(IMPLEMENTATIONS, state, cast)
    assert _found(implementation, cast) == expected
    _all_else_is_refused(implementation, cast, expected)


def _cycle_that_is(state: str, cast: dict[str, Any]) -> Implementation:
    if state == "document":
        loaded = load_table_row(
            make.party("KEN"), ["request"], as_of=date(2015, 11, 9), source="CITES SC66 Inf. 9"
        )
        assert loaded is not None
        lead = {"lead_agency": make.agency("INTERPOL")}
        perform("give_lead", loaded, by=cast["officer"], data=lead)
        return loaded
    implementation = make.implementation(make.party("KEN"), make.agency("INTERPOL"))
    if state == "public":
        make.publish(implementation, by=cast["focal point"])
    return implementation


def test_a_key_acts_with_the_scope_of_the_table_alone(cast: dict[str, Any]) -> None:
    """Any scope for writing makes it an officer of its agency; for which matters, tables say."""
    referral = make.referral(make.agency("INTERPOL"))
    step = make.implementation(make.party("KEN"), make.agency("INTERPOL")).steps.get(position=2)
    opened = {}
    for scope in ("referrals:write", "toolkit:write"):
        key = make.api_key(make.agency("INTERPOL"), [scope])[0]
        opened[scope] = [can(key, "accept", referral), can(key, "propose", step)]
    assert opened == {"referrals:write": [True, False], "toolkit:write": [False, True]}
    with pytest.raises(NotPermitted):
        perform("accept", referral, by=key)


@pytest.mark.parametrize("state", RecommendationState.values)
def test_who_may_do_what_to_a_recommendation(state: str, cast: dict[str, Any]) -> None:
    cycle = make.implementation(make.party("KEN"), make.agency("INTERPOL"))
    recommendation = make.recommendation(cycle, state)
    expected = _expected(RECOMMENDATIONS, state, cast)
    assert _found(recommendation, cast) == expected
    _all_else_is_refused(recommendation, cast, expected)


@pytest.mark.parametrize("state", [*AssessmentState.values, "disclosed"])
def test_who_may_do_what_to_an_assessment(state: str, cast: dict[str, Any]) -> None:
    """`disclosed` is submitted, and its date public."""
    lead, focal = make.agency("INTERPOL"), cast["focal point"]
    if state in {"draft", "discarded"}:
        assessment = instruments.draft(lead_agency=lead)
    else:
        assessment = instruments.submitted(lead_agency=lead)
    if state == "discarded":
        perform("discard", assessment, by=focal)
    if state == "disclosed":
        perform("disclose", assessment, by=focal)
    expected = _expected(ASSESSMENTS, state, cast)
    assert _found(assessment, cast) == expected
    _all_else_is_refused(assessment, cast, expected)


@pytest.mark.parametrize("state", InvitationState.values)
def test_who_may_do_what_to_an_invitation(state: str, cast: dict[str, Any]) -> None:
    invitation = make.invitation(cast["focal point"], email="invited@example.org")
    cast["invited person"] = make.person(email="INVITED@example.org")
    cast["another invited person"] = make.person()
    cast["deputy"] = make.deputy(cast["focal point"])
    cast["holder of an old link"] = Bearer("of before")
    if state == "accepted":
        perform("accept", invitation, by=cast["invited person"])
    elif state == "withdrawn":
        perform("withdraw", invitation, by=cast["lead"])
    cast["holder of the link"] = Bearer(invitation.nonce)
    expected = _expected(INVITATIONS, state, cast)
    assert _found(invitation, cast) == expected
    _all_else_is_refused(invitation, cast, expected)


@pytest.mark.parametrize("state", AccessState.values)
def test_who_may_do_what_to_a_request_for_access(state: str, cast: dict[str, Any]) -> None:
    asked = make.access_request(confirmed=state != "unconfirmed")
    if state == "granted":
        granted = {"party": asked.party, "agency": None, "role": asked.role}
        perform("grant", asked, by=cast["lead"], data=granted)
    elif state == "refused":
        perform("refuse", asked, by=cast["lead"], data={"reason": "Another office is named."})
    cast["holder of the link"] = Bearer(asked.nonce)
    cast["holder of an old link"] = Bearer("of before")
    expected = _expected(ACCESS, state, cast)
    assert _found(asked, cast) == expected
    _all_else_is_refused(asked, cast, expected)


def test_an_agency_can_do_nothing_once_the_request_has_ended(cast: dict[str, Any]) -> None:
    referral = make.referral(make.agency("INTERPOL"), by=cast["focal point"])
    perform("withdraw", referral.support_request, by=cast["focal point"], data={"reason": "Over."})
    referral.refresh_from_db()
    assert _found(referral, cast)["INTERPOL key"] == set()
    with pytest.raises(NotAllowedNow):
        perform("accept", referral, by=cast["INTERPOL key"])


def test_a_discarded_draft_cannot_be_reopened_by_people_who_never_saw_it(
    cast: dict[str, Any],
) -> None:
    draft = make.draft(cast["focal point"])
    perform("discard", draft, by=cast["focal point"])
    assert _found(draft, cast) == {name: set() for name in cast}


def test_a_request_that_nobody_has_taken_up_can_be_given_to_an_officer_and_released() -> None:
    officer = make.officer()
    case = make.request_in("submitted")
    assert not can(officer, "release", case)
    perform("assign", case, by=officer, data={"assignee": officer})
    assert (case.state, case.assignee) == ("submitted", officer)
    perform("release", case, by=officer)
    assert (case.state, case.assignee) == ("submitted", None)


def test_the_letter_of_an_incident_request_can_follow_once() -> None:
    focal_point = make.focal_point()
    case = make.draft(focal_point, support_key="wist", letter=False)
    make.submit(case, by=focal_point)
    assert can(focal_point, "send_letter", case)
    perform("send_letter", case, by=focal_point, data={"letter": make.pdf()})
    assert [one.name for one in case.attachments.all()] == ["letter.pdf"]
    assert not can(focal_point, "send_letter", case)


@pytest.mark.parametrize("state", StatementState.values)
def test_who_may_do_what_to_a_statement_of_a_document(state: str, cast: dict[str, Any]) -> None:
    said = {
        "effective_on": date(2018, 10, 31), "precision": "month", "date_in_source": "2018-10",
        "source": "A document",
    }  # fmt: skip
    about = {"instrument": "toolkit", "status": "complete", "step": ""}
    statements = [
        observe(make.party("KEN"), **about, **said),
        observe_total(text="10 complete", complete=10, **said),
    ]
    for statement in statements:
        assert statement is not None
        if state == "withdrawn":
            perform("withdraw", statement, by=cast["officer"], data={"reason": "Misread."})
        expected = _expected(STATEMENTS, state, cast)
        assert _found(statement, cast) == expected
        _all_else_is_refused(statement, cast, expected)
