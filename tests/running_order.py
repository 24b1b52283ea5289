"""In which order pytest's workers take the tests, when there are several (`make test`).

pytest-xdist 3.8 does not see its own marks of groups under pytest 9.2, where an item's id is no
longer what a plugin writes there: so a test's group is told by its file.
"""

from xdist.scheduler import LoadScopeScheduling

# These share one portal and change its data: in the order of their names, with one worker.
PORTAL = {
    "tests/api/test_guide.py",
    "tests/api/test_schemathesis.py",
    "tests/servers/test_every_page.py",
    "tests/tools/test_run.py",
}


class LongOnesFirst(LoadScopeScheduling):
    """Tests with servers of their own take minutes and mostly wait. One worker does those with a
    portal, one those with installations, from the beginning, as larger groups come first; the
    others do the rest, one by one. All tests with a browser share one browser."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file in PORTAL:
            return "portal"
        if file.startswith(("tests/servers/", "tests/browser/")):
            return file.split("/")[1]
        return nodeid
