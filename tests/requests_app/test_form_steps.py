"""The form of a request, step by step: what is asked, where buttons lead, what comes of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from requests_app import drafts
from requests_app.completeness import Progress, progress, steps_for
from requests_app.merging import fingerprint
from requests_app.models import Asks, SupportRequest
from requests_app.questions import FORMS
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from tests.requests_app.writing import Sheet, address, write
from workflow.executor import perform

pytestmark = pytest.mark.django_db

BUDGET = 12  # queries: design §11


def begun(client: Client, asks: str = Asks.TRAINING, **support: Any) -> SupportRequest:
    """A request that somebody has just begun on the first page."""
    made = make.support(f"kind_{asks}", asks=asks, **support)
    client.post(reverse("requests:new"), {"support": made.key})
    return SupportRequest.objects.latest("pk")


def country() -> Client:
    """A focal point's browser, whose session was seen a moment ago."""
    client = signed_in(make.focal_point())
    client.get(reverse("requests:list"))
    return client


# ── the way through ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("asks", Asks.values)
def test_every_kind_of_support_is_written_step_by_step_and_submitted(asks: str) -> None:
    client = country()
    draft = begun(client, asks)
    keys = [step.key for step in FORMS[asks]]
    where = address(draft, keys[0])
    captions = []
    for key in keys:
        assert where == address(draft, key)
        sheet = Sheet(client, draft, key)
        place = sheet.response.context["place"]
        captions.append((place.number, place.of))
        typed = make.answers_to(draft)
        asked = sheet.response.context["form"].fields
        sheet.send(**{name: text for name, text in typed.items() if name in asked})
        where = sheet.response.headers["Location"]
    assert captions == [(number + 1, len(keys) + 2) for number in range(len(keys))]
    assert where == address(draft, "documents")

    client.post(where, {"letter": make.pdf()})
    check = Sheet(client, draft, "check")
    assert check.response.context["gaps"].rows == ()
    done = check.send(declared="on")

    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert done.headers["Location"] == reverse("requests:submitted", args=[draft.reference])
    assert f"Your reference {draft.reference}" in page(client.get(done.headers["Location"]))


@pytest.mark.parametrize("asks", Asks.values)
def test_no_page_of_the_form_takes_more_than_twelve_queries(
    asks: str, django_assert_max_num_queries: Any
) -> None:
    client = country()
    draft = make.draft(support_key=make.support(f"kind_{asks}", asks=asks).key)
    make.submit(draft, by=make.focal_point())
    perform(
        "return", draft, by=make.the_officer(),
        data={"to_correct": "Name the ports.", "remarks": {"contact_office": "Which?"}},
    )  # fmt: skip
    other = make.support("other_kind", asks=asks)  # now the kind of support has to be looked up
    drafts.write(draft, by=make.focal_point(), answers={"support": other.key})
    pages = [*(step.key for step in FORMS[asks]), "support", "documents", "check"]
    for key in pages:
        with django_assert_max_num_queries(BUDGET):
            assert client.get(address(draft, key)).status_code == 200
    with django_assert_max_num_queries(BUDGET):
        assert client.get(reverse("requests:edit", args=[draft.handle])).status_code == 200


def test_the_steps_follow_from_the_kind_of_support() -> None:
    client = country()
    asked = {
        asks: [step.key for step in steps_for(begun(client, asks))]
        for asks in (Asks.INCIDENT, Asks.TOOLKIT, Asks.INFORMATION)
    }
    assert asked == {
        Asks.INCIDENT: ["incident", "specimens", "team", "informed", "contact"],
        Asks.TOOLKIT: [
            "nomination", "scope", "situation", "help", "authorities", "timing", "contact"
        ],
        Asks.INFORMATION: ["enquiry", "contact"],
    }  # fmt: skip


def test_progress_is_what_is_stored_and_not_where_one_has_been() -> None:
    client = country()
    draft = begun(client, Asks.INCIDENT)
    for step in steps_for(draft):
        client.get(address(draft, step.key))
    write(client, draft, "specimens", commodity="Raw ivory")
    write(client, draft, "informed", ncb_informed="yes", authority_informed="no")

    draft.refresh_from_db()
    found = {one.step.key: one.progress for one in progress(draft)}
    overview = page(client.get(reverse("requests:edit", args=[draft.handle])))

    assert found == {
        "incident": Progress.NOT_STARTED,
        "specimens": Progress.INCOMPLETE,
        "team": Progress.NOT_STARTED,
        "informed": Progress.COMPLETE,
        "contact": Progress.NOT_STARTED,
    }
    assert "1 of 6 steps are complete" in overview
    assert "Specimens 1 answer is missing or needs a look · Focal point, Kenya" in overview
    assert "Who is informed complete · Focal point, Kenya" in overview


# ── buttons ──────────────────────────────────────────────────────────────────────────────────


def test_every_button_saves_and_leads_where_it_says() -> None:
    client = country()
    draft = begun(client)
    led = {}
    for button in ("onwards", "leave", "back"):
        answer = Sheet(client, draft, "help").send(button, asked=f"Saved by {button}.")
        draft.refresh_from_db()
        led[button] = (answer.headers["Location"], draft.answers["asked"])
    assert led == {
        "onwards": (address(draft, "authorities"), "Saved by onwards."),
        "leave": (reverse("requests:edit", args=[draft.handle]), "Saved by leave."),
        "back": (address(draft, "training"), "Saved by back."),
    }


def test_back_from_the_first_step_is_the_kind_of_support_and_from_there_the_overview() -> None:
    client = country()
    draft = begun(client)
    first = Sheet(client, draft, "situation").send("back")
    again = Sheet(client, draft, "support").send("back")
    assert first.headers["Location"] == address(draft, "support")
    assert again.headers["Location"] == reverse("requests:edit", args=[draft.handle])


