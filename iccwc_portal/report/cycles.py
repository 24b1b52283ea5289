"""The Toolkit table of the report: as of the day, only what was public by then or all of it."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Q

from iccwc_portal.report.asking import ALL, Asked
from iccwc_portal.report.then import set_back
from partners.models.bodies import plain_spelling
from toolkit import asof
from toolkit.asof import Fact, Row
from toolkit.models import Consent, Publicity


def rows(actor: Any, asked: Asked) -> tuple[list[Row], set[int]]:
    """The rows in the order of names, and the ids of those that were public by the day in every
    cell that is shown.

    Public is what a published document prints; and all of a row whose Party had consented by the
    day and has not taken that back since: a consent that was withdrawn is not to be printed again,
    whatever day a report is of.
    """
    found = asof.table(actor, asked.as_of, asked.known_at)
    printed = asof.facts_by_implementation(actor, asked.as_of, asked.known_at, only_printed=True)
    consented = _consented(asked)
    if asked.rows != ALL:
        found = [one for row in found if (one := _public_part(row, consented, printed))]
    set_back([row.implementation.party for row in found], asked)
    found.sort(
        key=lambda row: (plain_spelling(row.implementation.party.name), row.implementation.cycle)
    )
    wholly = {row.implementation.pk for row in found if row.facts == printed.get(_id(row))}
    return found, consented | wholly


def _public_part(row: Row, consented: set[int], printed: dict[int, dict[str, Fact]]) -> Row | None:
    if _id(row) in consented:
        return row
    facts = printed.get(_id(row))
    return replace(row, facts=facts) if facts else None


def _id(row: Row) -> int:
    return row.implementation.pk


def _consented(asked: Asked) -> set[int]:
    end_of_day = datetime.combine(asked.as_of, time.max, tzinfo=UTC)
    until = min(end_of_day, asked.known_until)
    given = Consent.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=until),
        implementation__state=Publicity.PUBLIC,
        given_at__lte=asked.known_until,
        event__effective_on__lte=asked.as_of,
    )
    return set(given.values_list("implementation_id", flat=True))
