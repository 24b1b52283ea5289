"""The two pairs of servers that the portal runs on; `make test` brings those that are missing."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.installation import Installation, ServedInstallation
from tests.servers.mailbox import Mailbox

Install = Callable[[Mailbox], Installation]


@pytest.fixture(params=["SQLite and folders", "PostgreSQL and Redis"])
def install(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Install]:
    """Makes an installation that posts to the given mailbox; once on each pair."""
    addresses = [os.environ.get(name) for name in ("POSTGRES_URL", "REDIS_SERVER_URL")]
    served = request.param == "PostgreSQL and Redis"
    if served and not all(addresses):
        pytest.skip("no PostgreSQL and Redis here: run `make test`, which brings them")
    with ExitStack() as installed:

        def make(mailbox: Mailbox) -> Installation:
            made = (
                ServedInstallation(tmp_path, mailbox.url, *addresses)
                if served
                else Installation(tmp_path, mailbox.url)
            )
            return installed.enter_context(made)

        yield make
