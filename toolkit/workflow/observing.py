"""Keeping what documents say: it stands beside the steps and never changes them.

A statement is entered, imported or loaded with the portal; it is never edited. One that was
entered by mistake is withdrawn, and what was known before still shows it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, ActorSnapshot, Said, record, record_many
from history.models import Event
from partners.access import OFFICER, fresh, snapshot
from partners.models import Party
from toolkit.models import Observation, PublishedTotal, StatementState
from workflow.errors import NotPermitted
from workflow.inputs import Input
from workflow.transitions import Act, Data, Table, Transition

OBSERVED = "toolkit.observed"
TOTAL_OBSERVED = "toolkit.total_observed"
# A document says one thing of one Party once for each date that it gives.
SAME = ("instrument", "status", "step", "date_in_source", "source")
SAME_TOTAL = ("date_in_source", "source", "text")


def kept_already(party: Party, said: Mapping[str, Any]) -> Observation | None:
    """The statement that stands, where this one would say the same again."""
    same = {name: said[name] for name in SAME}
    return Observation.objects.filter(party=party, state=StatementState.STANDS, **same).first()


@transaction.atomic
def observe(
    party: Party, *, effective_on: date, precision: str, by: Any = None, **said: Any
) -> Observation | None:
    """Keep what a document says of a Party. None when it is kept already.

    `said` are the other fields of Observation, and `despite`, why a date is right although it
    looks wrong. The event belongs to the Party's history. `by` is the officer who enters it; None
    is the portal itself, loading what it came with. Raises NotPermitted.
    """
    actor = _entering(by)
    _hold(party)
    if kept_already(party, said):
        return None
    despite = said.pop("despite", "")
    event = record(
        party,
        OBSERVED,
        by=actor,
        changes={**said, **({"despite": despite} if despite else {})},
        effective_on=effective_on,
        precision=precision,
        source=said["source"],
    )
    return Observation.objects.create(
        party=party, effective_on=effective_on, precision=precision, event=event, **said
    )


@transaction.atomic
def observe_many(rows: Sequence[Mapping[str, Any]], *, by: Any, file_name: str) -> int:
    """Keep what documents say of many Parties, as `observe` does, in few queries; how many.

    Each row has `party` and the fields of Observation, and none is kept already: else
    IntegrityError, and nothing is kept.
    """
    actor = _entering(by)
    _hold(*{row["party"] for row in rows})
    plain = [{k: v for k, v in row.items() if k not in _TOLD_BY_EVENT} for row in rows]
    events = record_many(
        OBSERVED,
        [
            Said(
                subject=row["party"],
                changes={**said, "file": file_name},
                effective_on=row["effective_on"],
                precision=row["precision"],
                source=row["source"],
            )
            for row, said in zip(rows, plain, strict=True)
        ],
        by=actor,
    )
    Observation.objects.bulk_create(
        (Observation(event=event, **row) for event, row in zip(events, rows, strict=True)),
        batch_size=500,
    )
    return len(rows)


_TOLD_BY_EVENT = frozenset({"party", "effective_on", "precision"})


@transaction.atomic
def observe_total(*, by: Any = None, **said: Any) -> PublishedTotal | None:
    """Keep what a document says of all countries together. None when it is kept already.

    `said` are the fields of PublishedTotal; its history begins with it. See `observe` for `by`.
    It is no Party's, so there is no row to hold: of two who enter it at once the constraint stops
    one.
    """
    actor = _entering(by)
    same = {name: said[name] for name in SAME_TOTAL}
    if _standing(same):
        return None
    try:
        with transaction.atomic():
            total: PublishedTotal = PublishedTotal.objects.create(**said)
    except IntegrityError:
        if _standing(same):
            return None
        raise
    dated = {name: said[name] for name in ("effective_on", "precision", "source")}
    changes = {name: value for name, value in said.items() if name not in dated}
    total.event = record(total, TOTAL_OBSERVED, by=actor, changes=changes, **dated)
    total.save(update_fields=["event"])
    return total


def _standing(same: Mapping[str, Any]) -> bool:
    return PublishedTotal.objects.filter(state=StatementState.STANDS, **same).exists()


def _entering(by: Any) -> ActorSnapshot:
    if by is None:
        return SYSTEM
    by = fresh(by)
    if not OFFICER(by, None):
        raise NotPermitted
    return snapshot(by, None)


def _hold(*parties: Party) -> None:
    """Two who enter the same for a Party do so one after the other."""
    ids = [party.pk for party in parties]
    held: Collection[Any] = Party.objects.select_for_update(no_key=True).filter(pk__in=ids)
    list(held.order_by("pk").values_list("pk"))  # type: ignore[attr-defined]  # a queryset


# ── withdrawing ──────────────────────────────────────────────────────────────────────────────

REASON = Input(
    name="reason",
    label=_("Reason"),
    hint=_(
        "For example: typed at the wrong Party. To put it right, enter it again as it should be."
    ),
    max_length=2000,
)


def _withdraw(statement: Any, act: Act) -> Data:
    return {**act.data, "withdraws": statement.event_id}


def _note_the_moment(statement: Any, event: Event) -> None:
    statement.withdrawn_at = event.recorded_at
    statement.save(update_fields=["withdrawn_at"])


def _tell_nobody(event: Event, statement: Any, act: Act) -> None:
    """A slip of the desk: whoever reads the tracker finds it gone."""


def _hold_the_party(observation: Observation) -> None:
    _hold(observation.party)


def _table(name: str, model: type[models.Model], **more: Any) -> Table:
    withdraw = Transition(
        action="withdraw",
        label=_("Withdraw: entered by mistake"),
        done=_("Statement of a document withdrawn"),
        sources=frozenset({StatementState.STANDS}),
        target=StatementState.WITHDRAWN,
        who=OFFICER,
        inputs=(REASON,),
        change=_withdraw,
        warning=_(
            "It is no longer shown, from now on. What was known before today still shows it, and "
            "its history stays."
        ),
    )
    return Table(
        name=name,
        model=model,
        transitions=(withdraw,),
        snapshot=snapshot,
        fresh=fresh,
        settle=_note_the_moment,
        notify=_tell_nobody,
        **more,
    )


OBSERVATIONS = _table(
    "toolkit.observations",
    Observation,
    lock_first=_hold_the_party,
    subject=lambda observation: observation.party,
)
TOTALS = _table("toolkit.totals", PublishedTotal)
