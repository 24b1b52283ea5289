"""What the portal refuses, as exceptions: one class for each thing a caller can do about it."""

from typing import Any

import httpx


class PortalError(Exception):
    """Anything that kept a call from being answered as asked."""


class Unreachable(PortalError):
    """No answer came, however often it was tried."""


class Problem(PortalError):
    """A refusal, as problem details (RFC 9457). `code` stays the same in every language."""

    def __init__(self, status: int, said: dict[str, Any]) -> None:
        self.status = status
        self.code = str(said.get("code", ""))
        self.detail = str(said.get("detail", ""))
        self.errors: dict[str, list[str]] = dict(said.get("errors") or {})
        self.allowed_actions: list[str] = list(said.get("allowed_actions") or [])
        fields = "; ".join(f"{name}: {' '.join(why)}" for name, why in self.errors.items())
        words = " ".join(filter(None, [self.detail, fields]))
        super().__init__(f"{status} {self.code}: {words}".strip())


class Invalid(Problem):
    """400, 413, 415, 422, 428: the call itself is wrong; `errors` has sentences by field."""


class NotAuthenticated(Problem):
    """401: the key is unknown, has expired or was revoked."""


class Forbidden(Problem):
    """403: the key lacks a scope, or the action is for somebody else."""


class NotFound(Problem):
    """404: there is nothing there, or nothing that the agency may see."""


class Conflict(Problem):
    """409: the present state does not lead there; `allowed_actions` names what would."""


class Stale(Problem):
    """412: somebody was faster. Read it again, and decide again."""


class Throttled(Problem):
    """429: too many calls, and waiting as long as told did not help."""


class ServerFault(Problem):
    """5xx: the portal failed, however often it was tried."""


_BY_STATUS: dict[int, type[Problem]] = {
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Stale,
    429: Throttled,
}


def problem_in(answer: httpx.Response) -> Problem:
    """The exception for an answer that is a refusal, whoever on the way wrote it."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        said = {"detail": answer.reason_phrase}
    kind = _BY_STATUS.get(answer.status_code)
    if kind is None:
        kind = ServerFault if answer.status_code >= 500 else Invalid
    return kind(answer.status_code, said)
