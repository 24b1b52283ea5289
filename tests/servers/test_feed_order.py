"""The change feed never skips: writers and a reader in processes of their own, on both engines."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.servers.conftest import Install
from tests.servers.installation import ROOT, Installation
from tests.servers.mailbox import Mailbox

pytestmark = [pytest.mark.servers]
WRITERS = 4


def begin(portal: Installation, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.servers.feed_acts", *arguments]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=portal.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def result(process: "subprocess.Popen[str]") -> list[int]:
    said = process.communicate(timeout=90)[0]
    assert process.returncode == 0, said
    return list(json.loads(said.splitlines()[-1]))


def test_a_reader_of_the_feed_meets_every_event_once_in_order_whatever_the_writers_do(
    install: Install,
) -> None:
    with Mailbox() as mailbox:
        portal = install(mailbox)
        readers = [begin(portal, "follow_history") for _each in range(2)]
        writers = [begin(portal, "write_history", str(n)) for n in range(WRITERS)]
        written = [result(writer) for writer in writers]
        there = result(begin(portal, "end_history"))
        met = [result(reader) for reader in readers]

    assert met == [there, there]
    assert there[:-1] == sorted(pk for ids in written for pk in ids)
    # The writers really took turns.
    writer_of = {pk: number for number, ids in enumerate(written) for pk in ids}
    turns = [writer_of[pk] for pk in there[:-1]]
    assert sum(one != other for one, other in pairwise(turns)) > 2 * WRITERS
