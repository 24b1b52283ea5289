"""Every refusal of the API as problem details (RFC 9457), with a code that stays the same."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from requests_app.downloads import ImpossibleRange
from workflow.errors import (
    InvalidInput,
    NotAllowedNow,
    PreconditionMissing,
    Refused,
    StaleVersion,
)
from workflow.parameters import InvalidParameter

MEDIA_TYPE = "application/problem+json"


class TooLarge(exceptions.APIException):
    """The body is larger than any that the API could need."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = gettext_lazy("The body is too large.")


# Code → status and title. The codes are part of the contract: docs/api.md explains each.
PROBLEMS: dict[str, tuple[int, str | Promise]] = {
    "malformed": (400, gettext_lazy("The body cannot be read")),
    "wrong_content_type": (400, gettext_lazy("The body has a content type that is not read here")),
    "invalid_input": (400, gettext_lazy("Some fields need attention")),
    "invalid_parameter": (400, gettext_lazy("A parameter is unknown or has an impossible value")),
    "not_authenticated": (401, gettext_lazy("An API key is needed")),
    "invalid_key": (401, gettext_lazy("The API key is not valid")),
    "missing_scope": (403, gettext_lazy("The API key lacks a scope")),
    "address_not_allowed": (403, gettext_lazy("The key is not for this address")),
    "permission_denied": (403, gettext_lazy("Not permitted")),
    "not_permitted": (403, gettext_lazy("The action is not yours to do")),
    "second_factor_missing": (403, gettext_lazy("A second factor is needed")),
    "not_found": (404, gettext_lazy("Not found")),
    "method_not_allowed": (405, gettext_lazy("This address does not take that method")),
    "not_acceptable": (406, gettext_lazy("The API answers in JSON; lists in CSV and XLSX too")),
    "not_allowed_now": (409, gettext_lazy("The action is not possible in the present state")),
    "file_closed": (409, gettext_lazy("The virus scanner has not passed the file")),
    "length_required": (411, gettext_lazy("The length of the body is missing")),
    "stale": (412, gettext_lazy("Changed in the meantime")),
    "too_large": (413, gettext_lazy("The body is too large")),
    "impossible_range": (416, gettext_lazy("The file has no such part")),
    "key_reused": (422, gettext_lazy("The Idempotency-Key was used for another call")),
    "precondition_required": (428, gettext_lazy("If-Match is missing")),
    "throttled": (429, gettext_lazy("Too many calls")),
}


@dataclass
class Problem:
    """What went wrong, before it is written out."""

    code: str
    status: int
    detail: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    allowed_actions: list[str] | None = None


def problem_json(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of every API view. None, so a 500, for what nobody foresaw."""
    problem = _problem(exc, context)
    if problem is None:
        return None
    body = _body(problem, context["request"])
    response = Response(body, status=problem.status, headers=_headers(exc))
    response.content_type = MEDIA_TYPE
    return response


def is_of_api(request: HttpRequest) -> bool:
    """Is it a call of the API, which is refused by a problem and not by a page?"""
    return request.path_info.startswith("/api/")


def refusal(request: HttpRequest, code: str, detail: str) -> JsonResponse:
    """The same for what is refused before a view of the API is reached."""
    status, _title = PROBLEMS[code]
    body = _body(Problem(code, status, detail), request)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def _body(problem: Problem, request: Any) -> dict[str, Any]:
    page = request.build_absolute_uri(reverse("api:problems"))
    _status, title = PROBLEMS.get(problem.code, (problem.status, problem.detail))
    body: dict[str, Any] = {
        "type": f"{page}#{problem.code}",
        "title": str(title),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = problem.errors
    if problem.allowed_actions is not None:
        body["allowed_actions"] = problem.allowed_actions
    return body


def _headers(exc: Exception) -> dict[str, str]:
    headers = dict(exc.headers) if isinstance(exc, ImpossibleRange) else {}
    if isinstance(exc, StaleVersion | PreconditionMissing) and exc.tag:
        headers["ETag"] = exc.tag
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(exc.auth_header)  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(exc.wait))  # type: ignore[attr-defined]
    return headers


def _problem(exc: Exception, context: dict[str, Any]) -> Problem | None:
    match exc:
        case Refused():
            fields = exc.fields if isinstance(exc, InvalidInput) else {}
            allowed = exc.allowed if isinstance(exc, NotAllowedNow) else None
            status, _title = PROBLEMS[exc.code]
            said = _first_of(fields) if fields else exc.sentence
            return Problem(exc.code, status, said, fields, allowed)
        case InvalidParameter():
            return Problem(exc.default_code, exc.status_code, _first_of(exc.errors), exc.errors)
        case exceptions.ValidationError():
            errors = {str(name): _sentences(said) for name, said in _by_field(exc.detail).items()}
            return Problem("invalid_input", 400, _first_of(errors), errors)
        case RequestDataTooBig():
            return Problem("too_large", 413, str(TooLarge.default_detail))
        case exceptions.ParseError() | SuspiciousOperation():
            return Problem("malformed", 400, str(getattr(exc, "detail", "")) or _("Unreadable."))
        case exceptions.MethodNotAllowed():
            return Problem("method_not_allowed", 405, _methods_of(context))
        case exceptions.UnsupportedMediaType():
            return Problem("wrong_content_type", 400, str(exc.detail))
        case Http404() | exceptions.NotFound():
            # One sentence for what is not there and for what the caller may not see.
            return Problem("not_found", 404, _("There is nothing here that you can see."))
        case PermissionDenied():
            return Problem("permission_denied", 403, _("You are not entitled to do this."))
        case exceptions.APIException():
            return Problem(str(exc.get_codes()), exc.status_code, str(exc.detail))
    return None


def _methods_of(context: dict[str, Any]) -> str:
    said = {
        "method": context["request"].method,
        "allowed": ", ".join(context["view"].allowed_methods),
    }
    return _("%(method)s cannot be used here. You can use: %(allowed)s.") % said


def _first_of(errors: Mapping[str, Sequence[str]]) -> str:
    """What is wrong, in one line for a log: the first field with its first sentence."""
    name, sentences = next(iter(errors.items()), ("", []))
    return f"{name}: {sentences[0]}" if sentences else _("Some answers need your attention.")


def _by_field(detail: Any) -> dict[str, Any]:
    """By the name of the field; "body" for what is wrong with the body as a whole."""
    if not isinstance(detail, dict):
        return {"body": detail}
    whole = api_settings.NON_FIELD_ERRORS_KEY
    return {"body" if name == whole else name: said for name, said in detail.items()}


def _sentences(said: Any) -> list[str]:
    """Sentences of one field, however deep inside it they stand."""
    if isinstance(said, dict):
        return [sentence for inner in said.values() for sentence in _sentences(inner)]
    if isinstance(said, list | tuple):
        return [sentence for inner in said for sentence in _sentences(inner)]
    return [str(said)]
