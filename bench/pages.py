"""How heavy and how quick each page of the focal point's side is: bytes of a first and of a later
visit, and the time to the first byte, in a real browser against a real server on loopback.

The data are those of the demonstration. Prints a table; ends by itself. Ends with 1 when a first
visit weighs more than the budget of 80 KB. `python -m bench.pages weigh` looks at first visits
alone.
"""

import os
import statistics
import sys
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tools import demo_portal, screens, servers

VISITS = 7
BUDGET = 80 * 1024  # bytes
TTFB = (
    "(() => { const visit = performance.getEntriesByType('navigation')[0];"
    " return visit.responseStart - visit.requestStart })()"
)


def main(arguments: list[str]) -> int:
    visits = 0 if arguments == ["weigh"] else VISITS
    chromium = servers.chromium()
    if chromium is None:
        print("Chromium cannot be had here.")
        return 1
    heavy, cookies = [], {}
    with demo_portal.running() as address, sync_playwright() as player:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        from tools.screen_list import screens as list_of_screens  # noqa: PLC0415

        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{'page':<34} {'first visit':>12} {'later visit':>12} {'TTFB p50':>9} {'max':>7}")
        print(f"{'':<34} {'bytes':>12} {'bytes':>12} {'ms':>9} {'ms':>7}")
        for screen in list_of_screens():
            if screen.then or screen.status != 200:
                continue
            if screen.person not in cookies:
                with screens.signed_in(browser, address, screen.person, "en") as page:
                    cookies[screen.person] = page.context.storage_state()
            context = browser.new_context(
                base_url=address, storage_state=cookies[screen.person]
            )  # signed in, with an empty cache
            first, later, waits = _measure(context, screen.address("en"), visits)
            context.close()
            print(
                f"{screen.name:<34} {first:>12,} {later:>12,} "
                f"{statistics.median(waits):>9.0f} {max(waits):>7.0f}"
            )
            heavy += [screen.name] if first > BUDGET else []
        browser.close()
    print(f"Above {BUDGET:,} bytes: {', '.join(heavy) or 'none'}")
    return 1 if heavy else 0


def _measure(context: BrowserContext, path: str, visits: int) -> tuple[int, int, list[float]]:
    """Bytes of a visit with nothing in the cache, bytes of the next one, and waits in ms."""
    page = context.new_page()
    first = _weigh(page, path)
    waits = [float(page.evaluate(TTFB))]
    if not visits:
        return first, 0, waits
    later = _weigh(page, path)
    for _visit in range(visits):
        page.goto(path)
        waits.append(float(page.evaluate(TTFB)))
    return first, later, waits


def _weigh(page: Page, path: str) -> int:
    """The bytes of everything one visit transfers."""
    finished: list[Any] = []

    def note(request: Any) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    page.goto(path, wait_until="networkidle")
    page.remove_listener("requestfinished", note)
    # Asked for afterwards: asked for while they come in, some would be missing from the sum.
    sizes = [request.sizes() for request in finished]
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
