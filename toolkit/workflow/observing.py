"""Keeping what documents say: it stands beside the steps and never changes them."""

from datetime import date
from typing import Any

from django.db import transaction

from history.log import SYSTEM, record
from partners.models import Party
from toolkit.models import Observation

OBSERVED = "toolkit.observed"


@transaction.atomic
def observe(party: Party, *, effective_on: date, precision: str, **said: Any) -> Observation | None:
    """Keep what a document says of a Party. None when it is kept already.

    `said` are the other fields of Observation. The event belongs to the Party's history.
    """
    same = {k: said[k] for k in ("instrument", "status", "step", "date_in_source", "source")}
    if Observation.objects.filter(party=party, **same).exists():
        return None
    event = record(
        party,
        OBSERVED,
        by=SYSTEM,
        changes={**said},
        effective_on=effective_on,
        precision=precision,
        source=said["source"],
    )
    return Observation.objects.create(
        party=party, effective_on=effective_on, precision=precision, event=event, **said
    )
