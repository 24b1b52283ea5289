"""A list is imported in a real browser, without scripts, on a phone and on a wide screen."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from record.models import Activity
from tests import make
from tests.browser.test_pages import faults_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

LIST = Path(__file__).parent.parent / "data" / "activities" / "questions.csv"
PICTURES = os.environ.get("PICTURES")  # a folder in which to keep what the pages look like


@pytest.mark.parametrize("width", [360, 1280])
def test_an_officer_imports_a_list_and_answers_what_it_leaves_open(
    visit: Callable[..., Page], width: int
) -> None:
    page = visit(make.the_lead(), width=width)
    faults = faults_of(page, "/admin/record/activityimport/read/")
    page.set_input_files("input[type=file]", str(LIST))
    page.get_by_label("Source of the list").fill("List of activities of 3 March 2026")
    _look(page, f"read-{width}")
    page.get_by_role("button", name="Read the file").click()
    batch = page.url
    faults += faults_of(page, batch)
    _look(page, f"questions-{width}")

    page.locator("form:has(input[value='place:burkino faso']) select").select_option("parties:BFA")
    page.locator("form:has(input[value='place:burkino faso']) button").click()
    page.get_by_role("link", name="Take the good rows over").click()
    faults += faults_of(page, page.url)
    page.get_by_role("button", name="Take the good rows over").click()
    faults += faults_of(page, page.url)
    _look(page, f"taken-{width}")
    faults += faults_of(page, "/admin/record/activityimport/")

    assert faults == []
    assert page.url.startswith(batch.partition("/admin/")[0])
    assert sorted(one.title_en for one in Activity.objects.filter(state="draft")) == [
        "Training at the border",
        "Training in the capital",
    ]


def _look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
