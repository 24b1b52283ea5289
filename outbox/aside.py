"""What is done beside the call that asked for it: nobody waits for a broker, be it slow or away."""

import atexit
import logging
import os
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

Errand = Callable[[], object]

_MOST = 1000  # that wait: with a broker that is away each takes seconds
_AT_THE_END = 2.0  # seconds that a process stays for what is still to do


class _Runner:
    """One thread of this process, begun with its first errand."""

    def __init__(self) -> None:
        self.errands: queue.Queue[Errand] = queue.Queue(_MOST)
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def take(self, errand: Errand) -> None:
        self.errands.put_nowait(errand)
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="aside", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        while True:
            errand = self.errands.get()
            try:
                errand()
            # Whatever the broker does: the thread must live for those that come after, the log
            # keeps the error, and the sweep sees to this one.
            except Exception:
                log.exception("an errand failed")


_runner = _Runner()


def aside(errand: Errand) -> None:
    """Do it soon, in another thread, in the order of asking; for a call to the broker or the
    cache, not to the database.

    It may be lost: with the process, or when too many wait. Something must look again by the
    clock, as the sweeps do.
    """
    try:
        _runner.take(errand)
    except queue.Full:
        log.warning("too many errands wait: the sweep will see to this one")


def finish(within: float = _AT_THE_END) -> None:
    """Wait until all is done that was asked for before, but no longer than so many seconds."""
    if _runner.thread is None:
        return
    done = threading.Event()
    try:
        _runner.take(done.set)
    except queue.Full:
        return
    done.wait(within)


def _begin_anew() -> None:
    """A process that was forked has no thread; what its parent was asked for, the parent does."""
    global _runner  # noqa: PLW0603 - one for each process
    _runner = _Runner()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(finish)
