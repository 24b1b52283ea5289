"""Two people, several pages, a bad line: whatever happens, no answer is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners.models import User
from requests_app import drafts
from requests_app.completeness import answers_written
from requests_app.merging import Sheet as Marks
from requests_app.merging import fingerprint
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.writing import SCRIPT, Sheet

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it would take minutes
QUESTIONS = ("situation", "species")
WORDS = st.sampled_from(["", "Ivory", "Pangolins", "Timber", "Eels", "Orchids"])


class OpenPage:
    """A page that one of the two has open: what it shows, what it knows, what it has sent."""

    def __init__(self, number: int, owner: User, draft: SupportRequest) -> None:
        self.number, self.owner, self.draft = number, owner, draft
        self.shown = shown_of(draft)
        self.seen = {key: fingerprint(text) for key, text in self.shown.items()}
        self.known = {key: {text} for key, text in self.shown.items()}  # texts its owner has seen
        self.turn = 0
        self.sent: list[tuple[dict[str, str], dict[str, str], int]] = []

    def type(self, key: str, text: str) -> None:
        self.shown[key] = text
        self.known[key].add(text)


def shown_of(draft: SupportRequest) -> dict[str, str]:
    stored = answers_written(SupportRequest.objects.get(pk=draft.pk))
    return {key: stored.get(key, "") for key in QUESTIONS}


class Desk:
    """Kenya's draft, its two writers and all pages they have open."""

    def __init__(self) -> None:
        self.people = [make.focal_point(), make.contributor()]
        make.support()
        self.draft = drafts.begin(make.party(), by=self.people[0], support=make.support())
        self.wrote: dict[str, tuple[int, int]] = {}  # by question: page and turn of what is stored
        self.pages = [OpenPage(number, one, self.draft) for number, one in enumerate(self.people)]

    def open(self, person: int) -> None:
        self.pages.append(OpenPage(len(self.pages), self.people[person], self.draft))

    def send(self, one: OpenPage, answer_arrives: bool) -> None:
        one.turn += 1
        sending = (dict(one.shown), dict(one.seen), one.turn)
        one.sent.append(sending)
        self.deliver(one, sending, answer_arrives)

    def deliver(self, one: OpenPage, sending: Any, answer_arrives: bool) -> None:
        """The server takes one sending, and everything that it may take is looked at here."""
        shown, seen, turn = sending
        before = shown_of(self.draft)
        written = drafts.write(
            self.draft,
            by=one.owner,
            answers=shown,
            seen=seen,
            sheet=Marks(f"page-{one.number}", turn),
        )
        after = shown_of(self.draft)
        clashes = {clash.key: clash for clash in written.conflicts}
        for key in QUESTIONS:
            if after[key] != before[key]:
                # Replaced, and by somebody who had that very text before the eyes.
                assert before[key] in one.known[key]
                assert after[key] == shown[key]
                # And not by an earlier text of the same page that came late.
                assert self.wrote.get(key, (-1, 0))[0] != one.number or (turn >= self.wrote[key][1])
                self.wrote[key] = (one.number, turn)
            if key in clashes:
                clash = clashes[key]
                assert (clash.typed, clash.stored) == (shown[key], before[key])
                assert after[key] == before[key]
        if answer_arrives:
            self.look(one, clashes, after, shown)

    def look(
        self, one: OpenPage, clashes: Any, after: dict[str, str], sent: dict[str, str]
    ) -> None:
        """What the answer brings to the page: new marks, and a clash with both its texts."""
        for key in QUESTIONS:
            if key in clashes:
                one.known[key].add(after[key])
                one.seen[key] = fingerprint(after[key])
            elif sent[key] == after[key]:
                one.seen[key] = fingerprint(after[key])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "type", "send", "send unheard", "again", "late"]),
        st.integers(0, 5),
        st.sampled_from(QUESTIONS),
        WORDS,
    ),
    min_size=4,
    max_size=25,
)


