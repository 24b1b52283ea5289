"""Two colleagues, or one with a bad line, on the same step: told once, in full."""

import pytest

from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.writing import SCRIPT, Sheet

pytestmark = pytest.mark.django_db

QUESTIONS = ("situation", "species")


def test_of_two_colleagues_the_slower_sees_both_texts_and_who_wrote_the_other() -> None:
    draft = make.draft()
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    slow = Sheet(second, draft, "situation")
    Sheet(first, draft, "situation").send(situation="Stored by the quicker.")

    clash = slow.send(situation="Typed by the slower.", species="Elephants")
    draft.refresh_from_db()

    assert clash.status_code == 409
    assert draft.answers["situation"] == "Stored by the quicker."
    assert draft.answers["species"] == "Elephants"  # nobody else wrote there
    assert clash.context["form"]["situation"].value() == "Typed by the slower."
    assert "Stored now, by Focal point, Kenya" in page(clash)
    assert "Stored by the quicker. Use the stored text" in page(clash)

    assert slow.send().status_code == 302
    draft.refresh_from_db()
    assert draft.answers["situation"] == "Typed by the slower."


def test_the_stored_text_is_taken_with_a_button_and_nothing_is_written_by_it() -> None:
    draft = make.draft()
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    slow = Sheet(second, draft, "situation")
    Sheet(first, draft, "situation").send(situation="Hers.", species="Her species.")
    slow.send(situation="Mine.", species="My species.")

    taken = slow.send("take=situation", differs=["situation", "species"])
    draft.refresh_from_db()

    shown = {key: taken.context["form"][key].value() for key in QUESTIONS}
    assert shown == {"situation": "Hers.", "species": "My species."}
    assert [one.key for one in taken.context["conflicts"]] == ["species"]
    assert {key: draft.answers[key] for key in QUESTIONS} == {
        "situation": "Hers.", "species": "Her species."
    }  # fmt: skip
    slow.send()
    draft.refresh_from_db()
    assert {key: draft.answers[key] for key in QUESTIONS} == {
        "situation": "Hers.", "species": "My species."
    }  # fmt: skip


@pytest.mark.parametrize(("button", "behind"), [("back", "support"), ("leave", "")])
def test_back_and_leave_do_not_decide_between_two_texts(button: str, behind: str) -> None:
    draft = make.draft()
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    slow = Sheet(second, draft, "situation")
    Sheet(first, draft, "situation").send(situation="Hers.")
    slow.send(situation="Mine.")

    answers = [slow.send(button, species="Elephants") for _each in range(2)]
    draft.refresh_from_db()

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Your text is not stored yet" in page(answers[1])
    assert answers[1].context["form"]["situation"].value() == "Mine."
    assert (draft.answers["situation"], draft.answers["species"]) == ("Hers.", "Elephants")
    leads_to = f"/requests/{draft.handle}/edit/" + (f"{behind}/" if behind else "")
    assert f'<a href="{leads_to}">Leave without storing it</a>' in answers[1].content.decode()
    assert "What you wrote is saved" not in page(second.get(leads_to))

    assert slow.send().status_code == 302
    draft.refresh_from_db()
    assert draft.answers["situation"] == "Mine."


def test_who_takes_the_stored_texts_keeps_the_own_ones_on_the_page() -> None:
    draft = make.draft()
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    slow = Sheet(second, draft, "situation")
    Sheet(first, draft, "situation").send(situation="Hers.", species="Her species.")
    slow.send(situation="Mine <b>.", species="My species.")

    slow.send("take=situation")
    taken = slow.send("take=species")

    own = {row["field"].name: row["own"] for row in taken.context["fields"]}
    assert own == {"situation": "Mine <b>.", "species": "My species."}
    assert "readonly>Mine &lt;b&gt;.</textarea>" in taken.content.decode()
    assert taken.context["form"]["situation"].value() == "Hers."


def test_what_the_writer_left_alone_is_shown_as_a_colleague_wrote_it_meanwhile() -> None:
    """A page that comes back for another reason must not bring an old text with it."""
    draft = make.draft()
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    slow = Sheet(second, draft, "contact")
    Sheet(first, draft, "contact").send(contact_office="The new head of the Authority")

    held = slow.send(contact_email="no address")
    assert held.context["form"]["contact_office"].value() == "The new head of the Authority"
    slow.send(contact_email="office@example.org")

    draft.refresh_from_db()
    assert draft.answers["contact_office"] == "The new head of the Authority"
    assert draft.answers["contact_email"] == "office@example.org"


def test_the_kind_of_support_that_a_colleague_changed_meanwhile_is_asked_once_more() -> None:
    draft = make.draft()
    make.support("wist"), make.support("toolkit")
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    slow = Sheet(second, draft, "support")
    Sheet(first, draft, "support").send(support="wist")

    clash = slow.send(support="toolkit")
    draft.refresh_from_db()

    assert (clash.status_code, draft.support.key) == (409, "wist")
    assert "A colleague has meanwhile chosen “Wist”." in page(clash)
    assert slow.send(support="toolkit").status_code == 302


def test_a_page_whose_answer_was_lost_on_the_way_has_no_quarrel_with_itself() -> None:
    draft = make.draft()
    sheet = Sheet(signed_in(make.focal_point()), draft, "situation")
    sheet.save_by_itself(situation="Through Mom")  # stored, but the answer never arrives

    again = sheet.save_by_itself(situation="Through Mombasa.")
    emptied = sheet.save_by_itself(situation=make.ANSWERS["situation"])  # as it was at first

    draft.refresh_from_db()
    assert (again.status_code, emptied.status_code) == (200, 200)
    assert draft.answers["situation"] == make.ANSWERS["situation"]


def test_of_two_sendings_of_a_page_the_later_one_holds_whichever_comes_first() -> None:
    draft = make.draft()
    sheet = Sheet(signed_in(make.focal_point()), draft, "situation")
    early = {**sheet.fields, "situation": "Through Mom", "turn": "1"}
    late = {**sheet.fields, "situation": "Through Mombasa.", "turn": "2"}

    answers = [sheet.client.post(sheet.url, one, headers=SCRIPT) for one in (late, early)]

    draft.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert draft.answers["situation"] == "Through Mombasa."
