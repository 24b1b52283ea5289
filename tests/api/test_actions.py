"""Doing things through the API: the same table as everywhere, refusals a machine can read."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT

from history.models import Event
from requests_app.models import Referral, ReferralState, RequestState, SupportRequest
from tests import make
from tests.api.conftest import Caller, names_of, signed_in, with_key

pytestmark = pytest.mark.django_db

BODIES: dict[str, dict[str, Any]] = {
    "accept": {"comment": "In May."},
    "decline": {"reason": "No staff."},
    "start": {"start_on": "2026-01-12"},
    "report": {"began_on": "2026-01-12", "ended_on": "2026-01-14", "outcome": "Twenty trained."},
    "deliver": {"ended_on": "2026-01-16", "outcome": "Forty trained."},
}
BESIDE = ["ask", "send_document"]
FOLLOWS = {
    "sent": ["accept", "decline", *BESIDE],
    "accepted": ["decline", "start", *BESIDE],
    "delivering": ["report", "deliver", *BESIDE],
    "delivered": BESIDE,
    "declined": [],
}


def interpol() -> Caller:
    return with_key(make.api_key(make.agency("INTERPOL"))[1])


def act(caller: Caller, obj: Any, action: str, body: Any = None, **kwargs: Any) -> Any:
    where = f"referrals/{obj.pk}" if isinstance(obj, Referral) else f"requests/{obj.handle}"
    return caller.post(f"{where}/actions/{action}/", body, **kwargs)


def test_an_agency_answers_a_referral_from_first_to_last() -> None:
    referral, caller = make.referral(begun=date(2026, 1, 5)), interpol()
    states = []
    for action in ("accept", "start", "deliver"):
        answer = act(caller, referral, action, BODIES[action])
        assert answer.status_code == 200, answer.content
        states.append((answer.json()["state"], names_of(answer.json()["allowed_actions"])))
    assert states == [
        ("accepted", ["decline", "start", *BESIDE]),
        ("delivering", ["report", "deliver", *BESIDE]),
        ("delivered", BESIDE),
    ]
    referral.refresh_from_db()
    assert (referral.state, referral.answer, referral.outcome) == (
        "delivered", "In May.", "Forty trained.",
    )  # fmt: skip
    by = Event.objects.about(referral).values_list("kind", "actor_kind", "actor_body")
    assert list(by)[1:] == [
        (f"referrals.{action}", "api_key", "INTERPOL") for action in ("accept", "start", "deliver")
    ]


@pytest.mark.parametrize("state", [state for state in ReferralState if state != "recalled"])
def test_in_every_state_only_what_follows_is_done_and_the_rest_is_409(state: str) -> None:
    referral, caller = make.referral(state=state), interpol()
    follows = FOLLOWS[state]
    assert names_of(caller.get(f"referrals/{referral.pk}/").json()["allowed_actions"]) == follows
    for action in sorted(set(BODIES) - set(follows)):
        answer = act(caller, referral, action, BODIES[action])
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "not_allowed_now")
        assert problem["allowed_actions"] == follows
        assert answer["Content-Type"] == "application/problem+json"
    referral.refresh_from_db()
    assert referral.state == state


def test_the_same_call_twice_is_done_once() -> None:
    referral, caller = make.referral(), interpol()
    statuses = [act(caller, referral, "accept").status_code for _call in range(2)]
    assert statuses == [200, 409]
    assert Event.objects.about(referral).filter(kind="referrals.accept").count() == 1


@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_in_any_state_answers_409_with_what_the_secretariat_can_do(state: str) -> None:
    case, caller = make.request_in(state), signed_in(make.lead())
    if state == RequestState.DRAFT:
        assert caller.get(f"requests/{case.handle}/").status_code == 404
        return
    allowed = names_of(caller.get(f"requests/{case.handle}/").json()["allowed_actions"])
    closed = {"take_up", "return", "refer", "advise", "accept", "fund", "complete"} - set(allowed)
    assert closed
    for action in sorted(closed):
        answer = act(caller, case, action, {"anything": "at all"})
        assert (answer.status_code, answer.json()["allowed_actions"]) == (409, allowed)
    case.refresh_from_db()
    assert case.state == state


def test_the_secretariat_does_its_work_by_session() -> None:
    case, officer, lead = make.request_in("submitted"), make.officer(), make.lead()
    make.agency("WCO"), make.agency("INTERPOL")
    by_officer, by_lead = signed_in(officer), signed_in(lead)
    refer = {"agencies": ["WCO", "WCO"], "note": "Can you help?", "answer_due_on": "2030-01-31"}
    decide = {"lead_agency": "WCO", "decision": "Granted.", "funding_known": True}
    states = [
        act(by_officer, case, "take_up", {"assignee": officer.email}).json()["state"],
        act(by_officer, case, "refer", refer).json()["state"],
        act(by_lead, case, "accept", decide).json()["state"],
    ]
    assert states == ["in_review", "referred", "accepted"]
    assert case.referrals.count() == 1


def test_the_lead_agency_starts_the_support_and_no_other_agency_does() -> None:
    case = make.request_in("accepted", agencies=("INTERPOL", "WCO"))
    other = with_key(make.api_key(make.agency("WCO"))[1])
    refused = act(other, case, "start", BODIES["start"])
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    done = act(interpol(), case, "start", BODIES["start"])
    assert (done.status_code, done.json()["state"]) == (200, "under_way")


def test_what_is_not_the_callers_to_do_is_403_before_the_body_is_judged() -> None:
    case, caller = make.request_in("referred"), interpol()
    answers = {
        action: act(caller, case, action, {"nonsense": 1}) for action in ("accept", "withdraw")
    }
    codes = {action: answer.json()["code"] for action, answer in answers.items()}
    assert codes == {"accept": "not_permitted", "withdraw": "not_permitted"}
    assert b"example.org" not in b"".join(answer.content for answer in answers.values())


def test_an_auditor_and_a_viewer_change_nothing() -> None:
    referral = make.referral()
    answers = [
        act(signed_in(person), referral, "accept").json()["code"]
        for person in (make.auditor(), make.agency_viewer())
    ]
    assert answers == ["not_permitted", "not_permitted"]


def test_a_focal_point_submits_and_sends_the_letter_later() -> None:
    focal_point = make.focal_point()
    case = make.draft(focal_point, support_key="wist", letter=False)
    caller = signed_in(focal_point)
    submitted = act(caller, case, "submit", {"declared": True}).json()
    assert (submitted["state"], "send_letter" in names_of(submitted["allowed_actions"])) == (
        "submitted", True,
    )  # fmt: skip
    case.refresh_from_db()
    body = {"letter": make.pdf()}
    sent = act(caller, case, "send_letter", body, content_type=MULTIPART_CONTENT)
    assert sent.status_code == 200, sent.content
    assert [one["kind"] for one in sent.json()["attachments"]] == ["letter"]


def test_a_spreadsheet_renamed_is_refused_at_its_field() -> None:
    focal_point = make.focal_point()
    case = make.request_in("submitted", by=focal_point, support_key="wist", letter=False)
    fake = SimpleUploadedFile("letter.pdf", b"PK\x03\x04 not a letter", "application/pdf")
    body = {"letter": fake}
    answer = act(signed_in(focal_point), case, "send_letter", body, content_type=MULTIPART_CONTENT)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["letter"])


def test_an_incomplete_draft_names_every_gap() -> None:
    focal_point = make.focal_point()
    case = make.draft(focal_point, letter=False, situation="", asked="")
    problem = act(signed_in(focal_point), case, "submit", {"declared": True}).json()
    assert problem["code"] == "invalid_input"
    assert sorted(problem["errors"]) == ["asked", "letter", "situation"]


# ── versions ─────────────────────────────────────────────────────────────────────────────────


def test_a_reading_is_not_sent_twice_while_nothing_changed() -> None:
    referral, caller = make.referral(), interpol()
    path = f"referrals/{referral.pk}/"
    tag = caller.get(path)["ETag"]
    again = caller.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    act(caller, referral, "accept")
    assert caller.get(path, headers={"if-none-match": tag}).status_code == 200


def test_a_stale_reading_is_refused_and_the_present_one_accepted() -> None:
    referral, caller = make.referral(begun=date(2026, 1, 5)), interpol()
    seen = caller.get(f"referrals/{referral.pk}/")["ETag"]
    accepted = act(caller, referral, "accept", headers={"if-match": seen})
    stale = act(caller, referral, "start", BODIES["start"], headers={"if-match": seen})
    fresh = act(caller, referral, "start", BODIES["start"], headers={"if-match": accepted["ETag"]})
    assert (accepted.status_code, stale.status_code, fresh.status_code) == (200, 412, 200)
    assert stale.json()["code"] == "stale"


@pytest.mark.parametrize("tag", ["nonsense", '"x.y"', 'W/"1.a"', '"1.a", "2.b"', '"²"'])
def test_a_tag_that_we_never_gave_is_stale(tag: str) -> None:
    answer = act(interpol(), make.referral(), "accept", headers={"if-match": tag})
    assert answer.status_code == 412


# ── addresses ────────────────────────────────────────────────────────────────────────────────


def test_addresses_and_methods_that_do_not_exist_are_problems_too() -> None:
    referral, caller = make.referral(), interpol()
    found = {
        "nowhere/": caller.get("nowhere/"),
        "no such action": act(caller, referral, "burn"),
        "get of an action": caller.get(f"referrals/{referral.pk}/actions/accept/"),
        "post to a list": caller.post("requests/"),
        "delete": caller.client.delete(f"/api/v1/referrals/{referral.pk}/"),
        "huge id": caller.get("referrals/" + "9" * 30 + "/"),
        "xml": caller.get("parties/", headers={"accept": "application/xml"}),
    }
    assert {name: (a.status_code, a.json()["code"]) for name, a in found.items()} == {
        "nowhere/": (404, "not_found"),
        "no such action": (404, "not_found"),
        "get of an action": (405, "method_not_allowed"),
        "post to a list": (405, "method_not_allowed"),
        "delete": (405, "method_not_allowed"),
        "huge id": (404, "not_found"),
        "xml": (406, "not_acceptable"),
    }


def test_nothing_changes_by_reading(world: SimpleNamespace, callers: dict[str, Caller]) -> None:
    before = (Event.objects.count(), list(SupportRequest.objects.values_list("state", "version")))
    for caller in callers.values():
        for path in ("requests/", f"requests/{world.asked_wco.handle}/", "referrals/", "events/"):
            caller.get(path)
    after = (Event.objects.count(), list(SupportRequest.objects.values_list("state", "version")))
    assert after == before
