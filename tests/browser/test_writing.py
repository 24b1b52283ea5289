"""A step of the form while it is being written, in a real browser: saved by itself, without a
connection, by two at a time, after the session has ended, by keyboard alone, without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from partners.models import Party, User
from requests_app.models import SupportRequest
from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
Visit = Callable[..., Page]
FIELD, STATE = "#id_situation", "#save-state"


@pytest.fixture
def kenya(reference_data: None) -> Party:
    return Party.objects.get(code="KEN")


@pytest.fixture
def draft(kenya: Party) -> SupportRequest:
    return make.draft(make.focal_point(kenya), kenya, situation="As it was.")


def open_step(page: Page, draft: SupportRequest, step: str = "situation") -> str:
    path = f"/requests/{draft.handle}/edit/{step}/"
    page.goto(path)
    return path


def stored(draft: SupportRequest) -> str:
    draft.refresh_from_db()
    return draft.answers["situation"]


def says(page: Page, words: str) -> None:
    expect(page.locator(STATE)).to_contain_text(words, timeout=10_000)


def test_what_is_typed_is_saved_by_itself_and_nothing_is_asked_on_leaving(
    visit: Visit, draft: SupportRequest
) -> None:
    page = visit(draft.created_by)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.type) or dialog.accept())
    open_step(page, draft)

    page.locator(FIELD).press_sequentially("Now: ")
    says(page, "Not saved yet")
    says(page, "Saved at")
    assert stored(draft).startswith("Now: ") or stored(draft).endswith("Now: ")
    first = stored(draft)
    page.locator(FIELD).press_sequentially("more")
    expect(page.locator(STATE)).to_have_attribute("data-kind", "typing")
    says(page, "Saved at")

    assert stored(draft) != first
    assert page.inner_text("#save-said").startswith("Saved at")  # told once to who listens
    page.goto("/requests/")
    assert complaints == []


def test_leaving_with_unsaved_text_is_asked_about(visit: Visit, draft: SupportRequest) -> None:
    page = visit(draft.created_by)
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    open_step(page, draft)
    page.locator(FIELD).press_sequentially("x")
    page.click(".site-nav a[href='/contact/']")
    page.wait_for_url("**/contact/")
    assert asked == ["beforeunload"]


def test_without_a_connection_the_text_stays_and_is_sent_again_by_itself(
    visit: Visit, draft: SupportRequest
) -> None:
    page = visit(draft.created_by)
    path = open_step(page, draft)
    page.context.set_offline(True)

    page.fill(FIELD, "Typed without a connection.")
    says(page, "Not saved: no connection.")
    page.click("button[name=onwards]")  # no page of the browser's own takes the place of this one
    expect(page.locator(STATE)).to_have_attribute("data-kind", "lost")
    says(page, "Not saved: no connection.")
    assert page.url.endswith(path)
    assert page.input_value(FIELD) == "Typed without a connection."
    assert stored(draft) == "As it was."

    page.context.set_offline(False)
    says(page, "Saved at")
    assert stored(draft) == "Typed without a connection."
    page.click("button[name=onwards]")
    page.wait_for_url("**/edit/training/")


def test_two_at_a_time_see_both_texts_and_take_either(
    visit: Visit, draft: SupportRequest, kenya: Party
) -> None:
    first, second = visit(draft.created_by), visit(make.contributor(kenya), width=360)
    path = open_step(first, draft)
    open_step(second, draft)

    first.fill(FIELD, "By the first.")
    says(first, "Saved at")
    second.fill(FIELD, "By the second.")
    says(second, "was changed by a colleague meanwhile")
    second.click("button[name=onwards]")
    second.wait_for_selector(".both-texts")

    assert second.url.endswith(path)
    assert second.input_value(FIELD) == "By the second."
    assert "By the first." in second.inner_text(".stored")
    assert "Focal point, Kenya" in second.inner_text(".stored")
    second.click("button[name=take]")
    expect(second.locator(FIELD)).to_have_value("By the first.")
    second.fill(FIELD, "By both.")
    second.click("button[name=onwards]")
    second.wait_for_url("**/edit/training/")
    assert stored(draft) == "By both."


@pytest.mark.parametrize("javascript", [True, False])
def test_after_the_session_has_ended_the_text_is_back(
    visit: Visit, draft: SupportRequest, javascript: bool
) -> None:
    page = visit(draft.created_by, javascript=javascript)
    path = open_step(page, draft)
    Session.objects.all().delete()

    page.fill(FIELD, "Typed after the session had ended.")
    if javascript:
        says(page, "Not saved: you are signed out.")
    page.click("button[name=onwards]")
    page.wait_for_url("**/account/login/**")
    assert "what you typed is kept for an hour" in page.inner_text("main")
    page.fill("#id_login", draft.created_by.email)
    page.fill("#id_password", make.PASSWORD)
    page.click("main form button:not([value])")
    page.wait_for_url(f"**{path}")

    assert page.input_value(FIELD) == "Typed after the session had ended."
    assert "It is not saved yet." in page.inner_text("main")
    assert stored(draft) == "As it was."
    page.click("button[name=onwards]")
    page.wait_for_url("**/edit/training/")
    assert stored(draft) == "Typed after the session had ended."


def sign_in_elsewhere(page: Page, person: User) -> None:
    """In another window of the same browser, which gets a new token with it."""
    page.context.clear_cookies(name="sessionid")
    other = page.context.new_page()
    other.goto("/account/login/")
    other.fill("#id_login", person.email)
    other.fill("#id_password", make.PASSWORD)
    other.click("main form button")
    other.wait_for_url(lambda address: "login" not in address)
    other.close()


def test_after_signing_in_again_in_another_window_the_page_goes_on_saving(
    visit: Visit, draft: SupportRequest
) -> None:
    page = visit(draft.created_by)
    open_step(page, draft)
    sign_in_elsewhere(page, draft.created_by)
    page.fill(FIELD, "Typed with the old token.")
    says(page, "Saved at")
    assert stored(draft) == "Typed with the old token."

    sign_in_elsewhere(page, draft.created_by)
    page.fill(FIELD, "And sent with a button.")
    page.click("button[name=onwards]")
    page.wait_for_url("**/edit/training/")
    assert stored(draft) == "And sent with a button."


def test_nothing_is_sent_in_the_name_of_somebody_else_who_signed_in_meanwhile(
    visit: Visit, draft: SupportRequest, kenya: Party
) -> None:
    page = visit(draft.created_by)
    open_step(page, draft)
    sign_in_elsewhere(page, make.contributor(kenya))
    page.fill(FIELD, "Typed by the first.")
    says(page, "Not saved: the portal could not take it. Your text is still on this page")
    page.click("button[name=onwards]")
    expect(page.get_by_text("It was not saved. Copy it")).to_be_visible()
    expect(page.locator("textarea[readonly]")).to_have_value("Typed by the first.")
    assert stored(draft) == "As it was."


def test_a_step_is_written_by_keyboard_alone(visit: Visit, draft: SupportRequest) -> None:
    page = visit(draft.created_by)
    open_step(page, draft, "contact")
    page.focus("#id_contact_office")

    page.keyboard.press("Control+A")
    page.keyboard.type("Head of the Authority")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("no address")
    page.keyboard.press("Enter")  # as "Save and continue", not as "Back"
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_contact_email"
    page.keyboard.press("Control+A")
    page.keyboard.type("office@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/documents/")

    draft.refresh_from_db()
    assert draft.answers["contact_office"] == "Head of the Authority"
    assert draft.answers["contact_email"] == "office@example.org"


def test_without_javascript_every_button_saves(visit: Visit, draft: SupportRequest) -> None:
    page = visit(draft.created_by, javascript=False)
    led: dict[str, Any] = {}
    for button in ("onwards", "leave", "back"):
        open_step(page, draft)
        page.fill(FIELD, f"Saved by {button}.")
        page.click(f"button[name={button}]")
        led[button] = (page.url.partition("/edit/")[2], stored(draft))
    assert led == {
        "onwards": ("training/", "Saved by onwards."),
        "leave": ("", "Saved by leave."),
        "back": ("support/", "Saved by back."),
    }


@pytest.mark.parametrize("button", ["leave", "back"])
def test_with_javascript_the_other_buttons_save_too(
    visit: Visit, draft: SupportRequest, button: str
) -> None:
    page = visit(draft.created_by)
    open_step(page, draft)
    page.fill(FIELD, f"Saved by {button}.")
    page.click(f"button[name={button}]")
    page.wait_for_url("**/edit/" if button == "leave" else "**/edit/support/")
    assert stored(draft) == f"Saved by {button}."


def test_a_malformed_answer_comes_back_with_its_sentence(
    visit: Visit, draft: SupportRequest
) -> None:
    page = visit(draft.created_by)
    open_step(page, draft, "contact")
    page.fill("#id_contact_email", "no address")
    page.click("button[name=onwards]")
    page.wait_for_selector(".error-summary")
    assert "It is saved as you typed it." in page.inner_text("main")
    page.click("text=Go on without correcting")
    page.wait_for_url("**/edit/documents/")
