"""The session has ended while somebody was typing: sign in again and the text is back."""

import time
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from partners import kept_text
from partners.models import User
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.writing import SCRIPT, Sheet, address, fields_of, mark_of

pytestmark = pytest.mark.django_db

TEXT = "Typed after the session had ended <b>&</b>."


def sign_in(client: Client, user: User, answer: Any) -> Any:
    """On the sign-in page to which an answer leads; the page that follows."""
    where = answer.headers["Location"]
    assert where.startswith(reverse("account_login"))
    html = client.get(where).content.decode()
    onwards = unescape(html.partition('name="next" value="')[2].partition('"')[0])
    sent = {"login": user.email, "password": make.PASSWORD, "next": onwards}
    return client.post(where, sent, follow=True)


def ended(client: Client) -> Client:
    """The same browser; its session is over."""
    Session.objects.all().delete()
    return client


@pytest.fixture
def focal_point() -> User:
    return make.focal_point()


@pytest.fixture
def draft(focal_point: User) -> SupportRequest:
    return make.draft(focal_point)


@pytest.fixture
def sheet(focal_point: User, draft: SupportRequest) -> Sheet:
    return Sheet(signed_in(focal_point), draft, "situation", "?then=check")


def test_what_was_typed_is_on_the_page_after_signing_in_again(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    ended(sheet.client)

    sent = sheet.send(situation=TEXT)
    assert "Sign in again: what you typed is kept for an hour." in page(
        sheet.client.get(sent.headers["Location"])
    )
    back = sign_in(sheet.client, focal_point, sent)

    draft.refresh_from_db()
    assert back.redirect_chain[-1][0] == sheet.url
    assert back.context["form"]["situation"].value() == TEXT
    assert "It is not saved yet." in page(back)
    assert draft.answers["situation"] == make.ANSWERS["situation"]

    saved = sheet.client.post(sheet.url, {**fields_of(back), "onwards": "1"})
    draft.refresh_from_db()
    assert saved.headers["Location"] == address(draft, "check")
    assert draft.answers["situation"] == TEXT
    assert "It is not saved yet." not in page(sheet.client.get(sheet.url))


def test_kept_text_is_merged_with_what_a_colleague_wrote_meanwhile(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    ended(sheet.client)
    sent = sheet.send(situation=TEXT)
    Sheet(signed_in(make.contributor()), draft, "situation").send(situation="A colleague's.")

    back = sign_in(sheet.client, focal_point, sent)
    clash = sheet.client.post(sheet.url, {**fields_of(back), "onwards": "1"})

    draft.refresh_from_db()
    assert clash.status_code == 409
    assert draft.answers["situation"] == "A colleague's."
    assert clash.context["form"]["situation"].value() == TEXT


def test_two_texts_are_still_two_after_signing_in_again(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    Sheet(signed_in(make.contributor()), draft, "situation").send(situation="A colleague's.")
    sheet.send(situation=TEXT)
    ended(sheet.client)

    back = sign_in(sheet.client, focal_point, sheet.send("back"))

    assert [clash.key for clash in back.context["conflicts"]] == ["situation"]
    assert "It is not saved yet." in page(back)
    assert "A colleague's." in page(back)
    assert "data-step" not in back.content.decode()  # nothing is saved by itself


@pytest.mark.parametrize("who", ["viewer", "other country", "officer"])
def test_kept_text_is_shown_to_nobody_who_may_not_write_there(sheet: Sheet, who: str) -> None:
    person = {
        "viewer": make.party_viewer,
        "other country": lambda: make.focal_point(make.party("PER")),
        "officer": make.officer,
    }[who]()
    ended(sheet.client)
    answer = sign_in(sheet.client, person, sheet.send(situation=TEXT))
    assert answer.status_code == (403 if who == "viewer" else 404)
    assert "Typed after" not in answer.content.decode()


def test_text_is_kept_for_an_hour_and_for_its_own_page_alone(
    sheet: Sheet, draft: SupportRequest, focal_point: User, monkeypatch: Any
) -> None:
    ended(sheet.client)
    sign_in(sheet.client, focal_point, sheet.send(situation=TEXT))

    def is_there(where: str) -> bool:
        return "Typed after" in sheet.client.get(where).content.decode()

    assert (is_there(address(draft, "help")), is_there(sheet.url)) == (False, True)
    in_an_hour = time.time() + kept_text.AN_HOUR + 1
    monkeypatch.setattr("partners.kept_text.time.time", lambda: in_an_hour)
    assert not is_there(sheet.url)


def test_kept_text_of_a_request_that_was_submitted_meanwhile_can_be_copied(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    ended(sheet.client)
    sent = sheet.send(situation=TEXT)
    make.submit(draft, by=focal_point)

    back = sign_in(sheet.client, focal_point, sent)

    assert back.status_code == 409
    assert "can no longer be edited" in page(back)
    assert "Typed after the session had ended" in page(back)


def test_a_script_that_saves_by_itself_is_told_and_nothing_is_kept(
    sheet: Sheet, focal_point: User
) -> None:
    ended(sheet.client)
    answer = sheet.save_by_itself(situation=TEXT)
    assert (answer.status_code, answer.content) == (401, b"")
    sheet.client.force_login(focal_point)
    assert "Typed after" not in sheet.client.get(sheet.url).content.decode()


def test_too_much_to_be_kept_is_shown_to_be_copied(sheet: Sheet) -> None:
    ended(sheet.client)
    answer = sheet.send(situation=TEXT + "x" * kept_text.LONGEST)
    assert answer.status_code == 401
    assert "Copy what you typed" in page(answer)
    assert TEXT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in (
        answer.content.decode()
    )


def test_strangers_do_not_fill_the_database(sheet: Sheet, monkeypatch: Any) -> None:
    monkeypatch.setattr("partners.kept_text.MOST_AN_HOUR", 2)
    answers = [Client().post(sheet.url, sheet.fields).status_code for _each in "123"]
    assert answers == [302, 302, 401]


def test_the_words_of_an_action_are_back_too(focal_point: User) -> None:
    case = make.request_in("submitted", by=focal_point)
    client = signed_in(focal_point)
    where = reverse("requests:action", args=[case.handle, "withdraw"])
    opened = fields_of(client.get(where))
    ended(client)

    sent = client.post(where, {**opened, "reason": "Solved otherwise."})
    back = sign_in(client, focal_point, sent)

    case.refresh_from_db()
    assert case.state == "submitted"
    assert back.context["form"]["reason"].value() == "Solved otherwise."
    assert "It is not saved yet." in page(back)


@pytest.mark.parametrize("what", ["a message", "an answer", "a decision of an agency"])
def test_words_that_were_sent_are_not_offered_again(focal_point: User, what: str) -> None:
    case = make.request_in("referred", by=focal_point)
    referral = case.referrals.get()
    where, button, sender = {
        "a message": (reverse("requests:action", args=[case.handle, "write"]), "", focal_point),
        "an answer": (make.conversation(case).get_absolute_url(), "actions/reply/", focal_point),
        "a decision of an agency": (
            reverse("inbox:action", args=[referral.pk, "accept"]),
            "",
            make.agency_officer(referral.agency),
        ),
    }[what]
    client = signed_in(sender)
    opened, where = fields_of(client.get(where)), where + button
    ended(client)

    typed = {"subject": "Ports", "text": TEXT, "comment": TEXT}
    back = sign_in(client, sender, client.post(where, {**opened, **typed}))
    assert "Typed after" in page(back)
    assert client.post(where, {**fields_of(back), **typed}).status_code == 302

    again = page(client.get(where))
    assert ("Typed after" in again, "It is not saved yet." in again) == (False, False)


def test_what_was_typed_on_several_pages_is_kept_for_each(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    other = Sheet(sheet.client, draft, "timing")
    ended(sheet.client)
    sheet.send(situation=TEXT)
    back = sign_in(sheet.client, focal_point, other.send(urgency_reason="The trial begins."))
    assert back.context["form"]["urgency_reason"].value() == "The trial begins."
    back = sheet.client.get(sheet.url)
    assert back.context["form"]["situation"].value() == TEXT


def test_of_too_many_pages_the_oldest_is_given_up(
    sheet: Sheet, draft: SupportRequest, focal_point: User, monkeypatch: Any
) -> None:
    other = Sheet(sheet.client, draft, "timing")
    ended(sheet.client)
    sheet.send(situation=TEXT + "x" * 3000)
    monkeypatch.setattr("partners.kept_text.LONGEST", 5000)
    sign_in(sheet.client, focal_point, other.send(urgency_reason="x" * 3000))
    assert "x" * 3000 in sheet.client.get(other.url).content.decode()
    assert "Typed after" not in sheet.client.get(sheet.url).content.decode()


def test_a_colleague_at_the_same_computer_is_not_shown_what_another_typed(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    colleague = make.contributor()
    ended(sheet.client)
    back = sign_in(sheet.client, colleague, sheet.send(situation=TEXT))
    assert back.status_code == 200
    assert back.context["form"]["situation"].value() == make.ANSWERS["situation"]
    assert "It is not saved yet." not in page(back)


@pytest.mark.parametrize("mark", ["", "1", "1:forged"])
def test_text_of_nobody_in_particular_is_shown_to_be_copied_and_not_kept(
    sheet: Sheet, focal_point: User, mark: str
) -> None:
    ended(sheet.client)
    answer = sheet.send(situation=TEXT, **{kept_text.WRITER: mark})
    assert (answer.status_code, "Copy what you typed" in page(answer)) == (401, True)
    sheet.client.force_login(focal_point)
    assert "Typed after" not in sheet.client.get(sheet.url).content.decode()


def test_what_a_script_saved_after_signing_in_again_replaces_what_was_kept(
    sheet: Sheet, draft: SupportRequest, focal_point: User
) -> None:
    ended(sheet.client)
    back = sign_in(sheet.client, focal_point, sheet.send(situation=TEXT))
    sheet.fields = fields_of(back)
    assert sheet.save_by_itself(situation="Better words.").status_code == 200
    again = sheet.client.get(sheet.url)
    assert again.context["form"]["situation"].value() == "Better words."
    assert "It is not saved yet." not in page(again)


def test_a_choice_on_the_first_page_is_back_too(focal_point: User) -> None:
    make.support("wist")
    client = signed_in(focal_point)
    mark = mark_of(client.get(reverse("requests:new")))
    ended(client)
    sent = client.post(reverse("requests:new"), {"support": "wist", **mark})
    back = sign_in(client, focal_point, sent)
    assert back.context["form"]["support"].value() == "wist"
    assert not SupportRequest.objects.exists()


def test_an_unsigned_script_is_not_led_to_the_sign_in_page(draft: SupportRequest) -> None:
    for where in (address(draft, "situation"), reverse("requests:edit", args=[draft.handle])):
        assert Client().get(where, headers=SCRIPT).status_code == 401


# ── files are not kept ───────────────────────────────────────────────────────────────────────

NOT_SENT = "The file was not sent. Choose it again."


def test_a_document_that_was_sent_after_the_session_had_ended_is_said_to_be_lost(
    draft: SupportRequest, focal_point: User
) -> None:
    client, where = signed_in(focal_point), address(draft, "documents")
    mark = mark_of(client.get(where))
    ended(client)

    sent = client.post(where, {**mark, "others": make.pdf("map.pdf"), "onwards": "1"})
    assert NOT_SENT in page(client.get(sent.headers["Location"]))
    back = sign_in(client, focal_point, client.post(where, {**mark, "others": make.pdf("b.pdf")}))

    assert back.redirect_chain[-1][0] == where
    assert NOT_SENT in page(back)
    assert "what you typed is kept" not in page(back)
    assert NOT_SENT not in page(client.get(where))
    assert draft.attachments.count() == 1


def test_a_letter_that_was_sent_after_the_session_had_ended_is_said_to_be_lost(
    focal_point: User,
) -> None:
    case = make.draft(focal_point, support_key="wist", letter=False)
    make.submit(case, by=focal_point)
    client = signed_in(focal_point)
    where = reverse("requests:action", args=[case.handle, "send_letter"])
    shown = client.get(where)
    ended(client)

    back = sign_in(client, focal_point, client.post(where, {
        **fields_of(shown), "letter": make.pdf(),
    }))  # fmt: skip

    assert NOT_SENT in page(back)
    assert "It is not saved yet." not in page(back)
    assert not case.attachments.exists()


def test_a_script_that_sends_a_file_is_told_and_keeps_it(draft: SupportRequest) -> None:
    answer = Client().post(
        address(draft, "documents"), {"others": make.pdf()}, headers={"X-Part": "list"}
    )
    assert answer.status_code == 401
