"""A real Chromium against a real server: one browser for all tests of a file."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from partners.models import User
from tests import make

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium cannot be had here")
    # Playwright keeps an event loop in this thread, which Django would take for async code; and
    # tests of something else, which the same worker runs later, must find none.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def reference_data(transactional_db: None) -> None:
    call_command("load_reference", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115


@pytest.fixture
def visit(
    chromium: Browser, live_server: Any, reference_data: None
) -> Iterator[Callable[..., Page]]:
    """visit(person, width=…, javascript=…) opens a browser of somebody who signed in there."""
    opened: list[BrowserContext] = []

    def open_browser(person: User | None = None, **options: Any) -> Page:
        width, javascript = options.pop("width", 1280), options.pop("javascript", True)
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            base_url=live_server.url,
            **options,
        )
        opened.append(context)
        page = context.new_page()
        if person:
            page.goto("/account/login/")
            page.fill("#id_login", person.email)
            page.fill("#id_password", make.PASSWORD)
            page.click("main form button")
            page.wait_for_url(lambda address: "login" not in address)
        return page

    yield open_browser
    for context in opened:
        context.close()