class NothingIsLost(TestCase):
    @given(steps=STEPS)
    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_an_answer_is_replaced_only_by_somebody_who_has_seen_it(self, steps: Any) -> None:
        desk = Desk()
        for what, number, key, text in steps:
            one = desk.pages[number % len(desk.pages)]
            if what == "open":
                desk.open(number % 2)
            elif what == "type":
                one.type(key, text)
            elif what in {"send", "send unheard"}:
                desk.send(one, answer_arrives=what == "send")
            elif one.sent:  # a second click, or a sending that a bad line delivers late
                which = one.sent[-1] if what == "again" else one.sent[number % len(one.sent)]
                desk.deliver(one, which, answer_arrives=False)

    @given(
        steps=st.lists(
            st.tuples(
                st.sampled_from(["open", "save", "by itself", "back", "twice", "take"]),
                st.integers(0, 3),
                st.sampled_from(QUESTIONS),
                WORDS,
            ),
            min_size=3,
            max_size=12,
        )
    )
    @settings(
        max_examples=25,
        phases=NO_SHRINKING,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def test_on_the_pages_every_text_is_stored_or_shown_beside_the_stored_one(
        self, steps: Any
    ) -> None:
        desk = Desk()
        browsers = [signed_in(person) for person in desk.people]
        open_pages = [_opened(one, desk.draft) for one in browsers]
        for what, number, key, text in steps:
            one = open_pages[number % len(open_pages)]
            if what == "open":
                open_pages.append(_opened(browsers[number % 2], desk.draft))
            else:
                _press(desk.draft, one, what, key, text)


def _opened(browser: Client, draft: SupportRequest) -> Any:
    sheet: Any = Sheet(browser, draft, "situation")
    sheet.known = {key: {sheet.fields.get(key, "")} for key in QUESTIONS}
    return sheet


def _press(draft: SupportRequest, one: Any, what: str, key: str, text: str) -> None:
    before = shown_of(draft)
    one.known[key].add(text)
    was_left_alone = fingerprint(text) == one.fields.get(f"seen-{key}", "")
    answer = _PRESS[what](one, key, text)
    after = shown_of(draft)
    for each in QUESTIONS:
        if after[each] != before[each]:
            assert before[each] in one.known[each]
    if what == "take":
        assert after == before
    elif after[key] != text and not was_left_alone:
        assert after[key] == before[key]
        assert answer.status_code == 409
        if what != "by itself":  # the page that comes back shows both
            assert answer.context["form"][key].value() == text
            assert (after[key] or "nothing") in page(answer)
    if what != "by itself" and answer.status_code in {200, 409}:
        for each in QUESTIONS:
            one.known[each] |= {after[each], one.fields.get(each, "")}


def _double_click(one: Any, typed: dict[str, str]) -> Any:
    """The same form twice; the answer to the first is never seen."""
    one.fields |= typed
    one.client.post(one.url, {**one.fields, "leave": "1"})
    return one.send("leave")


_PRESS: dict[str, Callable[[Any, str, str], Any]] = {
    "save": lambda one, key, text: one.send("onwards", **{key: text}),
    "back": lambda one, key, text: one.send("back", **{key: text}),
    "by itself": lambda one, key, text: one.save_by_itself(**{key: text}),
    "twice": lambda one, key, text: _double_click(one, {key: text}),
    "take": lambda one, key, text: one.send(f"take={key}", **{key: text}),
}


# ── told once, in full ───────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_page_whose_answer_was_lost_on_the_way_has_no_quarrel_with_itself() -> None:
    draft = make.draft()
    sheet = Sheet(signed_in(make.focal_point()), draft, "situation")
    sheet.save_by_itself(situation="Through Mom")  # stored, but the answer never arrives

    again = sheet.save_by_itself(situation="Through Mombasa.")
    emptied = sheet.save_by_itself(situation=make.ANSWERS["situation"])  # as it was at first

    draft.refresh_from_db()
    assert (again.status_code, emptied.status_code) == (200, 200)
    assert draft.answers["situation"] == make.ANSWERS["situation"]


@pytest.mark.django_db
def test_of_two_sendings_of_a_page_the_later_one_holds_whichever_comes_first() -> None:
    draft = make.draft()
    sheet = Sheet(signed_in(make.focal_point()), draft, "situation")
    early = {**sheet.fields, "situation": "Through Mom", "turn": "1"}
    late = {**sheet.fields, "situation": "Through Mombasa.", "turn": "2"}

    answers = [sheet.client.post(sheet.url, one, headers=SCRIPT) for one in (late, early)]

    draft.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert draft.answers["situation"] == "Through Mombasa."
