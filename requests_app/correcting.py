"""A returned request: which remarks still stand, and whether anything was changed at all."""

from collections.abc import Iterable

from requests_app.completeness import answers_written
from requests_app.models import Attachment, RequestState, SupportRequest
from requests_app.workflow.request_changes import frozen_answers


def remarks_that_stand(draft: SupportRequest) -> set[str]:
    """The questions with a remark whose answer is as it was submitted."""
    last = draft.versions.last() if draft.remarks else None
    if last is None:
        return set()
    now = answers_written(draft)
    return {key for key in draft.remarks if (now.get(key) or "") == (last.answers.get(key) or "")}


def is_as_returned(draft: SupportRequest, attachments: "Iterable[Attachment]") -> bool:
    """Would a submission, with these files, say what the last one said?"""
    last = draft.versions.last() if draft.state == RequestState.RETURNED else None
    if last is None or any(file.released_at is None for file in attachments):
        return False
    return frozen_answers(draft) == last.answers
