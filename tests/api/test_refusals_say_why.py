"""A refusal says in one line what is wrong, and what would do instead."""

from typing import Any

import pytest

from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> Caller:
    return with_key(make.api_key(make.agency("INTERPOL"))[1])


@pytest.mark.parametrize(
    ("action", "body", "detail"),
    [
        ("accept", {"comment": 5}, "comment: Not a text. Put it in quotation marks."),
        ("accept", {"comment": True}, "comment: Not a text. Put it in quotation marks."),
        ("decline", {}, "reason: This field is required."),
        (
            "ask", {"subject": "Dates", "text": ["When?"]},
            "text: Not a text. Put it in quotation marks.",
        ),
        (
            "accept", {"coment": "Gladly."},
            "coment: This action has no such field. It has: comment.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_body_stands_in_one_line(
    key: Caller, action: str, body: Any, detail: str
) -> None:
    referral = make.referral()
    answer = key.post(f"referrals/{referral.pk}/actions/{action}/", body, headers={"if-match": "*"})
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)
    referral.refresh_from_db()
    assert (referral.state, referral.version) == ("sent", 0)


def test_numbers_and_texts_inside_an_answer_are_not_taken_for_each_other() -> None:
    case = make.request_in("in_review")
    officer = signed_in(make.officer())
    address = f"requests/{case.handle}/actions/"
    now = {"headers": {"if-match": "*"}}
    remarks = {"to_correct": "The dates.", "remarks": {"objective": 5}}
    returned = officer.post(f"{address}return/", remarks, **now)
    assert (returned.status_code, list(returned.json()["errors"])) == (400, ["remarks"])
    opened = officer.post(f"{address}open_documents/", {"documents": "all"}, **now)
    assert (opened.status_code, opened.json()["detail"]) == (
        400, "documents: “all” cannot be chosen here. You can choose: closed, open.",
    )  # fmt: skip


def test_a_wrong_parameter_a_wrong_scheme_and_a_wrong_method_are_named(key: Caller) -> None:
    parameter = key.get("referrals/?colour=red").json()
    assert parameter["detail"] == f"colour: {parameter['errors']['colour'][0]}"
    bearer = Caller().get("referrals/", headers={"authorization": "Bearer abc"}).json()
    assert (bearer["code"], bearer["detail"]) == (
        "not_authenticated",
        "Send the key as “Authorization: Api-Key …”: “Bearer” is not read here.",
    )
    put = key.client.put("/api/v1/referrals/").json()
    assert put["code"] == "method_not_allowed"
    assert put["detail"].startswith("PUT cannot be used here. You can use: GET")
