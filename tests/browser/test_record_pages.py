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

PAPER = 718  # pixels: A4 less its margins
MAP = "main .map__world"
SHEETS = {"/", "/partners/network/", "/activities/", "/activities/map/world/"}  # with a map


def is_within_its_width(page: Page) -> bool:
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


@pytest.mark.parametrize(("width", "locale"), [(360, "es"), (360, "fr"), (1280, "en")])
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


def test_printed_on_a4_no_table_is_cut(visit: Callable[..., Page], reference_data: None) -> None:
    page, cut = visit(width=PAPER), {}
    page.emulate_media(media="print")
    for path in PAGES:
        page.goto(path)
        widths = page.eval_on_selector_all("main table", "all => all.map(one => one.scrollWidth)")
        cut |= {path: widths} if max(widths, default=0) > PAPER else {}
    assert cut == {}


def test_without_javascript_every_page_says_what_it_says_within_the_width_of_a_telephone(
    visit: Callable[..., Page], reference_data: None
) -> None:
    page = visit(width=360, locale="fr", javascript=False)
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        assert page.get_attribute("html", "lang") == "fr"
        assert page.locator("main h1").is_visible(), path
        assert len(page.locator("main").inner_text()) > 200, path  # noqa: PLR2004 - some words
        assert (page.locator(MAP).count() > 0) == (path in SHEETS), path
        assert all(one.is_visible() for one in page.locator(MAP).all()), path
        tables = page.locator("main .table-region:not(details *)").all()
        assert all(one.is_visible() for one in tables), path
        assert is_within_its_width(page), path


def test_without_javascript_filters_and_the_search_are_asked_by_their_address(
    visit: Callable[..., Page], reference_data: None
) -> None:
    page = visit(width=360, javascript=False)
    page.goto("/activities/")
    page.select_option("main form [name=kind]", "capacity")
    page.click("main form button")
    assert "kind=capacity" in page.url
    rows = page.locator("table").last.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("capacity building" in row for row in rows)

    page.goto("/documents/")
    page.select_option("main form [name=kind]", "strategy")
    page.click("main form button")
    assert "kind=strategy" in page.url
    assert "ICCWC Vision 2030" in page.inner_text("main table")

    page.goto("/search/")
    page.fill("main form [name=q]", "cote divoire")
    page.click("main form button")
    assert "q=cote+divoire" in page.url
    assert "Côte d'Ivoire" in page.inner_text("main")
