"""How heavy and how quick each page of the focal point's side is: bytes of a first and of a later
visit, and the time to the first byte, in a real browser against a real server on loopback.

The data are those of the demonstration. Prints a table; ends by itself. Ends with 1 when a first
visit weighs more than the budget of 80 KB.
"""

import os
import statistics
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools import demo_portal, screens, servers

VISITS = 7
BUDGET = 80 * 1024  # bytes
TTFB = (
    "(() => { const visit = performance.getEntriesByType('navigation')[0];"
    " return visit.responseStart - visit.requestStart })()"
)


def main() -> int:
    chromium = servers.chromium()
    if chromium is None:
        print("Chromium cannot be had here.")
        return 1
    with demo_portal.running() as address, sync_playwright() as player:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        from tools.screen_list import screens as list_of_screens  # noqa: PLC0415

        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{'page':<34} {'first visit':>12} {'later visit':>12} {'TTFB p50':>9} {'max':>7}")
        print(f"{'':<34} {'bytes':>12} {'bytes':>12} {'ms':>9} {'ms':>7}")
        heavy = []
        for screen in list_of_screens():
            if screen.then or screen.status != 200:
                continue
            first, later, waits = _measure(browser, address, screen.person, screen.address("en"))
            print(
                f"{screen.name:<34} {first:>12,} {later:>12,} "
                f"{statistics.median(waits):>9.0f} {max(waits):>7.0f}"
            )
            heavy += [screen.name] if first > BUDGET else []
        browser.close()
    print(f"Above {BUDGET:,} bytes: {', '.join(heavy) or 'none'}")
    return 1 if heavy else 0


def _measure(
    browser: Browser, address: str, person: str, path: str
) -> tuple[int, int, list[float]]:
    """Bytes of a visit with nothing in the cache, bytes of the next one, and waits in ms."""
    with screens.signed_in(browser, address, person, "en") as page:
        cookies = page.context.cookies()
    context = browser.new_context(base_url=address)
    context.add_cookies(cookies)  # signed in, with an empty cache
    first = _weigh(context.new_page(), lambda page: page.goto(path, wait_until="networkidle"))
    again = context.new_page()
    later = _weigh(again, lambda page: page.goto(path, wait_until="networkidle"))
    waits = [_wait(again, path) for _visit in range(VISITS)]
    context.close()
    return first, later, waits


def _weigh(page: Page, visit: Callable[[Page], Any]) -> int:
    sizes: list[int] = []

    def note(request: Any) -> None:
        if request.response() and not request.response().from_service_worker:
            counted = request.sizes()
            sizes.append(counted["responseBodySize"] + counted["responseHeadersSize"])

    page.on("requestfinished", note)
    visit(page)
    return sum(sizes)


def _wait(page: Page, path: str) -> float:
    page.goto(path)
    return float(page.evaluate(TTFB))


if __name__ == "__main__":
    sys.exit(main())
