"""The pages of the public record in a real browser: accessible, inside their width, light, from one
host, readable in print and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_pages import BUDGET, faults_of
from tests.browser.weights import transferred

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/", "/about/", "/partners/interpol/", "/partners/network/", "/activities/",
    "/activities/map/world/", "/activities/wist-sri-lanka-2013/", "/operations/",
    "/operations/cobra-iii/", "/networks/", "/networks/hawen/", "/networks/meetings/fourth/",
    "/recognition/", "/recognition/unea-1-3-illegal-trade-in-wildlife/", "/documents/",
    "/documents/iccwc-vision-2030/", "/news/",
    "/news/first-iccwc-global-conference-on-illegal-wildlife-trade-2024/", "/search/?q=viet+nam",
]  # fmt: skip


@pytest.mark.parametrize(("width", "locale"), [(360, "es"), (1280, "en")])
def test_the_pages_of_the_record_have_no_fault(
    visit: Callable[..., Page], reference_data: None, width: int, locale: str
) -> None:
    page = visit(width=width, locale=locale)
    assert [fault for path in PAGES for fault in faults_of(page, path)] == []


def test_a_first_visit_is_light_and_asks_no_other_host(
    visit: Callable[..., Page], reference_data: None, live_server: Any
) -> None:
    weights, hosts = {}, set()
    for path in PAGES:
        page = visit()
        finished: list[Any] = []

        def note(request: Any, finished: list[Any] = finished) -> None:
            finished.append(request)

        page.on("requestfinished", note)
        page.goto(path, wait_until="networkidle")
        weights[path] = transferred(finished)
        hosts |= {request.url.split("/")[2] for request in finished}
    assert hosts == {live_server.url.split("/")[2]}
    assert {path: weight for path, weight in weights.items() if not 0 < weight <= BUDGET} == {}


def test_printed_the_words_stay_and_the_ways_to_go_elsewhere_do_not(
    visit: Callable[..., Page], reference_data: None
) -> None:
    page = visit()
    page.emulate_media(media="print")
    for path in ("/recognition/", "/operations/", "/networks/", "/activities/"):
        page.goto(path)
        assert page.locator("h1").is_visible()
        assert page.locator("main table").last.is_visible()
        assert not page.locator("nav.sections").is_visible()
