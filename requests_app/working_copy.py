"""What a country writes, kept apart from what others read until it submits.

Before the first submission the columns named in COLUMNS are the draft's own. Afterwards others
read them, so a change made while the request is returned waits in `answers`, under the column's
name, and reaches the column with the next submission.
"""

from collections.abc import Mapping
from typing import Any

from requests_app.models import Support, SupportRequest

COLUMNS = ("support", "urgency", "language")


def write_columns(support_request: SupportRequest, columns: Mapping[str, Any]) -> None:
    """Put down new values of COLUMNS, each where it belongs now; the caller saves."""
    written = {name: columns[name] for name in COLUMNS if name in columns}
    if support_request.reference is None:
        for name, value in written.items():
            setattr(support_request, name, value)
        return
    if "support" in written:
        written["support"] = written["support"].key
    support_request.answers = {**support_request.answers, **written}


def release_columns(support_request: SupportRequest) -> None:
    """At a submission: what was written becomes what everybody reads; the caller saves."""
    support_request.support = support_written(support_request)
    support_request.urgency = urgency_written(support_request)
    support_request.language = language_written(support_request)
    support_request.answers = {
        key: answer for key, answer in support_request.answers.items() if key not in COLUMNS
    }


def support_written(support_request: SupportRequest) -> Support:
    key = support_request.answers.get("support")
    return Support.objects.get(key=key) if key else support_request.support


def urgency_written(support_request: SupportRequest) -> str:
    return support_request.answers.get("urgency") or support_request.urgency


def language_written(support_request: SupportRequest) -> str:
    return support_request.answers.get("language") or support_request.language
