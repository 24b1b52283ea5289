"""Killed workers and dead receivers: every event arrives, twice only under the same id."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.servers.conftest import Install
from tests.servers.installation import ROOT, Installation
from tests.servers.mailbox import Mailbox
from tests.webhooks.receiver import Receiver, hangs

pytestmark = [pytest.mark.servers]


class Acts:
    """The functions of tests/servers/webhook_acts.py, each in a process of its own inside an
    installation."""

    def __init__(self, portal: Installation) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.webhook_acts"],
            cwd=ROOT, env=portal.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ends(self, name: str, *arguments: object, times: int = 1) -> list[tuple[int, Any]]:
        """Of so many processes at the same time: how each ended, and what it gave."""
        assert self.process.stdin
        assert self.process.stdout
        line = json.dumps([times, name, [str(one) for one in arguments]])
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        return [(ended, given) for ended, given in said]

    def __call__(self, name: str, *arguments: object, times: int = 1) -> Any:
        said = self.ends(name, *arguments, times=times)
        assert [ended for ended, _given in said] == [0] * times
        given = [one for _ended, one in said]
        return given if times > 1 else given[0]


@contextmanager
def _acts_in(portal: Installation) -> Iterator[Acts]:
    acts = Acts(portal)
    try:
        yield acts
    finally:
        acts.process.kill()
        acts.process.communicate()


def _installed(install: Install, mailbox: Mailbox) -> Installation:
    portal = install(mailbox)
    portal.env["DEMO"] = "1"  # webhooks may call loopback
    return portal


# Between the commit of the events and the end of the round; in between a lease is held.
HELD = ["claimed", "told", "about to send", "sent", "half noted"]


@pytest.mark.parametrize("point", ["woken", *HELD, "noted"])
def test_a_worker_killed_at_any_point_loses_nothing_and_repeats_only_under_the_same_id(
    install: Install, point: str
) -> None:
    with Mailbox() as mailbox, Receiver() as receiver:
        portal = _installed(install, mailbox)
        with _acts_in(portal) as act:
            act("subscribe", receiver.url)
            recorded = set(act("record_events", 20))
            assert act.ends("die_at", point) == [(-signal.SIGKILL, None)]
            came_before = receiver.counts()

            if point in HELD:
                act("sweep")
                assert receiver.counts() == came_before, "the lease of the dead worker stands"
                act("end_leases")
            act("sweep")

            assert receiver.events() == recorded
            assert len(receiver.counts()) == len(recorded)
            repeated = {one for one, times in receiver.counts().items() if times > 1}
            assert repeated == (set() if point == "noted" else set(came_before))
            assert act("states") == {"sent": 20}


def test_a_worker_killed_under_load_and_a_lost_broker_lose_no_event(install: Install) -> None:
    with Mailbox() as mailbox, Receiver() as receiver, Receiver(hangs) as dead:
        portal = _installed(install, mailbox)
        portal.start("beat")
        portal.start("worker")
        with _acts_in(portal) as act:
            act("subscribe", receiver.url, dead.url)
            recorded = set(act("record_events", 100))
            receiver.wait_for(1)
            portal.kill("worker")
            portal.lose_broker_data()
            recorded |= set(act("record_events", 50))
            act("end_leases")
            portal.start("worker")
            receiver.wait_for(150)

            assert receiver.events() == recorded
            assert len(receiver.counts()) == 150
            assert len(dead.counts()) >= 1


def test_two_workers_send_each_event_once(install: Install) -> None:
    with Mailbox() as mailbox, Receiver() as receiver, Receiver() as other:
        portal = _installed(install, mailbox)
        portal.break_broker()
        with _acts_in(portal) as act:
            act("subscribe", receiver.url, other.url)
            recorded = set(act("record_events", 100))
            made = act("sweep", times=2)

            assert sum(made) == 200
            for one in (receiver, other):
                assert one.events() == recorded
                assert set(one.counts().values()) == {1}


def test_the_tests_of_a_key_are_counted_in_all_processes_together(install: Install) -> None:
    with Mailbox() as mailbox, Receiver() as receiver:
        portal = _installed(install, mailbox)
        with _acts_in(portal) as act:
            key = act("subscribe", receiver.url)
            # A minute may end meanwhile, and begin anew once.
            said = [act("send_test", key, 3) for _each in range(7)]

            assert set(said) == {"ok", "too many"}
            assert receiver.kinds() == ["webhook.test"] * said.count("ok")
