"""What a country writes, kept apart from what others read until it submits.

Before the first submission the columns named in COLUMNS are the draft's own. Afterwards others
read them, so a change made while the request is returned waits in `answers`, under the column's
name, and reaches the column with the next submission.
"""

from collections.abc import Mapping

from requests_app.models import Support, SupportRequest

COLUMNS = ("support", "urgency", "language")


def write_columns(support_request: SupportRequest, columns: Mapping[str, str]) -> None:
    """Put down new values of COLUMNS, each where it belongs now; the caller saves.

    A kind of support goes by its key.
    """
    written = {name: columns[name] for name in COLUMNS if name in columns}
    if support_request.reference is not None:
        support_request.answers = {**support_request.answers, **written}
        return
    for name, value in written.items():
        setattr(support_request, name, value if name != "support" else _support(value))


def _support(key: str) -> Support:
    return Support.objects.get(key=key)


def release_columns(support_request: SupportRequest) -> None:
    """At a submission: what was written becomes what everybody reads; the caller saves."""
    support_request.support = support_written(support_request)
    support_request.urgency = urgency_written(support_request)
    support_request.language = language_written(support_request)
    support_request.answers = {
        key: answer for key, answer in support_request.answers.items() if key not in COLUMNS
    }


def support_written(support_request: SupportRequest) -> Support:
    """The kind of support as it is written; looked up once per loaded row."""
    key = support_request.answers.get("support")
    if not key:
        return support_request.support
    known: Support | None = getattr(support_request, "_support_written", None)
    if known is None or known.key != key:
        known = _support(key)
        support_request._support_written = known  # type: ignore[attr-defined]
    return known


def urgency_written(support_request: SupportRequest) -> str:
    return support_request.answers.get("urgency") or support_request.urgency


def language_written(support_request: SupportRequest) -> str:
    return support_request.answers.get("language") or support_request.language
