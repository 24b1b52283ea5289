"""The published Toolkit table and later dated observations, brought in as history.

History is never overwritten: what was loaded once is left alone, also when asked to overwrite.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from partners.models import Party
from partners.reference_rows import Kind, Tally, cited, rows, sources
from toolkit.framework.structure import STRUCTURE
from toolkit.models import PublishedTotal, StatementState
from toolkit.workflow import load_table_row, observe, observe_total


def _table(overwrite: bool) -> Tally:
    table = rows("toolkit_table")
    parties = _parties()
    made = [
        load_table_row(
            parties[row["party"]],
            row["done"],
            as_of=date.fromisoformat(table["as_of"]),
            source=table["source"],
        )
        for row in table["rows"]
    ]
    return _tally(made)


def _observations(overwrite: bool) -> Tally:
    parties = _parties()
    made = []
    for row in rows("observations"):
        document = row.pop("source")
        party = parties[row.pop("party")]
        row["effective_on"] = date.fromisoformat(row["effective_on"])
        row |= {"source": cited([document]), "source_url": sources()[document]["url"]}
        made.append(observe(party, **row))
    return _tally(made)


def _totals(overwrite: bool) -> Tally:
    """What documents say of all countries together. Numbers only where the text has them; none
    where it has two for one column ("2 under way, a further 10 in initial stages")."""
    made = []
    for row in rows("published_totals"):
        document = row.pop("source")
        row["effective_on"] = date.fromisoformat(row["effective_on"])
        row |= {"source": cited([document]), "source_url": sources()[document]["url"]}
        known = _is_kept(row, sources()[document]["title"])
        made.append(None if known else observe_total(**row))
    return _tally(made)


def _is_kept(row: dict[str, Any], title: str) -> bool:
    """Does the same stand here already, under a date of the document that was mended since?"""
    same = {name: row[name] for name in ("date_in_source", "text")}
    standing = PublishedTotal.objects.filter(state=StatementState.STANDS, **same)
    return standing.filter(source__startswith=title).exists()


def _parties() -> dict[str, Party]:
    return {party.code: party for party in Party.objects.all()}


def _tally(made: Sequence[object]) -> Tally:
    """Loaders of history give None for what was there already."""
    added = sum(one is not None for one in made)
    return Tally(added=added, left=len(made) - added)


KINDS = (
    Kind("Toolkit table of SC66 Inf. 9", _table),
    Kind("Observations in documents", _observations),
    Kind("Totals in documents", _totals),
    STRUCTURE,
)
