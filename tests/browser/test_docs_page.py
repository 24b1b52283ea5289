"""The page of the API's description: whoever is signed in tries calls there with the session."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from history.models import Event
from partners.models import Agency
from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

DOCS = "/api/v1/docs/"


def operation(page: Page, method: str, path: str) -> Locator:
    """One call on the page, opened and ready to be tried."""
    block = page.locator(f".opblock-{method}", has=page.locator(f'[data-path="{path}"]'))
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    return block


def executed(block: Locator) -> tuple[str, Any]:
    """Status and body of the answer that the page shows."""
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response").first
    status = answer.locator(".response-col_status").inner_text().split()[0]
    return status, json.loads(answer.locator(".highlight-code code").first.inner_text())


def test_an_officer_reads_and_acts_on_the_page_of_the_description(
    visit: Callable[..., Page],
) -> None:
    referral = make.referral()
    officer = make.agency_officer(Agency.objects.get(code="INTERPOL"))
    page = visit(officer)
    page.goto(DOCS)
    assert f"You are signed in as {officer.name}." in page.locator("body > header").inner_text()

    reading = operation(page, "get", "/api/v1/referrals/{id}/")
    reading.locator('tr[data-param-name="id"] input').fill(str(referral.pk))
    status, body = executed(reading)
    assert (status, body["id"], body["state"]) == ("200", referral.pk, "sent")
    headers = reading.locator(".live-responses-table .headers-wrapper, .live-responses-table pre")
    tag = next(
        line.partition(":")[2].strip()
        for text in headers.all_inner_texts()
        for line in text.splitlines()
        if line.strip().casefold().startswith("etag:")
    )

    acting = operation(page, "post", "/api/v1/referrals/{id}/actions/accept/")
    acting.locator('tr[data-param-name="id"] input').fill(str(referral.pk))
    acting.locator('tr[data-param-name="If-Match"] input').fill(tag)
    acting.locator("textarea.body-param__text").fill('{"comment": "From the page."}')
    status, body = executed(acting)

    assert (status, body["state"]) == ("200", "accepted")
    event = Event.objects.get(kind="referrals.accept")
    assert (event.subject_id, event.actor_kind, event.actor_id) == (referral.pk, "user", officer.pk)


def test_who_is_not_signed_in_gets_what_is_public_and_a_problem_for_the_rest(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    page.goto(DOCS)
    assert page.locator("body > header").count() == 0
    status, body = executed(operation(page, "get", "/api/v1/agencies/"))
    assert (status, len(body["results"])) == ("200", 5)
    status, body = executed(operation(page, "get", "/api/v1/referrals/"))
    assert (status, body["code"]) == ("401", "not_authenticated")


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript_the_page_leads_to_the_description(
    visit: Callable[..., Page], width: int
) -> None:
    page = visit(make.agency_officer(), width=width, javascript=False)
    page.goto(DOCS)
    links = page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert links == ["/api/v1/schema/", "/api/v1/problems/"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_ours_of_the_page_is_accessible(visit: Callable[..., Page]) -> None:
    page = visit(make.agency_officer())
    page.goto(DOCS)
    page.locator(".opblock").first.wait_for()
    found = Axe().run(page, context={"exclude": [["#swagger-ui"]]}).response["violations"]
    assert [one["id"] for one in found] == []
