"""Lists of requests and referrals, and the inbox of an agency."""

import pytest
from django.urls import reverse

from requests_app.models import Referral, SupportRequest
from tests import make
from tests.reading_pages import page, signed_in, table_rows

pytestmark = pytest.mark.django_db


def test_the_list_is_filtered_by_state_and_pages_backwards(monkeypatch):
    monkeypatch.setattr("requests_app.views.paging.PAGE", 2)
    drafts = [make.draft() for _each in range(3)]
    sent = make.request_in("submitted")
    client = signed_in(make.focal_point())

    first = client.get(reverse("requests:list"), {"state": "draft"})
    second = client.get(
        reverse("requests:list"), {"state": "draft", "before": first.context["older"]}
    )
    unfiltered = client.get(reverse("requests:list"))

    assert [row[0] for row in table_rows(first, "requests")] == [
        drafts[2].handle, drafts[1].handle
    ]  # fmt: skip
    assert [row[0] for row in table_rows(second, "requests")] == [drafts[0].handle]
    assert table_rows(unfiltered, "requests")[0][0] == sent.handle
    assert client.get(reverse("requests:list"), {"state": "gone", "before": "x"}).status_code == 200


@pytest.mark.parametrize("address", ["requests:list", "inbox:list"])
def test_a_list_asks_as_few_questions_for_sixty_rows_as_for_ten(
    address, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("requests_app.views.paging.PAGE", 100)
    client = signed_in(make.agency_officer())
    client.get(reverse(address))  # the first page of a session notes that it was seen
    counts = []
    for rows in (10, 60):
        while Referral.objects.count() < rows:
            make.referral()
        with django_assert_max_num_queries(12) as asked:
            assert len(client.get(reverse(address)).context["rows"]) == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_officer_answers_a_referral_in_the_inbox():
    wco = make.agency("WCO")
    case = make.request_in("referred", agencies=("WCO", "INTERPOL"))
    referral = case.referrals.get(agency=wco)
    client = signed_in(make.agency_officer(wco))

    assert [row[0] for row in table_rows(client.get(reverse("inbox:list")), "referrals")] == [
        case.handle
    ]
    read = client.get(referral.get_absolute_url())
    assert [one.action for one in read.context["actions"]] == [
        "accept", "decline", "ask", "send_document",
    ]  # fmt: skip
    accepted = client.post(
        reverse("inbox:action", args=[referral.pk, "accept"]),
        {"version": referral.version, "comment": "Two trainers in May."},
        follow=True,
    )

    referral.refresh_from_db()
    assert (referral.state, referral.answer) == ("accepted", "Two trainers in May.")
    assert "Two trainers in May." in page(accepted)


def test_reading_an_action_page_changes_nothing():
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())

    client.get(reverse("requests:action", args=[case.handle, "withdraw"]))
    client.get(reverse("requests:edit", args=[case.handle]))
    client.get(reverse("requests:new"))

    case.refresh_from_db()
    assert (case.state, SupportRequest.objects.count()) == ("submitted", 1)
