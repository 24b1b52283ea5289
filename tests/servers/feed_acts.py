"""Writers and a reader of history, each a process: python -m tests.servers.feed_acts NAME ..."""

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from history.log import SYSTEM, Said, fingerprint, record, record_many  # noqa: E402
from history.models import Event  # noqa: E402
from partners.models import Party  # noqa: E402
from tests import make  # noqa: E402
from toolkit.workflow import OBSERVED  # noqa: E402

END = "the last event"


class GivenUp(Exception):
    """A writer that changed its mind."""


def write_history(number: str) -> list[int]:
    """24 transactions of one writer, each held open for a moment before its end; the ids that were
    committed. Every fourth is rolled back, every sixth has a savepoint that is."""
    dice = random.Random(int(number))  # noqa: S311 - a test that can be repeated
    party = make.party(f"{int(number):02}X")
    written: list[int] = []
    ways: list[Callable[[Party], list[int]]] = [_one, _many, _raw]
    for turn in range(24):
        time.sleep(dice.random() * 0.03)
        try:
            with transaction.atomic():
                Party.objects.select_for_update(no_key=True).get(pk=party.pk)
                ids = ways[turn % 3](party)
                if turn % 6 == 5:
                    _in_vain(party)
                time.sleep(dice.random() * 0.02)
                if turn % 4 == 3:
                    raise GivenUp
            written += ids
        except GivenUp:
            continue
    return written


def _one(party: Party) -> list[int]:
    return [record(party, OBSERVED, by=SYSTEM, changes={}).pk]


def _many(party: Party) -> list[int]:
    said = [Said(subject=party, changes={"number": number}) for number in range(3)]
    return [event.pk for event in record_many(OBSERVED, said, by=SYSTEM)]


def _raw(party: Party) -> list[int]:
    """As nobody should: past the two functions that write history."""
    last = Event.objects.about(party).latest("sequence")
    event = Event.objects.get(pk=last.pk)
    event.pk, event.sequence, event.previous_hash = None, last.sequence + 1, last.hash
    event.hash = fingerprint(event)
    return [one.pk for one in Event.objects.bulk_create([event])]


def _in_vain(party: Party) -> None:
    try:
        with transaction.atomic():
            record(party, OBSERVED, by=SYSTEM, changes={"never": "seen"})
            raise GivenUp
    except GivenUp:
        return


def follow_history() -> list[int]:
    """Poll as the feed does, a few rows at a time, until the last event; what was met, in order."""
    met: list[int] = []
    end = time.monotonic() + 60
    while time.monotonic() < end:
        page = Event.objects.filter(pk__gt=met[-1] if met else 0).order_by("pk")[:7]
        rows = list(page.values_list("pk", "source"))
        met += [pk for pk, _source in rows]
        if any(source == END for _pk, source in rows):
            return met
    raise TimeoutError


def end_history() -> list[int]:
    """Say that nothing comes any more; every id there is."""
    with transaction.atomic():
        record(make.party(), OBSERVED, by=SYSTEM, changes={}, source=END)
    return list(Event.objects.order_by("pk").values_list("pk", flat=True))


ACTS: dict[str, Any] = {act.__name__: act for act in (write_history, follow_history, end_history)}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - read by the test
