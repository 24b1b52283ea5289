"""Every page in a real browser: accessible, inside its width, light, and from one host."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from partners.models import Agency, Party
from requests_app.models import SupportRequest
from tests import make
from tests.browser.weights import transferred

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

PUBLIC = [
    "/", "/toolkit/", "/toolkit/?as_of=2015-11-09", "/toolkit/?as_of=0000-01-01", "/toolkit/vnm/",
    "/partners/", "/contact/", "/account/login/", "/account/password/reset/", "/nowhere/",
    "/api/v1/problems/",
]  # fmt: skip
WHAT_IS_SHOWN_FOR_AN_ERROR = {"/toolkit/?as_of=0000-01-01": 400, "/nowhere/": 404}
BUDGET = 80 * 1024  # design §11: the first visit to a page, everything transferred


def pages_of(name: str, case: SupportRequest) -> list[str]:
    request = f"/requests/{case.reference}/"
    desk = "/admin/requests_app/supportrequest/"
    referral = case.referrals.get().pk
    return {
        "focal point": [
            "/account/", "/requests/", "/requests/new/", request, f"{request}actions/withdraw/",
        ],
        "officer of INTERPOL": [
            "/requests/", request, "/inbox/", f"/inbox/{referral}/",
            f"/inbox/{referral}/actions/accept/",
        ],
        "lead": [
            "/admin/", desk, f"{desk}{case.pk}/change/", f"{desk}{case.pk}/actions/accept/",
            "/admin/toolkit/implementation/", "/admin/outbox/message/", "/admin/history/event/",
            "/admin/partners/mandate/add/", "/admin/partners/party/",
        ],
    }[name]  # fmt: skip


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with one page at its present width: axe, console, overflow, status."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 40" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    answer = page.goto(path, wait_until="load")
    page.remove_listener("console", listen)  # axe itself applies styles, which the CSP refuses
    assert answer is not None
    faults = [f"{path} console: {line}" for line in said]
    if answer.status != WHAT_IS_SHOWN_FOR_AN_ERROR.get(path, 200):
        faults.append(f"{path} answers {answer.status}")
    for found in Axe().run(page).response["violations"]:
        faults.append(f"{path} axe {found['id']}: {found['nodes'][0]['html'][:150]}")
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    if page.evaluate(too_wide):
        faults.append(f"{path} is wider than the screen")
    return faults


@pytest.fixture
def case(reference_data: None) -> SupportRequest:
    return make.request_in("referred", agencies=("INTERPOL",))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_the_public_pages_have_no_fault(
    visit: Callable[..., Page], width: int, locale: str
) -> None:
    page = visit(width=width, locale=locale)
    assert [fault for path in PUBLIC for fault in faults_of(page, path)] == []
    page.goto("/")
    assert page.get_attribute("html", "lang") == locale


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["focal point", "officer of INTERPOL", "lead"])
def test_the_pages_of_a_role_have_no_fault(
    visit: Callable[..., Page], case: SupportRequest, name: str, width: int
) -> None:
    person = {
        "focal point": lambda: make.focal_point(Party.objects.get(code="KEN"), language="fr"),
        "officer of INTERPOL": lambda: make.agency_officer(
            Agency.objects.get(code="INTERPOL"), language="es"
        ),
        "lead": make.lead,
    }[name]()
    page = visit(person, width=width)
    assert [fault for path in pages_of(name, case) for fault in faults_of(page, path)] == []


def test_a_first_visit_is_light_and_asks_no_other_host(
    visit: Callable[..., Page], live_server: Any
) -> None:
    weights = {}
    for path in ["/", "/toolkit/", "/toolkit/vnm/", "/partners/", "/contact/", "/account/login/"]:
        page = visit()
        finished: list[Any] = []

        def note(request: Any, finished: list[Any] = finished) -> None:
            finished.append(request)

        page.on("requestfinished", note)
        page.goto(path, wait_until="networkidle")
        assert {one.url.split("/")[2] for one in finished} == {live_server.url.split("/")[2]}
        weights[path] = transferred(finished)
    assert {path: weight for path, weight in weights.items() if weight > BUDGET} == {}
    assert all(weights.values())
