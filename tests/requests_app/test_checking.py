"""The check before the submission, the submission itself and its confirmation."""

from typing import Any

import pytest
from django.urls import reverse

from partners.models import Mandate
from requests_app import drafts
from requests_app.models import Attachment, SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.writing import Sheet, address, write
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def gaps_of(response: Any) -> list[tuple[str, str]]:
    return [(gap.key, gap.sentence) for gap in response.context["gaps"].rows]


def test_the_check_links_to_each_gap() -> None:
    client = signed_in(make.focal_point())
    draft = make.draft(letter=False, situation="", contact_email="no address", urgency="high")

    shown = client.get(address(draft, "check"))

    assert gaps_of(shown) == [
        ("situation", "Answer this question before you submit."),
        ("urgency_reason", "Say why it is urgent."),
        ("contact_email", "Give an address like name@example.org."),
        ("letter", "Attach the signed letter."),
    ]
    for step, field in [
        ("situation", "situation"), ("timing", "urgency_reason"), ("contact", "contact_email"),
        ("documents", "letter"),
    ]:  # fmt: skip
        link = f"{address(draft, step)}?then=check#id_{field}"
        assert f'href="{link}"' in shown.content.decode()
        assert f'id="id_{field}"' in client.get(link).content.decode()


def test_a_blank_submission_comes_back_with_everything_that_is_missing() -> None:
    client = signed_in(make.focal_point())
    make.support()
    client.post(reverse("requests:new"), {"support": "basic_training"})
    draft = SupportRequest.objects.get()

    answers = [
        Sheet(client, draft, "check").send(),
        client.post(address(draft, "check"), {}),
        client.post(reverse("requests:action", args=[draft.handle, "submit"]), follow=True),
    ]

    draft.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [len(gaps_of(answer)) for answer in answers] == [7] * 3
    assert "The request was not submitted" in page(answers[0])
    assert "Declaration – Tick the box to confirm this." in page(answers[0])
    assert (draft.state, draft.reference) == ("draft", None)


def test_without_the_declaration_nothing_is_submitted() -> None:
    client = signed_in(make.focal_point())
    draft = make.draft()
    answer = Sheet(client, draft, "check").send()
    draft.refresh_from_db()
    assert (answer.status_code, draft.state) == (200, "draft")
    assert 'href="#id_declared"' in answer.content.decode()


def test_a_second_click_lands_on_the_confirmation_and_submits_nothing_more() -> None:
    client = signed_in(make.focal_point())
    draft = make.draft()
    check = Sheet(client, draft, "check")

    answers = [check.send(declared="on") for _click in "12"]

    draft.refresh_from_db()
    confirmed = reverse("requests:submitted", args=[draft.reference])
    assert [answer.headers["Location"] for answer in answers] == [confirmed] * 2
    assert draft.versions.count() == 1


def test_what_a_colleague_stored_after_the_check_was_opened_is_shown_before_it_is_sent() -> None:
    client = signed_in(make.focal_point())
    draft = make.draft()
    check = Sheet(client, draft, "check")
    write(signed_in(make.contributor()), draft, "situation", situation="Through Mombasa.")

    stale = check.send(declared="on")
    draft.refresh_from_db()

    assert (stale.status_code, draft.state) == (409, "draft")
    said = page(stale)
    assert "The request was changed after you opened this page" in said
    assert "What happens, and what has been done about it? (Contributor, Kenya," in said
    assert "Through Mombasa." in said
    assert not stale.context["form"]["declared"].value()
    assert check.send(declared="on").status_code == 302


def test_a_file_attached_after_the_check_was_opened_is_shown_before_it_is_sent() -> None:
    focal_point = make.focal_point()
    client = signed_in(focal_point)
    draft = make.draft()
    check = Sheet(client, draft, "check")
    kind = Attachment.AttachmentKind.OTHER
    drafts.attach(draft, make.pdf("map.pdf"), kind, by=make.contributor())

    stale = check.send(declared="on")

    assert stale.status_code == 409
    assert "check them again, then submit. Documents Step" in page(stale)
    assert "map.pdf" in page(stale)


def test_a_contributor_reads_who_submits_and_cannot() -> None:
    focal_point = make.focal_point()
    draft = make.draft(focal_point)
    client = signed_in(make.contributor())

    shown = client.get(address(draft, "check"))
    answer = client.post(address(draft, "check"), {"version": draft.version, "declared": "on"})

    draft.refresh_from_db()
    assert f"This is: Focal point, Kenya ({focal_point.email})" in page(shown)
    assert "Submit the request" not in page(shown)
    assert (answer.status_code, draft.state) == (403, "draft")
    assert "You are not entitled to do this." in page(answer)


def test_where_there_is_no_focal_point_the_contributor_is_told_whom_to_ask() -> None:
    draft = make.draft()
    Mandate.objects.filter(role="focal_point").delete()
    shown = page(signed_in(make.contributor()).get(address(draft, "check")))
    assert "At present your country has none" in shown


def test_the_confirmation_says_what_follows_and_gives_the_copy() -> None:
    client = signed_in(make.focal_point())
    case = make.request_in("submitted")

    shown = client.get(reverse("requests:submitted", args=[case.draft_key]), follow=True)

    said = page(shown)
    assert shown.redirect_chain == [(f"/requests/{case.reference}/submitted/", 302)]
    assert f"Your reference {case.reference}" in said
    assert "No date is promised" in said
    assert reverse("requests:copy_pdf", args=[case.reference, 1]) in shown.content.decode()
    assert "Send the signed letter" not in said


def test_the_confirmation_reminds_of_a_letter_that_may_follow() -> None:
    client = signed_in(make.focal_point())
    case = make.draft(support_key="wist", letter=False)
    make.submit(case, by=make.focal_point())
    shown = page(client.get(reverse("requests:submitted", args=[case.reference])))
    assert "The signed letter is not there yet." in shown


@pytest.mark.parametrize("state", ["draft", "in_review", "returned", "declined", "withdrawn"])
def test_there_is_no_confirmation_of_what_is_not_just_submitted(state: str) -> None:
    case = make.request_in(state)
    client = signed_in(make.focal_point())
    answer = client.get(reverse("requests:submitted", args=[case.handle]))
    assert answer.headers["Location"] == case.get_absolute_url()


def test_the_confirmation_is_for_the_country_alone() -> None:
    case = make.request_in("submitted")
    address_ = reverse("requests:submitted", args=[case.reference])
    officer = signed_in(make.the_officer()).get(address_)
    stranger = signed_in(make.focal_point(make.party("PER"))).get(address_)
    assert officer.headers["Location"] == case.get_absolute_url()
    assert stranger.status_code == 404


def test_a_returned_request_is_submitted_again_as_its_next_version() -> None:
    client = signed_in(make.focal_point())
    case = make.request_in("in_review")
    perform("return", case, by=make.the_officer(), data={"to_correct": "Name it.", "remarks": {}})
    write(client, case, "situation", situation="Through Mombasa.")
    Sheet(client, case, "check").send(declared="on")
    case.refresh_from_db()
    assert (case.state, case.versions.count(), case.to_correct) == ("submitted", 2, "")
