"""Dates as the documents give them: some name a day, some only a month or a year."""

from calendar import monthrange
from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    """How exactly an effective date is known.

    The stored day is always the first on which the statement is certainly true: for a month or
    a year its last day (the day of recording while it is not over), for "by" the day of the
    document that says so.
    """

    DAY = "day", _("on that day")
    MONTH = "month", _("in that month")
    YEAR = "year", _("in that year")
    BY = "by", _("on or before that day")


def certain_day(day: date, precision: str, today: date) -> date:
    """The day to store for any day of the period that was meant; today while it is not over."""
    if precision == Precision.YEAR:
        day = day.replace(month=12, day=31)
    if precision == Precision.MONTH:
        day = day.replace(day=monthrange(day.year, day.month)[1])
    return min(day, today)


def first_possible_day(day: date, precision: str) -> date:
    """The first day which a stored one can mean; "by" a day it may have been at any time before."""
    if precision == Precision.BY:
        return date.min
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def span_in_words(
    first: date | None, precision: str, last: date | None, last_precision: str = ""
) -> str:
    """A stretch of time, never more exact than it is known: "2016 – 2017", "May 2018", "" where
    neither day is. The last one is as exact as the first, unless something else is said."""
    begins = in_words(first, precision) if first else ""
    ends = in_words(last, last_precision or precision) if last else ""
    return begins or ends if begins == ends or not (begins and ends) else f"{begins} – {ends}"


def in_words(day: date, precision: str) -> str:
    """The date as a person reads it, never more exact than it is known."""
    if precision == Precision.YEAR:
        return str(day.year)
    if precision == Precision.MONTH:
        return date_format(day, "YEAR_MONTH_FORMAT")
    words = date_format(day, "DATE_FORMAT")
    if precision == Precision.BY:
        return gettext("by %(day)s") % {"day": words}
    return words
