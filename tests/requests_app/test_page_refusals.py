"""What bad input gets on the pages: a sentence at the field, everything typed kept, never a 500."""

import pytest
from django.urls import reverse

from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from tests.requests_app.test_pages import typed

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("needed_from", "0000-01-01", "Give the date as year-month-day, for example 2015-12-31."),
        ("needed_from", "31/12/2015", "Give the date as year-month-day, for example 2015-12-31."),
        ("needed_from", "0001-01-01", "Give a date between 1 July 1975 and"),
        ("needed_from", "9999-12-31", "Give a date between 1 July 1975 and"),
        ("contact_email", "somebody at home", "Give an address like name@example.org."),
        ("species", "x" * 1001, "Use at most 1000 characters (now 1001)."),
        ("situation", "\x00", "Null characters are not allowed."),
    ],
)
def test_a_malformed_answer_gets_a_sentence_at_its_field_and_the_rest_is_saved(
    field, value, sentence
):
    client = signed_in(make.focal_point())
    draft = make.draft()

    answer = client.post(
        reverse("requests:edit", args=[draft.handle]),
        typed(version=draft.version, save="1", **{"objective": "A new objective.", field: value}),
    )

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert [*errors_at(answer)] == [field]
    assert errors_at(answer)[field][0].startswith(sentence)
    assert answer.context["form"][field].value() == value
    assert draft.answers["objective"] == "A new objective."
    assert draft.answers.get(field) == make.ANSWERS.get(field)


def test_without_a_kind_of_support_nothing_is_stored_and_everything_typed_stands():
    client = signed_in(make.focal_point())

    answer = client.post(reverse("requests:new"), typed(support="999999999999999999999"))

    assert list(errors_at(answer)) == ["support"]
    assert make.ANSWERS["situation"] in page(answer)
    assert not SupportRequest.objects.exists()


def test_a_second_click_on_an_action_is_told_the_present_state_and_changes_nothing():
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())
    address = reverse("requests:action", args=[case.handle, "withdraw"])
    sent = {"version": case.version, "reason": "Solved otherwise."}

    answers = [client.post(address, sent) for _ in "12"]

    case.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "“Withdraw the request” cannot be done now: the present state is “withdrawn”." in page(
        answers[1]
    )
    assert "What you typed Reason Solved otherwise." in page(answers[1])
    assert (case.state, case.version) == ("withdrawn", sent["version"] + 1)


def test_an_action_from_a_stale_page_comes_back_with_everything_typed_and_then_goes_through():
    case = make.request_in("in_review")
    client = signed_in(make.the_officer())
    address = reverse("requests:action", args=[case.handle, "advise"])
    sent = {"version": case.version - 1, "advice": "Write to the focal point."}

    stale = client.post(address, sent)
    again = client.post(address, {**sent, "version": stale.context["form"]["version"].value()})

    assert (stale.status_code, again.status_code) == (409, 302)
    assert "This was changed by somebody else in the meantime." in page(stale)
    assert "Write to the focal point." in page(stale)


def test_an_action_page_for_what_is_not_allowed_says_so():
    case = make.request_in("submitted")
    country = signed_in(make.focal_point())

    def status(client, action: str) -> int:
        return client.get(reverse("requests:action", args=[case.handle, action])).status_code

    found = {action: status(country, action) for action in ("withdraw", "submit", "accept", "fly")}
    assert found == {"withdraw": 200, "submit": 409, "accept": 403, "fly": 404}
    viewer = signed_in(make.party_viewer())
    posted = viewer.post(
        reverse("requests:action", args=[case.handle, "withdraw"]),
        {"version": case.version, "reason": "Mischief."},
    )
    case.refresh_from_db()
    assert (posted.status_code, case.state) == (403, "submitted")


def test_missing_words_of_an_action_are_asked_for_at_their_fields():
    case = make.request_in("in_review")
    client = signed_in(make.the_lead())
    address = reverse("requests:action", args=[case.handle, "accept"])

    nothing = client.post(address, {"version": case.version})
    tampered = client.post(
        address,
        {"version": "x", "lead_agency": "nobody", "decision": " ", "funding_known": "perhaps"},
    )

    assert errors_at(nothing) == {
        name: ["This needs an answer."] for name in ("lead_agency", "decision", "funding_known")
    }
    assert set(errors_at(tampered)) == {"version", "lead_agency", "decision", "funding_known"}


def test_an_answer_of_three_megabytes_gets_its_sentence_and_stays_on_the_page():
    client = signed_in(make.focal_point())
    text = "a" * (3 * MIB)

    answer = client.post(reverse("requests:new"), typed(save="1", asked=text))

    assert answer.status_code == 200
    assert set(errors_at(answer)) == {"asked"}
    assert text in answer.content.decode()
    assert SupportRequest.objects.get().answers["situation"] == make.ANSWERS["situation"]
