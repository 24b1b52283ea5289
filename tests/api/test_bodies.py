"""What an action's body may be, and what a body that does not do is told."""

import json
from typing import Any

import pytest

from tests import make
from tests.api.conftest import signed_in
from tests.api.test_actions import act, interpol

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["reason"]),
        ({"reason": ""}, ["reason"]),
        ({"reason": None}, ["reason"]),
        ({"reason": "   "}, ["reason"]),
        ({"reason": "x" * 4001}, ["reason"]),
        ({"reason": {"deep": 1}}, ["reason"]),
        ({"reason": "a\u0000b"}, ["reason"]),
        ({"reason": "No.", "state": "delivered", "agency": "WCO"}, ["agency", "state"]),
        ({"reason": "No.", "by": 1, "version": 0}, ["by", "version"]),
        ([], ["body"]),
        ("text", ["body"]),
        ([{"reason": "No."}], ["body"]),
    ],
)
def test_a_body_that_does_not_do_is_400_and_names_the_fields(body: Any, named: list[str]) -> None:
    referral = make.referral()
    answer = act(interpol(), referral, "decline", json.dumps(body))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert sorted(answer.json()["errors"]) == named
    referral.refresh_from_db()
    assert referral.state == "sent"


@pytest.mark.parametrize(
    ("raw", "code", "status"),
    [
        (b"{", "malformed", 400),
        (b"\xff\xfe", "malformed", 400),
        (b'{"reason": NaN}', "malformed", 400),
        (b"[" * 100_000, "malformed", 400),
        (b'{"reason": "' + b"x" * 300_000 + b'"}', "too_large", 413),
        (b'{"\\ud800": 1, "reason": "No."}', "malformed", 400),
        (b'{"reason": "\\ud800"}', "malformed", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(raw: bytes, code: str, status: int) -> None:
    answer = act(interpol(), make.referral(), "decline", raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_form_is_not_a_body() -> None:
    answer = act(
        interpol(), make.referral(), "decline", "reason=No",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "wrong_content_type")
    assert "application/x-www-form-urlencoded" in problem["detail"]


@pytest.mark.parametrize("day", ["0000-01-01", "1960-01-01", "9999-12-31", "31/12/2030", "soon"])
def test_an_impossible_date_is_refused_at_its_field(day: str) -> None:
    answer = act(interpol(), make.referral(state="accepted"), "start", {"start_on": day})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["start_on"])


def test_rows_are_named_by_their_codes_and_a_wrong_one_says_which_there_are() -> None:
    case = make.request_in("in_review")
    make.agency("INTERPOL"), make.agency("WCO")
    body = {"agencies": ["UNESCO"], "note": "Help?", "answer_due_on": "2030-01-31"}
    answer = act(signed_in(make.officer()), case, "refer", body)
    assert answer.json()["errors"] == {
        "agencies": ["“UNESCO” cannot be chosen here. You can choose: INTERPOL, WCO."]
    }
