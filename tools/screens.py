"""make screens: pictures of every page of the focal point's side and of the desk, at two widths, in
three languages, under var/screens/ with an index page. Ends with 1 when a page did not answer as
it should, so that a picture of an error page is never taken for the page.

`python -m tools.screens check fr` takes no pictures: it looks at every page in that language for
violations of accessibility (axe), errors on the console and anything wider than the screen.
"""

import html
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import Error as PageError

from tools import demo_portal, servers

WIDTHS = (360, 1280)
LANGUAGES = ("en", "fr", "es")
FOLDER = Path(os.environ.get("VAR_DIR") or demo_portal.ROOT / "var") / "screens"
LONGEST = 6_000  # pixels; a longer page is cut


@dataclass(frozen=True)
class Screen:
    """One page in one state. `path` is an address, or tells it for a language once the data are
    there; `then` is what somebody does on the page before the picture is taken."""

    def address(self, language: str) -> str:
        return self.path if isinstance(self.path, str) else self.path(language)

    name: str
    person: str  # the login of a demo account; empty for somebody who has not signed in
    path: str | Callable[[str], str]
    then: Callable[[Page], Any] | None = None
    status: int = 200


Look = Callable[[Page, Screen, str], Iterator[str]]  # gives what is wrong, a sentence each


def main(arguments: list[str]) -> int:
    checking = arguments[:1] == ["check"]
    languages = arguments[1:] or LANGUAGES
    chromium = servers.chromium()
    if chromium is None:
        print("Chromium cannot be had here.")
        return 1
    wrong: list[str] = []
    with demo_portal.running() as address, sync_playwright() as player:
        # Django would take the event loop that Playwright keeps for async code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        from tools.screen_list import screens  # noqa: PLC0415 - needs a loaded Django

        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        every = screens()
        for language in languages:
            for person in dict.fromkeys(screen.person for screen in every):
                its = [screen for screen in every if screen.person == person]
                look = _judge if checking else _take
                wrong += _visit(browser, address, person, language, its, look)
        browser.close()
    if not checking:
        _write_index([screen.name for screen in every])
        print(f"{len(every) * len(WIDTHS) * len(languages)} pictures: {FOLDER / 'index.html'}")
    print("\n".join(wrong) or f"{len(every)} pages looked at in {', '.join(languages)}: no fault")
    return 1 if wrong else 0


def _visit(
    browser: Browser, address: str, person: str, language: str, screens: list[Screen], look: Look
) -> Iterator[str]:
    with signed_in(browser, address, person, language) as page:
        for screen in screens:
            yield from look(page, screen, language)


def _open(page: Page, screen: Screen, path: str) -> Iterator[str]:
    answer = page.goto(path)
    if answer is None or answer.status != screen.status:
        yield f"{screen.name}: {path} answered {answer and answer.status}"
    if screen.then:
        screen.then(page)


def _take(page: Page, screen: Screen, language: str) -> Iterator[str]:
    """The pictures of one page."""
    path = screen.address(language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield from _open(page, screen, path)
        _shoot(page, FOLDER / language / str(width) / f"{screen.name}.png", width)


def _judge(page: Page, screen: Screen, language: str) -> Iterator[str]:
    """One page on a telephone's screen, judged by axe, by its console and by its width."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            said.append(message.text)

    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.on("console", listen)
    yield from _open(page, screen, screen.address(language))
    page.remove_listener("console", listen)  # axe itself applies styles, which the CSP refuses
    for line in said:
        yield f"{screen.name} ({language}) console: {line}"
    for found in _violations(page):
        where = found["nodes"][0]["html"][:150]
        yield f"{screen.name} ({language}) axe {found['id']}: {where}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{screen.name} ({language}) is wider than the screen"


def _violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds. A page that a click has led to may still be on its way: once more then."""
    try:
        found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    except PageError:
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
    return found


@contextmanager
def signed_in(browser: Browser, address: str, person: str, language: str) -> Iterator[Page]:
    """A page of a browser in which the demo account reads the portal in that language."""
    from iccwc_portal.demo import accounts  # noqa: PLC0415 - needs a loaded Django
    from partners.models import User  # noqa: PLC0415

    context = browser.new_context(base_url=address, locale=language)
    page = context.new_page()
    if person:
        email = f"{person}@example.org"
        User.objects.filter(email=email).update(language=language)
        page.goto("/account/login/")
        page.fill("#id_login", email)
        page.fill("#id_password", accounts.read()[email]["password"])
        page.click("main form button")
        page.wait_for_url(lambda url: "login" not in url)
    yield page
    context.close()


def _shoot(page: Page, path: Path, width: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=path)


def _write_index(names: list[str]) -> None:
    """A page of links and small pictures, by page and language."""
    rows = "\n".join(
        f"<h2>{html.escape(name)}</h2><p>"
        + " ".join(
            f'<a href="{language}/{width}/{name}.png">'
            f'<img src="{language}/{width}/{name}.png" loading="lazy" height="240" '
            f'alt="{html.escape(name)}, {language}, {width} pixels"></a>'
            for language in LANGUAGES
            for width in WIDTHS
        )
        + "</p>"
        for name in names
    )
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title>'
        f"<h1>Screens of the portal</h1>\n{rows}\n</html>\n"
    )
    (FOLDER / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
