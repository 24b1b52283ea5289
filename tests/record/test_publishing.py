"""The life of a record: what is public when, and what is said of a moment that cannot be."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from history.verify import first_break
from record.models import Activity, Document, GlobalMeeting, NewsItem, Operation, Recognition
from tests import make
from tests.reading_pages import signed_in
from workflow.errors import InvalidInput, NotAllowedNow
from workflow.executor import allowed_actions, perform

pytestmark = pytest.mark.django_db

MAKERS = (
    make.activity,
    make.document,
    make.global_meeting,
    make.news_item,
    make.operation,
    make.recognition,
)
PAGES = {
    Activity: "record:activity",
    Document: "record:document",
    GlobalMeeting: "record:meeting",
    NewsItem: "record:news_one",
    Operation: "record:operation",
    Recognition: "record:recognition_one",
}
WINTER = f"{timezone.now().year + 1}-12-01 09:00"


def load_reference() -> None:
    call_command("load_reference", stdout=StringIO())


def visible(made: Any, now: datetime | None = None) -> list[Any]:
    return list(type(made).objects.public(now))


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(
    ("state", "is_public"), [("draft", False), ("published", True), ("withdrawn", False)]
)
def test_what_is_published_is_visible_to_everybody_and_nothing_else_is(maker, state, is_public):
    made = maker(state)
    shown = [list(type(made).objects.visible_to(who)) for who in (None, make.the_lead())]
    assert shown == [[made] if is_public else []] * 2
    assert list(type(made).objects.inside(make.auditor())) == [made]
    assert list(type(made).objects.inside(make.focal_point())) == shown[0]


def test_a_moment_is_one_of_genevas_clock_and_needs_no_job_to_come() -> None:
    made = make.activity(publish_at=WINTER)
    at_nine = datetime(int(WINTER[:4]), 12, 1, 8, tzinfo=UTC)  # in winter an hour before UTC
    assert (made.publish_at, made.is_public) == (at_nine, False)
    assert visible(made) == visible(made, at_nine - timedelta(seconds=1)) == []
    assert visible(made, at_nine) == [made]


def test_a_moment_may_name_its_own_offset() -> None:
    made = make.activity(publish_at=f"{WINTER}+00:00")
    assert made.publish_at == datetime(int(WINTER[:4]), 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("tomorrow", "Give a day and a time such as 2026-12-01 09:00."),
        ("2026-13-01 09:00", "Give a day and a time such as 2026-12-01 09:00."),
        ("2026-02-30 09:00", "Give a day and a time such as 2026-12-01 09:00."),
        ("2015-11-09 09:00", "That moment has passed. Leave it empty to publish now."),
        ("0001-01-01 00:00", "That moment has passed. Leave it empty to publish now."),
        ("0001-01-01T00:00+14:00", "That moment has passed. Leave it empty to publish now."),
        ("9999-12-31 23:59", "That is more than twenty years from now."),
        ("9999-12-31T23:59-12:00", "That is more than twenty years from now."),
        (f"{WINTER}\nand again", "Write this in one line."),
    ],
)
def test_a_moment_that_cannot_be_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    draft = make.activity("draft")
    with pytest.raises(InvalidInput) as refused:
        perform("publish", draft, by=make.the_officer(), data={"publish_at": typed})
    assert refused.value.fields == {"publish_at": [sentence]}
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == ("draft", None)


def test_a_moment_to_come_can_be_changed_and_one_that_has_come_cannot() -> None:
    officer = make.the_officer()
    waiting, public = make.news_item(publish_at=WINTER), make.news_item()
    assert [one.action for one in allowed_actions(waiting, officer)] == ["reschedule", "withdraw"]
    perform("reschedule", waiting, by=officer, data={"publish_at": ""})
    assert waiting.is_public
    with pytest.raises(NotAllowedNow, match="it is public already"):
        perform("reschedule", public, by=officer, data={"publish_at": WINTER})
    assert public.is_public


def test_nothing_without_a_source_is_published_but_news_is_its_own() -> None:
    draft = make.operation("draft", source=" ")
    with pytest.raises(InvalidInput) as refused:
        perform("publish", draft, by=make.the_officer())
    assert refused.value.fields == {
        "": ["Name the source: nothing is shown to the public without one."]
    }
    assert make.news_item(source="").is_public


def test_a_life_is_kept_in_the_history_with_who_and_why() -> None:
    made = make.recognition("withdrawn")
    perform("revise", made, by=make.the_lead())
    kinds = [
        (event.kind, event.actor_name, event.changes.get("reason"))
        for event in Event.objects.about(made).order_by("pk")
    ]
    assert kinds == [
        ("recognition.publish", "Officer, CITES", None),
        ("recognition.withdraw", "Officer, CITES", "Published too early."),
        ("recognition.revise", "Lead, CITES", None),
    ]
    assert made.state == "draft"
    assert first_break() is None


def test_the_clock_is_that_of_geneva_wherever_the_officer_sits() -> None:
    with timezone.override("Asia/Tokyo"):
        made = make.activity(publish_at=WINTER)
    assert made.publish_at == datetime(int(WINTER[:4]), 12, 1, 8, tzinfo=UTC)
    assert settings.DESK_TIME_ZONE == "Europe/Zurich"


def test_reference_data_publish_no_draft_that_an_editor_has_begun_at_the_same_address() -> None:
    draft = make.operation("draft", slug="cobra", title_en="What an editor has heard")
    load_reference()
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at, draft.title_en) == (
        "draft", None, "What an editor has heard",
    )  # fmt: skip


def test_loading_again_publishes_nothing_that_an_editor_has_confirmed_and_not_published() -> None:
    load_reference()
    unconfirmed = Recognition.objects.filter(state="draft")
    assert unconfirmed.update(confidence="confirmed") == 1
    load_reference()
    assert list(unconfirmed.values_list("state", "publish_at")) == [("draft", None)]


@pytest.mark.parametrize("maker", MAKERS)
def test_no_cache_keeps_a_preview_and_what_is_public_says_nothing_of_it(maker: Any) -> None:
    to_come, public = maker(publish_at=WINTER), maker()
    officer = signed_in(make.the_officer())
    pages = {
        one: officer.get(reverse(PAGES[type(one)], args=[one.slug]))
        for one in (maker("draft"), maker("withdrawn"), to_come, public)
    }
    kept = [(page.status_code, page.headers.get("Cache-Control")) for page in pages.values()]
    assert kept == [(200, "private, no-store")] * 3 + [(200, None)]
    for one in pages:
        answer = Client().get(reverse(PAGES[type(one)], args=[one.slug]))
        assert answer.status_code == (200 if one is public else 404)
