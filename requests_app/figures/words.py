"""Periods and spans of time, as people read them."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from requests_app.figures.period import Period
from requests_app.figures.waiting import Span


def period_in_words(period: Period) -> str:
    days = [date_format(day, "DATE_FORMAT") for day in (period.first, period.last)]
    if period.first == period.last:
        return days[0]
    return _("%(first)s to %(last)s") % {"first": days[0], "last": days[1]}


def span_in_words(span: Span) -> str:
    """In working days; what unit it is, stands beside it."""
    if span.up_to is None:
        return pgettext("working days", "more than %(days)d") % {"days": span.above}
    if not span.above:
        return pgettext("working days", "up to %(days)d") % {"days": span.up_to}
    words = pgettext("working days", "more than %(above)d, up to %(days)d")
    return words % {"above": span.above, "days": span.up_to}
