"""The desk's pages of the public record in a real browser: accessible, and inside their width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from partners.models import Network
from record.models import Activity, GlobalMeeting, Operation, Recognition
from tests import make
from tests.browser.test_pages import faults_of
from tests.record.at_desk import page_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def pages() -> list[str]:
    hawen, cobra = Network.objects.get(slug="hawen"), Operation.objects.get(slug="cobra-iii")
    draft = make.activity("draft")
    return [
        page_of(Recognition, "changelist"),
        page_of(Recognition.objects.earliest("pk")),
        page_of(Activity, "add"),
        page_of(draft),
        f"/admin/record/activity/{draft.pk}/actions/publish/",
        page_of(draft, "history"),
        page_of(cobra),
        page_of(GlobalMeeting.objects.get(number=4)),
        page_of(Network, "changelist"),
        page_of(hawen),
    ]


@pytest.mark.parametrize(("width", "language"), [(360, "fr"), (1280, "en")])
def test_pages_of_the_record_at_the_desk_have_no_fault(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    page = visit(make.lead(language), width=width)
    assert [fault for path in pages() for fault in faults_of(page, path)] == []


def test_three_languages_stand_side_by_side_where_there_is_room_and_else_under_each_other(
    visit: Callable[..., Page],
) -> None:
    page = visit(make.lead())
    page.goto(page_of(Recognition.objects.earliest("pk")))
    for width, are_beside in ((1280, True), (360, False)):
        page.set_viewport_size({"width": width, "height": 900})
        boxes = [page.locator(f"#id_asks_{code}").bounding_box() for code in ("en", "fr", "es")]
        tops = [round(box["y"]) for box in boxes if box]
        lefts = [round(box["x"]) for box in boxes if box]
        assert (tops[0] == tops[1] == tops[2]) == are_beside
        assert (lefts == sorted(set(lefts))) == are_beside
