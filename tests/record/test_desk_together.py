"""Two editors at one record: neither overwrites what they have not seen, nothing typed is lost."""

import pytest
from django.test import Client

from partners.models import Agency
from record.models import Activity, Operation
from tests import make
from tests.reading_pages import signed_in
from tests.record.at_desk import faults, opened, page_of, sent, sent_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> Client:
    return signed_in(make.the_officer())


@pytest.fixture
def second() -> Client:
    return signed_in(make.the_lead())


def test_what_the_other_changed_and_i_left_alone_stays_as_the_other_left_it(
    first: Client, second: Client
) -> None:
    row = make.activity("draft", title_en="Training", text_en="One week.")
    wco = make.agency("WCO")
    mine, theirs = opened(first, row), opened(second, row)
    sent(second, row, theirs | {"title_fr": "Formation", "stage": "ongoing", "agencies": [wco.pk]})
    answer = sent(first, row, mine | {"text_en": "Two weeks."})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.title_fr, row.stage, row.text_en) == ("Formation", "ongoing", "Two weeks.")
    assert list(row.agencies.all()) == [wco]


def test_what_both_changed_comes_back_with_both_texts_and_then_mine_can_be_stored(
    first: Client, second: Client
) -> None:
    row = make.activity("draft", title_en="Training")
    mine, theirs = opened(first, row), opened(second, row)
    sent(second, row, theirs | {"title_en": "Course", "title_es": "Curso"})
    answer = sent(first, row, mine | {"title_en": "Workshop"})
    assert faults(answer) == {
        "title_en": [
            "Lead, CITES, CITES changed this while you had the page open. It is now: “Course”. "
            "What you entered stands here and is not stored yet: save again to put it in its place."
        ]
    }
    row.refresh_from_db()
    assert row.title_en == "Course"
    again = sent_with(answer)
    assert again["title_en"] == "Workshop"
    assert sent(first, row, again).status_code == 302
    row.refresh_from_db()
    assert (row.title_en, row.title_es) == ("Workshop", "Curso")


def test_a_page_shown_again_for_another_fault_still_knows_what_it_had_seen(
    first: Client, second: Client
) -> None:
    row = make.activity("draft")
    mine, theirs = opened(first, row), opened(second, row)
    sent(second, row, theirs | {"title_fr": "Formation", "text_en": "Theirs."})
    answer = sent(first, row, mine | {"link": "nowhere at all", "text_en": "Mine."})
    assert sorted(faults(answer)) == ["link", "text_en"]
    mended = sent_with(answer) | {"link": "https://example.org/"}
    assert sent(first, row, mended).status_code == 302
    row.refresh_from_db()
    assert (row.title_fr, row.text_en) == ("Formation", "Mine.")


def test_the_same_change_by_both_is_no_quarrel(first: Client, second: Client) -> None:
    row = make.activity("draft")
    mine, theirs = opened(first, row), opened(second, row)
    sent(second, row, theirs | {"text_en": "A week.\r\nIn May."})
    assert sent(first, row, mine | {"text_en": "A week.\r\nIn May."}).status_code == 302


def test_rows_that_the_other_changed_are_not_overwritten_unseen(
    first: Client, second: Client
) -> None:
    row = make.operation("draft")
    figure = {"measure": "arrests", "effective_on": "2015-06-18", "source": "Release"}
    row.figures.create(**figure, number=139)
    mine, theirs = opened(first, row), opened(second, row)
    sent(second, row, theirs | {"figures-0-number": "140"})
    answer = sent(first, row, mine | {"figures-0-number": "141", "title_fr": "Opération"})
    (said,) = faults(answer)["figures"]
    assert said.startswith("Lead, CITES, CITES changed this list while you had the page open.")
    assert "140" in said
    assert row.figures.get().number == 140
    assert sent(first, row, sent_with(answer)).status_code == 302
    assert (row.figures.get().number, Operation.objects.get().title_fr) == (141, "Opération")


def test_rows_that_each_added_are_both_there(first: Client, second: Client) -> None:
    row = make.activity("draft")
    mine, theirs = opened(first, row), opened(second, row)
    sent(second, row, theirs | {"places-0-name": "Nairobi"})
    answer = sent(first, row, mine | {"places-0-name": "Mombasa"})
    assert list(faults(answer)) == ["places"]
    assert sent(first, row, sent_with(answer)).status_code == 302
    assert [str(place) for place in row.places.all()] == ["Nairobi", "Mombasa"]


def test_a_state_that_moved_meanwhile_hinders_no_edit_and_is_not_undone(
    first: Client, second: Client
) -> None:
    row = make.activity("draft")
    mine = opened(first, row)
    second.post(f"/admin/record/activity/{row.pk}/actions/publish/", {"version": 0})
    assert sent(first, row, mine | {"text_en": "Later."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.text_en) == ("published", "Later.")


def test_of_two_who_act_the_second_reads_that_it_was_done(first: Client, second: Client) -> None:
    row = make.activity("draft")
    address = f"/admin/record/activity/{row.pk}/actions/publish/"
    assert [one.post(address, {"version": 0}).status_code for one in (first, second)] == [302, 409]


@pytest.mark.parametrize("seen", ["", "[]", "nonsense", '{"title_en": 7}', "{", "null"])
def test_marks_that_are_none_of_ours_are_nobodys_fault(first: Client, seen: str) -> None:
    row = make.activity("draft", title_en="Training")
    answer = sent(first, row, opened(first, row) | {"seen": seen})
    assert answer.status_code in {200, 302}
    assert Activity.objects.get().title_en == "Training"


def test_agencies_are_kept_the_same_way(first: Client, second: Client) -> None:
    wco = make.agency("WCO")
    Agency.objects.update(full_name_en="World Customs Organization")
    mine, theirs = opened(first, wco), opened(second, wco)
    sent(second, wco, theirs | {"services_en": "Training\r\nRisk profiles"})
    assert sent(first, wco, mine | {"seat": "Antwerp"}).status_code == 302
    wco.refresh_from_db()
    assert (wco.seat, wco.services_en) == ("Antwerp", ["Training", "Risk profiles"])
    answer = sent(first, wco, mine | {"seat": "Ghent"})
    assert list(faults(answer)) == ["seat"]
    assert page_of(wco) == f"/admin/partners/agency/{wco.pk}/change/"
