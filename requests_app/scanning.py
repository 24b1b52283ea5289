"""Asking the virus scanner (clamd) about stored files: what it has not passed stays closed.

Without a scanner (CLAMAV_URL is empty) files are open at once. With one, a file opens on an
explicit "OK" alone; silence, an error or an answer nobody understands leaves it waiting.
"""

import logging
import random
import time
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outbox.models import beat
from requests_app.models import Scan, StoredFile

log = logging.getLogger(__name__)

HEARTBEAT = "virus scanner"
SWEEP_EVERY = timedelta(minutes=1)
_ENOUGH = 0.5  # of the time until the next sweep: a silent scanner may take its time-out on top


class NoVerdict(Exception):
    """The scanner said neither that the file is clean nor that it is not."""


def kinds_of_files() -> list[type[StoredFile]]:
    """The models of files, of every app."""
    return [model for model in apps.get_models() if issubclass(model, StoredFile)]


def ask_about(stored: StoredFile) -> None:
    """Set what a new file begins with and, once it is stored for certain, have it looked at.

    Call before the row is saved, in its transaction.
    """
    if not settings.CLAMAV_URL:
        stored.scan = Scan.NOT_ASKED
        return
    stored.scan = Scan.WAITING
    # Robust: with the broker down the file waits, and the sweep finds it.
    transaction.on_commit(partial(_wake_worker, stored), robust=True)


def _wake_worker(stored: StoredFile) -> None:
    current_app.send_task("requests_app.tasks.scan", [stored._meta.label_lower, stored.pk])


def look_at(kind: type[StoredFile], pk: int) -> bool:
    """Have one waiting file judged; False when there was no verdict and it waits on."""
    rows: Any = kind._base_manager
    stored = rows.filter(pk=pk, scan=Scan.WAITING).first()
    if stored is None:
        return True
    try:
        with stored.file.open("rb") as content:
            found = _verdict(content)
    except (NoVerdict, OSError) as trouble:
        log.error("%s %s is still unchecked: %s", kind._meta.label_lower, pk, trouble)
        return False
    # Only what still waits: another worker may have asked at the same moment.
    rows.filter(pk=pk, scan=Scan.WAITING).update(scan=found, scanned_at=timezone.now())
    if found == Scan.REFUSED:
        _remove_file(stored)
    return True


def sweep() -> int:
    """Have every waiting file judged; how many were. The heartbeat shows that the scanner answers.

    In no fixed order: a file over which the scanner falls silent must not keep back the rest.
    """
    started, judged = time.monotonic(), 0
    waiting: list[tuple[type[StoredFile], int]] = []
    for kind in kinds_of_files():
        rows: Any = kind._base_manager
        for stored in rows.filter(scan=Scan.REFUSED).exclude(file=""):
            _remove_file(stored)  # whoever refused it was stopped before the removal
        if settings.CLAMAV_URL:
            found = rows.filter(scan=Scan.WAITING).values_list("pk", flat=True)
            waiting += [(kind, pk) for pk in found]
    random.shuffle(waiting)
    for kind, pk in waiting:
        judged += look_at(kind, pk)
        if time.monotonic() - started > _ENOUGH * SWEEP_EVERY.total_seconds():
            break
    if answers():
        beat(HEARTBEAT, SWEEP_EVERY)
    return judged


def answers() -> bool:
    """Is there a scanner at work, as far as one is wanted?"""
    if not settings.CLAMAV_URL:
        return True
    try:
        return _clamd().ping().strip() == "PONG"
    except (ClamdError, OSError, ValueError) as trouble:
        log.error("the virus scanner does not answer: %s", trouble)
        return False


def _verdict(content: Any) -> Scan:
    try:
        said = _clamd().instream(content)
    except (ClamdError, OSError, ValueError) as trouble:
        raise NoVerdict(f"{type(trouble).__name__}: {trouble}") from trouble
    match list(said.values()):
        case [("OK", None)]:
            return Scan.CLEAN
        case [("FOUND", virus)]:
            log.warning("the virus scanner found %s", virus)
            return Scan.REFUSED
    raise NoVerdict(f"the scanner said {said}")


def _clamd() -> ClamdNetworkSocket:
    url = urlsplit(settings.CLAMAV_URL)
    if url.scheme == "unix":
        return ClamdUnixSocket(url.path, settings.CLAMAV_TIMEOUT)
    return ClamdNetworkSocket(url.hostname or "", url.port or 3310, settings.CLAMAV_TIMEOUT)


def _remove_file(stored: StoredFile) -> None:
    """Take a refused file off the disk; its row stays and says what became of it."""
    stored.file.storage.delete(str(stored.file.name))
    rows: Any = type(stored)._base_manager
    rows.filter(pk=stored.pk).update(file="")
