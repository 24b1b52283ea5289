"""Lists of requests as tables for other programs: CSV and XLSX, in the reader's language."""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from history.log import record
from partners.access import snapshot
from partners.models import User
from partners.spreadsheets import Sheet, in_lines, in_the_readers_words
from requests_app.ageing import clock_stands, lateness
from requests_app.models import SupportRequest, WaitsFor

EXPORTED = "requests.exported"
MOST_ROWS = 10_000
_AT_ONCE = 500  # rows of the stream that are read and sent together
_WIDTHS = (18, 24, 10, 32, 10, 24, 18, 8, 12, 12, 22, 24, 12)

Requests = Iterable[SupportRequest]


def columns() -> list[str]:
    said = [
        _("reference"), _("Party"), _("Party code"), _("kind of support"), _("urgency"),
        _("state"), _("waits for"), _("age in days"), _("submitted"), pgettext("a day", "due"),
        _("late"), _("officer"), _("closed"),
    ]  # fmt: skip
    return [capfirst(one) for one in said]


def cells(support_request: SupportRequest) -> list[Any]:
    """One row: texts, whole numbers, days, and None where there is nothing to say."""
    ended = support_request.is_ended
    waits = support_request.waits_for != WaitsFor.NOBODY
    return [
        support_request.reference,
        support_request.party.name,
        support_request.party.code,
        support_request.support.name,
        str(support_request.get_urgency_display()).partition(":")[0],
        support_request.get_state_display(),
        str(support_request.get_waits_for_display()) if waits else None,
        None if ended else _days_since(support_request.submitted_at),
        _day(support_request.submitted_at),
        None if clock_stands(support_request) else _day(support_request.due_at),
        _("clock stands still") if clock_stands(support_request) else lateness(support_request),
        support_request.assignee.name if support_request.assignee else None,
        _day(support_request.state_since) if ended else None,
    ]


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _days_since(moment: datetime | None) -> int | None:
    return (timezone.now() - moment).days if moment else None


def remark_on_the_cut() -> str:
    """Said in the file itself when there was more than it holds."""
    sentence = ngettext(
        "Only the first %(count)d request is in this file. Narrow the list for the others.",
        "Only the first %(count)d requests are in this file. Narrow the list for the others.",
        MOST_ROWS,
    )
    return sentence % {"count": MOST_ROWS}


def as_csv(requests: Requests, is_cut: bool) -> Iterator[bytes]:
    """A stream that begins with the mark by which Excel knows UTF-8."""
    return in_the_readers_words(_csv(requests, is_cut))


def _csv(requests: Requests, is_cut: bool) -> Iterator[bytes]:
    rows = iter(requests)
    yield b"\xef\xbb\xbf" + in_lines([columns()]).encode()
    while some := list(islice(rows, _AT_ONCE)):
        yield in_lines(cells(one) for one in some).encode()
    if is_cut:
        yield in_lines([[remark_on_the_cut()]]).encode()


def as_xlsx(requests: Requests, is_cut: bool) -> bytes:
    """Texts are written as texts, whatever they begin with: no cell is a formula or a link."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = Sheet(book, "Sheet1", columns(), widths=_WIDTHS, columns_in_view=1)
        sheet.add_all(cells(one) for one in requests)
        if is_cut:
            sheet.add([remark_on_the_cut()])
    return content.getvalue()


@transaction.atomic
def keep_in_mind(reader: User, query: str, rows: int, form: str) -> None:
    """History of the reader: what was taken away, of how many requests, and in which form."""
    known = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    said = {"query": query, "rows": rows, "form": form}
    record(known, EXPORTED, by=snapshot(known, known), changes=said)
