"""Beginning a new request with the answers of an earlier one."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from requests_app import drafts
from requests_app.completeness import answers_written
from requests_app.models import SupportRequest
from requests_app.models.requests import new_draft_key
from requests_app.questions import BY_KEY, Shape, day_of
from requests_app.working_copy import COLUMNS, support_written

# Why it was urgent then is no reason why it is urgent now.
_LEFT_OUT = frozenset({"urgency", "urgency_reason"})


@transaction.atomic
def copy(support_request: SupportRequest, *, by: Any, draft_key: str = "") -> SupportRequest:
    """A new draft of the same Party, without files, urgency and days that have passed.

    Whoever may draft for the Party may copy whatever was written for it: raises NotPermitted
    else, and IntegrityError when the key is taken.
    """
    written = answers_written(support_request)
    draft = drafts.begin(
        support_request.party,
        by=by,
        support=support_written(support_request),
        draft_key=draft_key or new_draft_key(),
        language=written["language"],
        copied_from=support_request,
    )
    answers = {
        key: answer
        for key, answer in written.items()
        if key not in _LEFT_OUT and key not in COLUMNS and not _has_passed(key, answer)
    }
    drafts.write(draft, by=by, answers=answers)
    draft.refresh_from_db()
    return draft


def _has_passed(key: str, answer: Any) -> bool:
    is_date = key in BY_KEY and BY_KEY[key].shape == Shape.DATE
    day = day_of(answer) if is_date and isinstance(answer, str) else None
    return day is not None and day < timezone.now().date()
