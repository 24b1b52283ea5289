"""How old a request is and how late, in the words of lists and tables."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.models import SupportRequest, WaitsFor

NOTHING = "–"


def in_days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def clock_stands(support_request: SupportRequest) -> bool:
    return support_request.waits_for == WaitsFor.COUNTRY and not support_request.is_ended


def due_in_words(support_request: SupportRequest) -> str:
    """The day, or why there is none."""
    if clock_stands(support_request):
        return _("clock stands still")
    if support_request.due_at is None:
        return NOTHING
    return date_format(timezone.localtime(support_request.due_at).date(), "SHORT_DATE_FORMAT")


def lateness(support_request: SupportRequest) -> str:
    """How late it is, in words; empty when it is not."""
    due_at, now = support_request.due_at, timezone.now()
    if due_at is None or due_at >= now or clock_stands(support_request):
        return ""
    days = (now - due_at).days
    if days == 0:
        return _("late since today")
    return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
