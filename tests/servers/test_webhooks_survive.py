"""Killed workers and dead receivers: every event arrives, twice only under the same id."""

import json
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.servers.conftest import Install
from tests.servers.installation import ROOT, Installation
from tests.servers.mailbox import Mailbox
from tests.webhooks.receiver import Receiver, hangs

pytestmark = [pytest.mark.servers]

_ACTS = [sys.executable, "-m", "tests.servers.webhook_acts"]


def _act(portal: Installation, name: str, *arguments: object) -> Any:
    said = portal._run(*_ACTS, name, *map(str, arguments))
    return json.loads(said.splitlines()[-1])


def _installed(install: Install, mailbox: Mailbox) -> Installation:
    portal = install(mailbox)
    portal.env["DEMO"] = "1"  # webhooks may call loopback
    return portal


@pytest.mark.parametrize("point", ["claimed", "told", "about to send", "sent", "half noted"])
def test_a_worker_killed_at_any_point_loses_nothing_and_repeats_only_under_the_same_id(
    install: Install, point: str
) -> None:
    with Mailbox() as mailbox, Receiver() as receiver:
        portal = _installed(install, mailbox)
        _act(portal, "subscribe", receiver.url)
        recorded = set(_act(portal, "record_events", 20))
        killed = subprocess.run(
            [*_ACTS, "die_at", point], cwd=ROOT, env=portal.env, capture_output=True, check=False
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        came_before = receiver.counts()

        _act(portal, "sweep")
        assert receiver.counts() == came_before, "the lease of the dead worker stands"
        _act(portal, "end_leases")
        _act(portal, "sweep")

        assert receiver.events() == recorded
        assert len(receiver.counts()) == len(recorded)
        repeated = {one for one, times in receiver.counts().items() if times > 1}
        assert repeated == set(came_before)
        assert _act(portal, "states") == {"sent": 20}


def test_a_worker_killed_under_load_and_a_lost_broker_lose_no_event(install: Install) -> None:
    with Mailbox() as mailbox, Receiver() as receiver, Receiver(hangs) as dead:
        portal = _installed(install, mailbox)
        _act(portal, "subscribe", receiver.url, dead.url)
        portal.start("beat")
        portal.start("worker")
        recorded = set(_act(portal, "record_events", 100))
        receiver.wait_for(1)
        portal.kill("worker")
        portal.lose_broker_data()
        recorded |= set(_act(portal, "record_events", 50))
        _act(portal, "end_leases")
        portal.start("worker")
        receiver.wait_for(150, seconds=60)
        time.sleep(1)

        assert receiver.events() == recorded
        assert len(receiver.counts()) == 150
        assert len(dead.counts()) >= 1


def test_two_workers_send_each_event_once(install: Install) -> None:
    with Mailbox() as mailbox, Receiver() as receiver, Receiver() as other:
        portal = _installed(install, mailbox)
        portal.break_broker()
        _act(portal, "subscribe", receiver.url, other.url)
        recorded = set(_act(portal, "record_events", 100))
        begun = [
            subprocess.Popen(
                [*_ACTS, "sweep"], cwd=ROOT, env=portal.env, stdout=subprocess.PIPE, text=True
            )
            for _each in range(2)
        ]
        made = [int(one.communicate()[0].splitlines()[-1]) for one in begun]

        assert sum(made) == 200
        for one in (receiver, other):
            assert one.events() == recorded
            assert set(one.counts().values()) == {1}
