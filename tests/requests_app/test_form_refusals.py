"""What must not be written is not written, at any address of the form; and what was typed is shown.

The probes of the neighbour's study: editing a request in every state, blank submissions,
withdrawing by a link, withdrawing twice.
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from requests_app.models import RequestState, SupportRequest
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from tests.requests_app.writing import SCRIPT, Sheet, address, fields_of

pytestmark = pytest.mark.django_db

CLOSED = [one for one in RequestState if one not in {RequestState.DRAFT, RequestState.RETURNED}]
TYPED = "Typed where nothing may be written."


def as_stored(case: SupportRequest) -> Any:
    case.refresh_from_db()
    files = list(case.attachments.values_list("pk", "name"))
    return case.state, case.version, case.answers, case.support_id, case.urgency, files


def every_way_to_write(client: Client, case: SupportRequest) -> dict[str, Any]:
    """The answer at each address of the form to somebody who sends a text there."""
    sent = {"situation": TYPED, "seen-situation": "", "turn": "9", "sheet_key": "x"}
    wist = make.support("wist").key
    script = {"headers": SCRIPT}
    return {
        "step": client.post(address(case, "situation"), sent),
        "step by its draft key": client.post(f"/requests/{case.draft_key}/edit/situation/", sent),
        "take": client.post(address(case, "situation"), {**sent, "take": "situation"}),
        "by itself": client.post(address(case, "situation"), sent, **script),
        "step of another kind": client.post(address(case, "incident"), {"incident_place": TYPED}),
        "support": client.post(address(case, "support"), {"support": wist}),
        "documents": client.post(address(case, "documents"), {"letter": make.pdf("new.pdf")}),
        "a document alone": client.post(
            address(case, "documents"), {"letter": make.pdf("new.pdf")}, headers={"X-Part": "list"}
        ),
        "take off": client.post(
            address(case, "documents"), {"remove": case.attachments.first().pk}
        ),
    }


@pytest.mark.parametrize("state", CLOSED)
def test_a_request_that_was_submitted_cannot_be_written_at_any_address(state: str) -> None:
    case = make.request_in(state)
    client = signed_in(make.focal_point())
    before = as_stored(case)

    answers = every_way_to_write(client, case)

    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: 422 if name == "a document alone" else 409 for name in answers
    }
    assert as_stored(case) == before
    for name in ("step", "step by its draft key", "take", "step of another kind"):
        assert TYPED in page(answers[name])
        assert "What you typed was not saved." in page(answers[name])


@pytest.mark.parametrize("state", CLOSED)
def test_the_pages_of_the_form_lead_away_once_it_is_submitted(state: str) -> None:
    case = make.request_in(state)
    client = signed_in(make.focal_point())
    addresses = [reverse("requests:edit", args=[case.handle])]
    addresses += [address(case, key) for key in ("situation", "support", "documents", "check")]
    led = {client.get(one).headers["Location"] for one in addresses}
    assert led == {case.get_absolute_url()}


@pytest.mark.parametrize("state", [one for one in CLOSED if one != "submitted"])
def test_what_is_past_its_submission_cannot_be_submitted_again(state: str) -> None:
    case = make.request_in(state)
    client = signed_in(make.focal_point())
    before = as_stored(case)
    sent = {"version": case.version, "declared": "on"}

    at_check = client.post(address(case, "check"), sent)
    as_action = client.post(reverse("requests:action", args=[case.handle, "submit"]), sent)

    assert (at_check.status_code, as_action.status_code) == (409, 409)
    assert as_stored(case) == before


def test_beginning_again_with_the_key_of_a_submitted_request_changes_nothing_of_it() -> None:
    focal_point = make.focal_point()
    case = make.request_in("submitted", by=focal_point)
    before = as_stored(case)
    sent = {"support": make.support("wist").key, "draft_key": case.draft_key}

    answer = signed_in(focal_point).post(reverse("requests:new"), sent, follow=True)

    assert as_stored(case) == before
    assert SupportRequest.objects.count() == 1
    assert answer.redirect_chain[-1][0] == case.get_absolute_url()


@pytest.mark.parametrize("who", ["viewer", "other country", "agency", "officer", "stranger"])
def test_nobody_else_writes_a_draft_or_a_returned_request(who: str) -> None:
    cases = [make.draft(), make.request_in("returned")]
    person = {
        "viewer": make.party_viewer,
        "other country": lambda: make.focal_point(make.party("PER")),
        "agency": make.agency_officer,
        "officer": make.officer,
        "stranger": make.person,
    }[who]()
    client = signed_in(person)
    for case in cases:
        before = as_stored(case)
        answers = every_way_to_write(client, case)
        answers["check"] = client.post(address(case, "check"), {"declared": "on"})
        sees = who == "viewer" or (who == "officer" and case.reference)
        expected = 403 if sees else 404
        assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(
            answers, expected
        )
        assert as_stored(case) == before


# ── malformed ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("step", "field", "value", "sentence"),
    [
        ("timing", "needed_from", "0000-01-01", "Give the date as year-month-day, for example"),
        ("timing", "needed_from", "31/12/2015", "Give the date as year-month-day, for example"),
        ("timing", "needed_from", "0001-01-01", "Give a date between 1 July 1975 and"),
        ("timing", "needed_from", "9999-12-31", "Give a date between 1 July 1975 and"),
        ("contact", "contact_email", "somebody at home", "Give an address like name@example.org."),
        ("situation", "species", "x" * 1001, "Use at most 1000 characters (now 1001)."),
    ],
)
def test_a_malformed_answer_is_stored_as_typed_and_gets_its_sentence(
    step: str, field: str, value: str, sentence: str
) -> None:
    draft = make.draft()
    answer = Sheet(signed_in(make.focal_point()), draft, step).send(**{field: value})
    draft.refresh_from_db()
    assert answer.status_code == 200
    assert list(errors_at(answer)) == [field]
    assert errors_at(answer)[field][0].startswith(sentence)
    assert answer.context["form"][field].value() == value
    assert draft.answers[field] == value


@pytest.mark.parametrize(
    ("step", "field", "value", "sentence"),
    [
        ("situation", "situation", "\x00", "Null characters are not allowed."),
        ("situation", "situation", "x" * 60_000, "Use at most 4000 characters (now 60000)."),
        ("situation", "situation", "a" * 3_000_000, "Use at most 4000 characters (now 3000000)."),
        ("timing", "urgency", "at once", "Choose from the list."),
        ("contact", "language", "xx", "Choose from the list."),
    ],
)
@pytest.mark.parametrize("button", ["onwards", "leave", "back"])
def test_what_cannot_be_kept_stays_on_the_page_and_what_was_stored_stays_too(
    step: str, field: str, value: str, sentence: str, button: str
) -> None:
    draft = make.draft()
    before = as_stored(draft)
    answer = Sheet(signed_in(make.focal_point()), draft, step).send(button, **{field: value})
    assert answer.status_code == 200
    assert errors_at(answer) == {field: [sentence]}
    assert answer.context["form"][field].value() == value
    assert as_stored(draft) == before


@pytest.mark.parametrize(
    "marks",
    [
        {"turn": "x"}, {"turn": "-1"}, {"turn": "9" * 30}, {"sheet_key": "<b>"},
        {"sheet_key": "x" * 99}, {"seen-situation": "\x00"}, {"take": "nothing"},
    ],
)  # fmt: skip
def test_marks_that_somebody_has_tampered_with_do_no_harm(marks: dict[str, str]) -> None:
    draft = make.draft()
    client = signed_in(make.focal_point())
    sheet = Sheet(client, draft, "situation")
    answer = sheet.send(species="Elephants", **marks)
    assert answer.status_code in {200, 302, 409}
    draft.refresh_from_db()
    assert draft.answers["situation"] == make.ANSWERS["situation"]


def test_a_step_that_there_is_not_is_not_found() -> None:
    client, draft = signed_in(make.focal_point()), make.draft()
    for page_ in ("nowhere", "requests", "x" * 300):
        assert client.get(address(draft, page_)).status_code == 404
        assert client.post(address(draft, page_), {"situation": "x"}).status_code == 404


def test_without_a_kind_of_support_nothing_is_begun() -> None:
    client = signed_in(make.focal_point())
    make.support("gone", is_offered=False)
    for support in ("", "nothing", "gone", "9" * 40):
        answer = client.post(reverse("requests:new"), {"support": support})
        assert (answer.status_code, list(errors_at(answer))) == (200, ["support"])
    assert not SupportRequest.objects.exists()


def test_a_kind_of_support_that_is_no_longer_offered_stays_with_its_request() -> None:
    client, draft = signed_in(make.focal_point()), make.draft()
    draft.support.is_offered = False
    draft.support.save()
    shown = client.get(address(draft, "support"))
    assert fields_of(shown)["support"] == draft.support.key
    assert client.post(address(draft, "support"), fields_of(shown)).status_code == 302


# ── withdrawing ──────────────────────────────────────────────────────────────────────────────


def test_a_link_withdraws_nothing_and_withdrawing_twice_gets_a_sentence() -> None:
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())
    where = reverse("requests:action", args=[case.handle, "withdraw"])

    client.get(where)
    assert as_stored(case)[0] == "submitted"
    sent = {"version": case.version, "reason": "Solved otherwise."}
    answers = [client.post(where, sent) for _click in "12"]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert "the present state is already “withdrawn”" in page(answers[1])
    assert "Solved otherwise." in page(answers[1])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbad", "multipart/form-data; boundary=x"),
        (b'{"situation": "x"}', "application/json"),
        (b"onwards=1", "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_a_page_that_did_not_arrive_whole_is_said_so(
    body: bytes, content_type: str, headers: dict[str, str]
) -> None:
    draft = make.draft()
    client, where = signed_in(draft.created_by), address(draft, "situation")
    answer = client.post(where, body, content_type=content_type, headers=headers)
    assert answer.status_code == 400
    assert "The page did not arrive whole. Nothing was changed: send it once more." in page(answer)
    version = draft.version
    draft.refresh_from_db()
    assert draft.version == version
