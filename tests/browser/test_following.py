"""Following a request in a real browser: a question is answered in place, read marks go by POST."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from partners.models import Party
from requests_app.models import Reading, Thread
from tests import make
from tests.browser.test_pages import faults_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def thread(reference_data: None) -> Thread:
    """A question to Kenya, whose cycle has an action plan."""
    cycle = Party.objects.get(code="KEN").implementations.get()
    make.recommendation(cycle, "under_way", due_on=make.in_a_month())
    make.recommendation(cycle, "verified")
    case = make.request_in("referred", of=cycle.party)
    make.conversation(case, "open")
    return make.conversation(case)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_pages_of_following_have_no_fault(
    visit: Callable[..., Page], thread: Thread, width: int, language: str
) -> None:
    kenya = thread.support_request.party
    page = visit(make.focal_point(kenya, language=language), width=width)
    request = thread.support_request.get_absolute_url()
    task = kenya.implementations.get().recommendations.first()
    plan = f"/country/ken/recommendations/{task.pk}/"
    paths = [
        request, f"{request}actions/write/", f"{request}copy/", thread.get_absolute_url(),
        "/country/ken/", plan, f"{plan}actions/report/",
    ]  # fmt: skip
    assert [fault for path in paths for fault in faults_of(page, path)] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_desks_page_of_a_conversation_has_no_fault(
    visit: Callable[..., Page], thread: Thread, width: int
) -> None:
    page = visit(make.officer(), width=width)
    desk = f"/admin/requests_app/thread/{thread.pk}"
    paths = [f"{desk}/change/", f"{desk}/actions/reply/", "/admin/requests_app/thread/"]
    assert [fault for path in paths for fault in faults_of(page, path)] == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_is_answered_on_the_page_of_the_request(
    visit: Callable[..., Page], thread: Thread, javascript: bool
) -> None:
    page = visit(make.focal_point(thread.support_request.party), javascript=javascript)
    page.goto(thread.support_request.get_absolute_url())
    page.get_by_label("Your answer").fill("All ports.")
    page.get_by_role("button", name="Send the answer").click()
    page.wait_for_url(f"**{thread.get_absolute_url()}")
    assert page.get_by_text("All ports.").is_visible()
    thread.refresh_from_db()
    assert thread.state == "open"


def test_what_is_on_the_screen_is_read_without_a_click(
    visit: Callable[..., Page], thread: Thread
) -> None:
    person = make.contributor(thread.support_request.party)
    page = visit(person)
    with page.expect_response("**/read/"):
        page.goto(thread.get_absolute_url())
    page.get_by_role("button", name="Mark as read").wait_for(state="hidden")
    assert Reading.objects.get(user=person).last_post == thread.posts.get()


def test_without_javascript_a_button_marks_it_as_read(
    visit: Callable[..., Page], thread: Thread
) -> None:
    person = make.contributor(thread.support_request.party)
    page = visit(person, javascript=False)
    page.goto(thread.get_absolute_url())
    assert not Reading.objects.filter(user=person).exists()
    page.get_by_role("button", name="Mark as read").click()
    page.wait_for_load_state()
    assert Reading.objects.get(user=person).last_post == thread.posts.get()
    assert page.get_by_role("button", name="Mark as read").count() == 0


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_on_a_phone_lists_show_all_of_their_rows_under_a_low_header(
    visit: Callable[..., Page], thread: Thread, language: str
) -> None:
    kenya = thread.support_request.party
    person = make.focal_point(kenya, language=language)
    make.contributor(kenya)
    make.invitation(
        person, body=kenya, email="contributor.of.the.customs.administration@example.org"
    )
    page = visit(person, width=360)
    for path in ("/requests/", "/country/ken/people/"):
        assert faults_of(page, path) == []
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
        assert page.locator(".table-region").evaluate_all(cut) == 0
        assert page.get_by_role("table").first.get_by_role("rowheader").count() > 0
        assert page.locator("header").bounding_box()["height"] <= 240
        targets = page.locator("header :is(a, button, summary):visible")
        heights = targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert min(heights) >= 44
