"""What bad input gets on the page of an action: a sentence, everything typed kept, never a 500.

Of the form: test_form_refusals.py. Of files: test_upload_limits.py and test_documents_step.py.
"""

import pytest
from django.urls import reverse

from tests import make
from tests.reading_pages import errors_at, page, signed_in

pytestmark = pytest.mark.django_db


def test_a_second_click_on_an_action_is_told_the_present_state_and_changes_nothing():
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())
    address = reverse("requests:action", args=[case.handle, "withdraw"])
    sent = {"version": case.version, "reason": "Solved otherwise."}

    answers = [client.post(address, sent) for _ in "12"]

    case.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 409]
    assert (
        "“Withdraw the request” is not needed: the present state is already “withdrawn”."
        in page(answers[1])
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
    assert "This was changed in the meantime." in page(stale)
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
