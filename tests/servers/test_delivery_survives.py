"""Killed workers, lost brokers: every message arrives, and only the one in flight twice."""

import pytest

from tests.servers.conftest import Install
from tests.servers.mailbox import Mailbox

pytestmark = [pytest.mark.servers]


def test_a_killed_worker_and_a_lost_broker_lose_nothing_and_repeat_only_what_was_in_flight(
    install: Install,
) -> None:
    with Mailbox(seconds=0.03) as mailbox:
        portal = install(mailbox)
        portal.start("beat")
        portal.start("worker")
        owed = portal.act("owe_letters", 200)
        mailbox.wait_for(60)

        portal.kill("worker")
        in_flight = portal.act("leased")
        portal.lose_broker_data()
        arrived_before = set(mailbox.counts())
        portal.start("worker")
        mailbox.wait_for(200)
        portal.wait_until_all_are("sent")

        assert 60 <= len(arrived_before) < 200
        assert set(mailbox.counts()) == set(owed)
        repeated = {number: times for number, times in mailbox.counts().items() if times > 1}
        assert len(in_flight) <= 1
        assert repeated in ({}, dict.fromkeys(in_flight, 2))
        # Where this takes long, other work of the schedule has had its turn too.
        assert {"sweep", "beat"} <= set(portal.act("heartbeats"))


def test_a_worker_goes_on_after_the_broker_lost_its_data_under_it(install: Install) -> None:
    with Mailbox() as mailbox:
        portal = install(mailbox)
        portal.start("worker")
        first = portal.act("owe_letters", 1)
        mailbox.wait_for(1)

        portal.lose_broker_data()
        second = portal.act("owe_letters", 1)
        mailbox.wait_for(2, seconds=15)

        portal.wait_until_all_are("sent")
        assert mailbox.counts() == {first[0]: 1, second[0]: 1}


def test_a_broker_nobody_can_reach_does_not_undo_the_commit_and_the_sweep_delivers(
    install: Install,
) -> None:
    with Mailbox() as mailbox:
        portal = install(mailbox)
        portal.break_broker()

        owed = portal.act("owe_letters", 3)

        assert portal.act("states") == {"due": 3}
        assert portal.act("sweep_once") == 3
        assert mailbox.counts() == dict.fromkeys(owed, 1)


def test_several_processes_that_claim_at_once_send_each_message_once(install: Install) -> None:
    with Mailbox(seconds=0.005) as mailbox:
        portal = install(mailbox)
        portal.break_broker()
        owed = portal.act("owe_letters", 100)

        sweepers = [portal.begin("deliver_all") for _each in range(4)]
        sent = [int(sweeper.communicate()[0].splitlines()[-1]) for sweeper in sweepers]

        assert mailbox.counts() == dict.fromkeys(owed, 1)
        assert sum(sent) == 100
        assert portal.act("states") == {"sent": 100}


def test_a_mail_server_that_was_away_gets_its_messages_when_it_is_back(install: Install) -> None:
    away = Mailbox()
    portal = install(away)
    owed = portal.act("owe_letters", 2)
    assert portal.act("sweep_once") == 0
    assert portal.act("states") == {"failed": 2}

    with Mailbox(port=away.port) as back:
        assert portal.act("sweep_once") == 0, "it is not time yet to try again"
        portal.act("make_all_due")
        assert portal.act("sweep_once") == 2

        assert back.counts() == dict.fromkeys(owed, 1)
        assert portal.act("states") == {"sent": 2}
