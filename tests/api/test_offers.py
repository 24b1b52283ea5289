"""What a caller may do now, told so that a program can do it."""

from types import SimpleNamespace
from typing import Any

import pytest

from partners.models import Scope
from requests_app.workflow import REQUESTS
from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db

EVERY_KIND = {"string", "boolean", "array", "object"}


def offered(caller: Caller, path: str) -> dict[str, Any]:
    answer = caller.get(path).json()
    return {one["action"]: one for one in answer["allowed_actions"]}


def test_an_agency_is_told_where_to_post_and_what() -> None:
    referral = make.referral(state="accepted")
    path = f"referrals/{referral.pk}/"
    start = offered(with_key(make.api_key()[1]), path)["start"]
    assert start == {
        "action": "start",
        "label": "Start delivery",
        "url": f"http://testserver/api/v1/{path}actions/start/",
        "input": {
            "type": "object",
            "properties": {
                "start_on": start["input"]["properties"]["start_on"]
                | {"type": "string", "format": "date"}
            },
            "required": ["start_on"],
            "additionalProperties": False,
        },
    }


def test_what_is_offered_can_be_done_at_its_address_with_a_body_of_its_schema() -> None:
    referral = make.referral()
    caller = with_key(make.api_key()[1])
    accept = offered(caller, f"referrals/{referral.pk}/")["accept"]
    (name,) = accept["input"]["properties"]
    assert accept["input"]["properties"][name]["maxLength"] == 4000
    done = caller.post(accept["url"], {name: "In May."})
    assert (done.status_code, done.json()["state"]) == (200, "accepted")


def test_a_key_is_offered_only_what_its_scopes_let_it_do(world: SimpleNamespace) -> None:
    paths = [f"requests/{world.asked_interpol.handle}/", f"referrals/{world.referral.pk}/"]
    reading = [Scope.REQUESTS_READ, Scope.TOOLKIT_READ, Scope.TOOLKIT_WRITE, Scope.EVENTS_READ]
    for scopes in (reading, [Scope.REQUESTS_READ]):
        caller = with_key(make.api_key(world.interpol, scopes)[1])
        assert [offered(caller, path) for path in paths] == [{}, {}]
    writing = with_key(make.api_key(world.interpol)[1])
    assert "accept" in offered(writing, paths[1])


def test_rows_that_can_be_chosen_are_named_by_their_keys() -> None:
    case = make.request_in("in_review")
    make.agency("INTERPOL"), make.agency("WCO")
    officer = make.officer()
    found = offered(signed_in(officer), f"requests/{case.handle}/")
    refer = found["refer"]["input"]
    assert refer["properties"]["agencies"]["items"]["enum"] == ["INTERPOL", "WCO"]
    assert officer.email in found["assign"]["input"]["properties"]["assignee"]["enum"]
    assert set(refer["required"]) == {"agencies", "note", "answer_due_on"}


def test_every_input_of_every_action_on_a_request_has_a_type_and_a_name() -> None:
    seen = set()
    for state in ("submitted", "in_review", "referred", "accepted", "under_way"):
        case = make.request_in(state)
        for one in offered(signed_in(make.lead()), f"requests/{case.handle}/").values():
            declared = REQUESTS.by_action[one["action"]].inputs
            properties = one["input"]["properties"]
            assert list(properties) == [each.name for each in declared]
            for each in properties.values():
                assert each["type"] in EVERY_KIND
                assert each["title"]
            seen.add(one["action"])
    assert {"take_up", "refer", "accept", "start", "complete", "assess", "note"} <= seen


def test_they_come_in_the_readers_language_and_so_does_the_tag() -> None:
    referral, caller = make.referral(), with_key(make.api_key()[1])
    path = f"referrals/{referral.pk}/"
    english, french = (caller.get(path, headers={"accept-language": each}) for each in ("en", "fr"))
    labels = [answer.json()["allowed_actions"][0]["label"] for answer in (english, french)]
    assert (labels[0], labels[0] == labels[1]) == ("Accept", False)
    assert english["ETag"] != french["ETag"]
    assert "Accept-Language" in english["Vary"]
