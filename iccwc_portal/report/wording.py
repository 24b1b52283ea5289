"""Days, periods and sources, as the report words them."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from iccwc_portal.report.asking import Asked
from iccwc_portal.report.document import Paragraph


def day_of(day: Any) -> str:
    return date_format(day, "DATE_FORMAT")


def period_of(asked: Asked) -> str:
    said = {"first": day_of(asked.since), "last": day_of(asked.as_of)}
    return _("%(first)s to %(last)s") % said


def source_of(words: str) -> Paragraph:
    return Paragraph(_("Source: %(source)s.") % {"source": words.rstrip(".")}, "source")
