"""The search in a real browser: narrow and wide, for everybody and for an officer, and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import make
from tests.browser.test_pages import WHAT_IS_SHOWN_FOR_AN_ERROR, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = ["/search/", "/search/?q=customs", "/search/?q=nothingofthekind", "/search/?q=!!"]
WHAT_IS_SHOWN_FOR_AN_ERROR["/search/?q=!!"] = 400


@pytest.mark.parametrize("width", [360, 1280])
def test_the_search_has_no_fault(
    visit: Callable[..., Page], reference_data: None, width: int
) -> None:
    make.news_item(title_en="Customs seized ivory", lead_fr="La douane a saisi de l’ivoire.")
    for person in (None, make.officer()):
        page = visit(person, width=width) if person else visit(width=width, locale="fr")
        assert [fault for path in ADDRESSES for fault in faults_of(page, path)] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_from_any_page_a_search_is_two_steps_away(
    visit: Callable[..., Page], reference_data: None, width: int
) -> None:
    """On a wide page the box stands above; on a narrow one a link leads to it."""
    page = visit(width=width)
    page.goto("/contact/")
    if width < 768:
        page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_role("searchbox").fill("vietnam")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=vietnam")
    page.get_by_role("link", name="Viet Nam").first.click()
    page.wait_for_url("**/toolkit/vnm/")
