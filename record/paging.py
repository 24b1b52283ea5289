"""Long lists of records, page by page: the newest first, or those before a place in the list."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

_LONGEST_ID = 18  # digits; longer ones are no id of ours


def page_of(
    rows: "QuerySet[Any]", day: str, request: HttpRequest, *, at_once: int
) -> dict[str, Any]:
    """Rows by the column `day`, those without a date last; as quick at the hundredth page as at
    the first. A place that nobody was given is the beginning."""
    place = _place_in(request.GET.get("before", ""))
    found = rows.order_by(F(day).desc(nulls_last=True), "-pk")
    if place:
        found = found.filter(_after(day, *place))
    read = list(found[: at_once + 1])
    last = read[at_once - 1] if len(read) > at_once else None
    return {
        "rows": read[:at_once],
        "older": f"{getattr(last, day) or ''}.{last.pk}" if last else None,
        "is_first_page": place is None,
    }


def _place_in(typed: str) -> tuple[date | None, int] | None:
    day, _dot, pk = typed.partition(".")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= _LONGEST_ID):
        return None
    try:
        return date.fromisoformat(day) if day else None, int(pk)
    except ValueError:
        return None


def _after(day: str, last: date | None, pk: int) -> Q:
    if last is None:
        return Q(**{day: None, "pk__lt": pk})
    return Q(**{f"{day}__lt": last}) | Q(**{day: last, "pk__lt": pk}) | Q(**{day: None})