def test_who_comes_from_the_check_to_change_one_answer_goes_back_to_it() -> None:
    client = country()
    draft = make.draft()
    change = f"{address(draft, 'situation')}?then=check#id_situation"
    assert f'href="{change}"' in client.get(address(draft, "check")).content.decode()
    answer = Sheet(client, draft, "situation", "?then=check").send(situation="Through Mombasa.")
    assert answer.headers["Location"] == address(draft, "check")


def test_a_malformed_answer_is_stored_and_said_and_holds_nobody_up() -> None:
    client = country()
    draft = begun(client)
    sheet = Sheet(client, draft, "contact")

    held = sheet.send(contact_email="somebody at home")
    draft.refresh_from_db()

    assert (held.status_code, draft.answers["contact_email"]) == (200, "somebody at home")
    assert errors_at(held) == {"contact_email": ["Give an address like name@example.org."]}
    assert "It is saved as you typed it." in page(held)
    assert f'href="{address(draft, "documents")}">Go on without' in held.content.decode()
    for button in ("leave", "back"):
        assert sheet.send(button).status_code == 302


def test_another_kind_of_support_keeps_the_answers_and_says_which_are_not_sent() -> None:
    client = country()
    draft = begun(client)
    write(client, draft, "situation", situation="Through the port.", species="Elephants")
    incident = make.support("kind_incident", asks=Asks.INCIDENT)

    answer = Sheet(client, draft, "support").send(support=incident.key)
    said = page(client.get(answer.headers["Location"]))
    check = client.get(address(draft, "check"))

    draft.refresh_from_db()
    assert answer.headers["Location"] == address(draft, "incident")
    assert draft.answers == {"situation": "Through the port.", "species": "Elephants"}
    assert "What happens, and what has been done about it? · Which species" in said
    assert "Through the port." not in page(check)
    Sheet(client, draft, "support").send(support="kind_training")
    assert "Through the port." in page(client.get(address(draft, "check")))


def test_a_step_that_is_no_longer_asked_still_takes_what_was_typed_there() -> None:
    client = country()
    draft = begun(client)
    late = Sheet(client, draft, "training")
    Sheet(client, draft, "support").send(support=make.support("kind_incident", asks="incident").key)

    answer = late.send(audience="Customs officers.", participants="40")

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert draft.answers["audience"] == "Customs officers."
    assert client.get(late.url).headers["Location"] == reverse("requests:edit", args=[draft.handle])


def test_the_secretariats_remark_stands_above_its_question_and_what_to_correct_on_top() -> None:
    client = country()
    case = make.request_in("in_review")
    remarks = {"situation": "Which port?", "asked": "For how many?"}
    words = {"to_correct": "Say more about the place.", "remarks": remarks}
    perform("return", case, by=make.the_officer(), data=words)

    shown = page(client.get(address(case, "situation")))

    assert "The Secretariat asks you to correct: Say more about the place." in shown
    question = "The Secretariat writes about this question: Which port? What happens, and what"
    assert question in shown
    assert "For how many?" not in shown
    assert "Say more about the place." in page(
        client.get(reverse("requests:edit", args=[case.handle]))
    )


def test_the_channel_note_stands_where_free_text_is_and_nowhere_else() -> None:
    client = country()
    draft = begun(client, Asks.INCIDENT)
    noted = {
        step.key: "I-24/7" in page(client.get(address(draft, step.key)))
        for step in steps_for(draft)
    }
    assert noted == {
        "incident": False, "specimens": False, "team": True, "informed": False, "contact": False
    }  # fmt: skip


def test_a_page_of_the_form_is_never_stored_by_a_browser() -> None:
    client = country()
    draft = begun(client)
    for key in ("situation", "support", "check", "documents"):
        assert "no-store" in client.get(address(draft, key)).headers["Cache-Control"]


# ── saving while one types ───────────────────────────────────────────────────────────────────


def test_the_script_is_told_when_it_was_saved_and_which_answers_are_stored_now() -> None:
    client = country()
    draft = begun(client)
    sheet = Sheet(client, draft, "situation")

    answer = sheet.save_by_itself(situation="Through")
    draft.refresh_from_db()

    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Saved at" in said
    assert f'value="{fingerprint("Through")}" id="id_seen-situation"' in said
    assert "<html" not in said
    assert draft.answers == {"situation": "Through"}


def test_a_button_pressed_through_the_script_saves_and_leads_on() -> None:
    client = country()
    draft = begun(client)
    answer = Sheet(client, draft, "situation").save_by_itself("onwards", situation="Through")
    draft.refresh_from_db()
    assert answer.headers["HX-Redirect"] == address(draft, "training")
    assert draft.answers == {"situation": "Through"}


def test_a_button_that_cannot_lead_on_sends_the_script_nowhere() -> None:
    client = country()
    draft = begun(client)
    answer = Sheet(client, draft, "contact").save_by_itself("onwards", contact_email="no address")
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (200, False)


def test_the_script_learns_of_a_clash_and_of_a_text_without_end() -> None:
    first, second = country(), signed_in(make.contributor())
    draft = begun(first)
    slow = Sheet(second, draft, "situation")
    write(first, draft, "situation", situation="Through Mombasa.")

    clash = slow.save_by_itself(situation="Through Kilindini.", species="x" * 60_000)
    draft.refresh_from_db()

    assert clash.status_code == 409
    assert "was changed by a colleague meanwhile" in clash.content.decode()
    assert "Use at most 1000 characters (now 60000)." in clash.content.decode()
    assert draft.answers == {"situation": "Through Mombasa."}
