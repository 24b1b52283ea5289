"""Two people, several pages, a bad line: whatever happens, no answer is lost."""

from collections.abc import Callable
from typing import Any

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
from tests.requests_app.writing import Sheet

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
    undecided = [] if what == "save" else one.fields.get("differs", [])
    answer = _PRESS[what](one, key, text)
    after = shown_of(draft)
    for each in QUESTIONS:
        if after[each] != before[each]:
            assert before[each] in one.known[each]
    for each in undecided:  # beside a colleague's text: only the button that says so stores
        assert after[each] == before[each]
    if what == "take":
        assert after == before
        assert not text or text in (after[key], one.fields.get(f"own-{key}"))
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
