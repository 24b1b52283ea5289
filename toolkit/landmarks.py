"""Days that a reader of the tracker may want to go to: published tables, and ends of years."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils import timezone

from partners.reference_rows import rows

# The month of the launch of the Toolkit: 25 July 2012, at SC62 (CITES press release of that day).
FIRST_DAY = date(2012, 7, 1)


@dataclass(frozen=True)
class Landmark:
    day: date
    document: str = ""  # whose table is of that day; none at the end of a year


def landmarks() -> list[Landmark]:
    """In order: the end of each year that is over, and the days of published tables."""
    years = range(FIRST_DAY.year, timezone.localdate().year)
    return sorted(
        [_published(), *(Landmark(date(year, 12, 31)) for year in years)], key=lambda one: one.day
    )


@cache
def _published() -> Landmark:
    table = rows("toolkit_table")
    return Landmark(date.fromisoformat(table["as_of"]), table["source"])
