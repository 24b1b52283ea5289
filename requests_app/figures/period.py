"""A period of whole days, as the Secretariat's calendar has them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

FIRST_YEAR, LAST_YEAR = 1900, 2999  # what every database can hold, with days to spare


def desk_zone() -> ZoneInfo:
    return ZoneInfo(settings.DESK_TIME_ZONE)


def desk_today() -> date:
    return timezone.now().astimezone(desk_zone()).date()


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both in it."""

    first: date
    last: date

    @classmethod
    def in_text(cls, text: str) -> "Period | None":
        """The period that an address names, as `str` writes it; None when it names none."""
        first, _mark, last = text.partition("_")
        try:
            found = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            return None
        years = range(FIRST_YEAR, LAST_YEAR)
        is_sound = found.first.year in years and found.last.year in years
        return found if is_sound and found.first <= found.last else None

    @classmethod
    def of_last_twelve_months(cls) -> "Period":
        """This month as far as it has come, and the eleven before it."""
        today = desk_today()
        back = today.replace(day=1) - timedelta(days=1)
        for _each in range(10):
            back = back.replace(day=1) - timedelta(days=1)
        return cls(back.replace(day=1), today)

    def __str__(self) -> str:
        return f"{self.first.isoformat()}_{self.last.isoformat()}"

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), desk_zone())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), desk_zone())

    def holds(self, column: str) -> Q:
        """The rows whose moment in that column lies in the period."""
        return Q(**{f"{column}__gte": self.begins, f"{column}__lt": self.ends})

    @property
    def months(self) -> "list[Period]":
        """Its months, the first and the last cut off where it begins and ends."""
        found: list[Period] = []
        start = self.first
        while start <= self.last:
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
            found.append(Period(start, min(following - timedelta(days=1), self.last)))
            start = following
        return found


def month_of(moment: Any) -> date:
    """The first day of the month in which a moment lies, at the desk."""
    local: datetime = moment.astimezone(desk_zone())
    return local.date().replace(day=1)
