"""Errands to the broker: nobody waits for them, and none stops those that follow."""

import os
import threading

import pytest

from outbox import aside


def test_whoever_asks_does_not_wait_and_errands_are_done_in_their_order() -> None:
    may_begin, done = threading.Event(), list[int]()
    aside.aside(may_begin.wait)
    for number in range(3):
        aside.aside(lambda number=number: done.append(number))
    assert done == []
    may_begin.set()
    aside.finish()
    assert done == [0, 1, 2]


def test_one_that_fails_is_told_and_the_next_one_done(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise ConnectionError("the broker is away")

    done = list[int]()
    aside.aside(broken)
    aside.aside(lambda: done.append(1))
    aside.finish()
    assert done == [1]
    assert ["the broker is away" in (record.exc_text or "") for record in caplog.records] == [True]


def test_while_a_broker_is_away_errands_do_not_pile_up_and_nobody_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aside, "_MOST", 3)
    monkeypatch.setattr(aside, "_runner", aside._Runner())
    begun, may_end, done = threading.Event(), threading.Event(), list[int]()

    def away() -> None:
        begun.set()
        may_end.wait()

    aside.aside(away)
    assert begun.wait(5)
    for number in range(10):
        aside.aside(lambda number=number: done.append(number))
    aside.finish(0.01)  # no longer than it is told
    may_end.set()
    while len(done) < 3:
        aside.finish()
    assert done == [0, 1, 2]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
def test_a_process_that_was_forked_does_its_own_errands() -> None:
    aside.aside(lambda: None)
    aside.finish()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        aside.aside(lambda: os.write(theirs, b"done"))
        aside.finish()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(ours, 10) == b"done"
    os.close(ours)
    os.close(theirs)
