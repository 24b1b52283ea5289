"""Another kind of support asks other questions: what is said to be missing is what is refused."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from requests_app import drafts, gap_list
from requests_app.completeness import questions_for
from requests_app.models import Asks, SupportRequest
from requests_app.questions import FORMS, Shape
from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.writing import Sheet, address

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it would take minutes
QUESTIONS = {
    question.key: question
    for steps in FORMS.values()
    for step in steps
    for question in step.questions
}
TYPED = {
    Shape.DATE: ["", "2026-01-15", "2026-03-01", "2025-01-01", "soon"],
    Shape.NUMBER: ["", "40", "many"],
    Shape.EMAIL: ["", "office@example.org", "no address"],
}


def submit(draft: SupportRequest, client: Any) -> tuple[Any, Any]:
    """The check as it is read, and what comes of submitting from it."""
    sheet = Sheet(client, draft, "check")
    return sheet.response, sheet.send(declared="on")


@pytest.mark.django_db
def test_dates_in_the_wrong_order_count_only_where_both_are_asked() -> None:
    draft = make.draft(needed_from="2026-03-01", needed_until="2026-01-15")
    client = signed_in(draft.created_by)
    wist = make.support("wist")
    assert "This is before the first date." in page(client.get(address(draft, "check")))

    Sheet(client, draft, "support").send(support=wist.key)
    drafts.write(draft, by=draft.created_by, answers=make.answers_to(_as_stored(draft)))
    check, sent = submit(draft, client)

    assert check.context["gaps"].rows == ()
    assert (sent.status_code, _as_stored(draft).state) == (302, "submitted")


@pytest.mark.django_db
def test_what_has_no_field_in_the_form_is_said_all_the_same(monkeypatch: Any) -> None:
    draft = make.draft()
    monkeypatch.setattr(gap_list, "gaps", lambda one: {"elsewhere": ["The sky must be clear."]})
    client = signed_in(draft.created_by)
    assert "The sky must be clear." in page(client.get(address(draft, "check")))
    assert "The sky must be clear." in page(client.get(f"/requests/{draft.handle}/edit/"))


def _as_stored(draft: SupportRequest) -> SupportRequest:
    return SupportRequest.objects.get(pk=draft.pk)


MOVES = st.one_of(
    st.tuples(st.just("kind"), st.sampled_from(Asks.values)),
    st.tuples(st.just("fill"), st.just("")),
    st.sampled_from(list(QUESTIONS)).flatmap(
        lambda key: st.tuples(
            st.just(key), st.sampled_from(TYPED.get(QUESTIONS[key].shape, ["", "Something"]))
        )
    ),
)


class WhatIsMissing(TestCase):
    @given(
        moves=st.builds(
            lambda moves, last: [*moves, *last],
            st.lists(MOVES, min_size=2, max_size=10),
            st.sampled_from([[], [("fill", "")]]),
        )
    )
    @example(
        moves=[
            ("needed_from", "2026-03-01"), ("needed_until", "2026-01-15"),
            ("kind", "incident"), ("fill", ""),
        ]
    )  # fmt: skip
    @settings(
        max_examples=40,
        phases=NO_SHRINKING,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def test_nothing_is_missing_exactly_when_the_submission_is_accepted(self, moves: Any) -> None:
        draft = make.draft()
        client = signed_in(draft.created_by)
        for asks in Asks.values:
            make.support(f"kind_{asks}", asks=asks)
        for what, value in moves:
            _do(draft, what, value)
        check, sent = submit(draft, client)
        is_submitted = _as_stored(draft).state == "submitted"
        assert (not check.context["gaps"].rows) == is_submitted == (sent.status_code == 302)


def _do(draft: SupportRequest, what: str, value: str) -> None:
    if what == "kind":
        typed: dict[str, Any] = {"support": f"kind_{value}"}
    elif what == "fill":
        now = _as_stored(draft)
        empty = {one.key for one in questions_for(now) if not now.answers.get(one.key)}
        typed = {key: said for key, said in make.answers_to(now).items() if key in empty}
    else:
        typed = {what: [value] if QUESTIONS[what].shape == Shape.SOME_OF and value else value}
        typed = {} if what in {"urgency", "language"} and value == "Something" else typed
    drafts.write(draft, by=draft.created_by, answers=typed)
