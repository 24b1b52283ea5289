from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = 25
_LONGEST_ID = 18  # digits; longer ones are no id of ours


def page_of(found: "QuerySet[Any]", request: HttpRequest) -> dict[str, Any]:
    """The newest rows, or those before an id: as quick at the hundredth page as at the first."""
    before = request.GET.get("before", "")
    found = found.order_by("-pk")
    if before.isdecimal() and len(before) <= _LONGEST_ID:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    return {
        "rows": rows[:PAGE],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "is_first_page": not before,
    }
