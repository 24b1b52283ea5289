"""What a caller says it has read: If-Match before every write, If-None-Match before a reading."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from history.models import Event
from iccwc_portal import api_urls
from requests_app.api import ReferralActionView, RequestActionView
from tests import make
from tests.api.conftest import Caller, signed_in, views_below, with_key
from tests.api.test_actions import BODIES, act, interpol
from workflow.api import ActionView
from workflow.executor import perform

pytestmark = pytest.mark.django_db

START = {"start_on": "2030-05-01"}


def tag_of(caller: Caller, path: str, **headers: str) -> str:
    answer = caller.get(path, headers=headers)
    assert answer.status_code == 200, answer.content
    return str(answer["ETag"])


def test_an_action_without_if_match_is_428_names_the_present_tag_and_does_nothing() -> None:
    referral, caller = make.referral(), interpol()
    refused = act(caller, referral, "accept", headers={})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (428, "precondition_required")
    assert "If-Match" in problem["detail"]
    referral.refresh_from_db()
    assert referral.state == "sent"
    done = act(caller, referral, "accept", headers={"if-match": refused["ETag"]})
    assert done.status_code == 200


def test_no_action_of_the_api_goes_without_if_match() -> None:
    views = {
        view.view_class
        for address, view in views_below(get_resolver(api_urls))
        if "/actions/" in address
    }
    assert {RequestActionView, ReferralActionView} < views
    # Those of webhooks begin or end with more than an action does: each judges it itself.
    assert {view.post.__qualname__ for view in views} == {
        "ActionView.post", "ChangeView.post", "RotateSecretView.post", "SendTestView.post",
    }  # fmt: skip
    for name in ("change", "rotate_secret", "send_test"):
        hook = make.webhook()
        caller = with_key(make.api_key(hook.agency)[1])
        answer = caller.post(f"webhooks/{hook.pk}/actions/{name}/", {}, headers={})
        assert answer.json()["code"] == "precondition_required"


def test_a_stale_tag_is_412_with_the_present_one() -> None:
    referral, caller = make.referral(), interpol()
    seen = tag_of(caller, f"referrals/{referral.pk}/")
    act(caller, referral, "accept")
    stale = act(caller, referral, "start", START, headers={"if-match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale["ETag"] == tag_of(caller, f"referrals/{referral.pk}/") != seen
    assert act(caller, referral, "start", START, headers={"if-match": stale["ETag"]})


def test_a_tag_of_another_object_reader_or_language_does_not_do() -> None:
    referral, caller = make.referral(), interpol()
    path = f"referrals/{referral.pk}/"
    others = [
        tag_of(caller, f"referrals/{make.referral().pk}/"),
        tag_of(caller, path, **{"accept-language": "fr"}),
        tag_of(signed_in(make.officer()), path),
    ]
    found = {
        act(caller, referral, "accept", headers={"if-match": tag}).status_code for tag in others
    }
    assert found == {412}


def test_of_several_tags_one_is_enough_and_a_compressed_answers_tag_does() -> None:
    one, other, caller = make.referral(), make.referral(), interpol()
    seen = tag_of(caller, f"referrals/{one.pk}/")
    assert act(caller, one, "accept", headers={"if-match": f'"old", {seen}'}).status_code == 200
    packed = tag_of(caller, f"referrals/{other.pk}/", **{"accept-encoding": "gzip"})
    assert packed.startswith('W/"')
    assert act(caller, other, "accept", headers={"if-match": packed}).status_code == 200
    again = caller.get(f"referrals/{other.pk}/", headers={"accept-encoding": "gzip"})
    unchanged = caller.get(f"referrals/{other.pk}/", headers={"if-none-match": again["ETag"]})
    assert unchanged.status_code == 304


def test_what_the_secretariat_does_for_itself_makes_no_tag_of_others_old() -> None:
    case, officer = make.request_in("accepted"), make.the_officer()
    caller, path = interpol(), f"requests/{case.handle}/"
    before = caller.get(path)
    internal: dict[str, dict[str, Any]] = {
        "assign": {"assignee": make.officer()},
        "note": {"text": "They called."},
        "release": {},
        "assess": {"marks": {make.criterion().key: {"mark": "yes", "text": "It is."}}},
    }
    for action, data in internal.items():
        perform(action, case, by=officer, data=data)
        after = caller.get(path, headers={"if-none-match": before["ETag"]})
        assert (action, after.status_code, after["ETag"]) == (action, 304, before["ETag"])
    listed = caller.get(
        f"requests/?updated_since={before.json()['updated_at']}&ordering=updated_at"
    )
    assert [row["updated_at"] for row in listed.json()["results"]] == [before.json()["updated_at"]]
    done = act(caller, case, "start", START, headers={"if-match": before["ETag"]})
    assert (done.status_code, done.json()["state"]) == (200, "under_way")


def test_documents_opened_to_an_agency_are_a_change_that_it_sees() -> None:
    case, caller = make.request_in("accepted"), interpol()
    path = f"requests/{case.handle}/"
    before = caller.get(path)
    perform("open_documents", case, by=make.the_officer(), data={"documents": "closed"})
    after = caller.get(path, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["updated_at"] > before.json()["updated_at"]


def test_304_comes_only_to_who_may_still_see_it(world: SimpleNamespace) -> None:
    path = f"referrals/{world.referral_of_wco.pk}/"
    wco = with_key(make.api_key(world.wco)[1])
    tag = tag_of(wco, path)
    hidden = interpol().get(path, headers={"if-none-match": tag})
    missing = interpol().get("referrals/999999/", headers={"if-none-match": tag})
    assert (hidden.status_code, hidden.content) == (404, missing.content)
    perform("recall", world.referral_of_wco, by=world.officer, data={"reason": "Sent in error."})
    assert wco.get(path, headers={"if-none-match": tag}).status_code == 404


def test_a_change_between_reading_and_lock_is_412_with_the_present_tag(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, caller = make.request_in("accepted", agencies=("INTERPOL", "WCO")), interpol()
    officer = make.the_officer()
    seen = tag_of(caller, f"requests/{case.handle}/")
    judged = ActionView.get_serializer_class

    def overtaken(view: Any) -> Any:
        monkeypatch.undo()
        perform("advise", case, by=officer, data={"advice": "Wait."})
        return judged(view)

    monkeypatch.setattr(ActionView, "get_serializer_class", overtaken)
    late = act(caller, case, "start", START, headers={"if-match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert late["ETag"] == tag_of(caller, f"requests/{case.handle}/")
    assert not Event.objects.filter(kind="requests.start").exists()


def test_the_two_headers_cost_six_queries_at_most() -> None:
    def counted(**headers: str) -> int:
        referral, caller = make.referral(), interpol()
        tag = tag_of(caller, f"referrals/{referral.pk}/")
        with CaptureQueriesContext(connection) as captured:
            sent = {"if-match": "*", **{name: value or tag for name, value in headers.items()}}
            done = act(caller, referral, "accept", BODIES["accept"], headers=sent)
        assert done.status_code == 200
        return len(captured)

    plain = counted()
    # The place of the key, the answer in it, and the two ends of the transaction around both.
    assert counted(**{"idempotency-key": "counted"}) - plain == 4
    # The object as its reader sees it now.
    assert counted(**{"if-match": ""}) - plain <= 2


def test_any_version_that_the_caller_has_is_enough_for_a_304(world: SimpleNamespace) -> None:
    """`*`, the same for a detail as for a file (RFC 9110 §13.1.2)."""
    case, letter = world.asked_interpol, world.letter
    for path in (
        f"requests/{case.reference}/",
        f"requests/{case.reference}/attachments/{letter.pk}/",
    ):
        assert (
            signed_in(world.officer).get(path, headers={"if-none-match": "*"}).status_code == 304
        ), path
