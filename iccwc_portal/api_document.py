"""What the OpenAPI document says once for all operations: headers, refusals, webhooks, examples.

`complete` runs after drf-spectacular has written the operations (settings.SPECTACULAR_SETTINGS);
api_schema.PortalSchema names the parts by reference.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from iccwc_portal.api_document_webhooks import message_schema, webhooks
from iccwc_portal.api_problems import MEDIA_TYPE, PROBLEMS
from partners.spreadsheets import XLSX

EXAMPLES = Path(__file__).parent / "api_examples.json"

_TEXT = {"type": "string"}


def _header(description: str, example: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": {**_TEXT, **schema}, "example": example}


# ── what answers carry ───────────────────────────────────────────────────────────────────────

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": _header(
        "Names the version of the object and what you see of it. Send it as `If-Match` when you "
        "act on the object, as `If-None-Match` when you read it again.",
        '"2.6f1d0c4b7a9e3358"',
    ),
    "RateLimit-Policy": _header(
        "The limits that hold for you, in calls and seconds: "
        "draft-ietf-httpapi-ratelimit-headers.",
        '"calls";q=600;w=60',
    ),
    "RateLimit": _header(
        "What is left of a limit, and the seconds until it begins anew.", '"calls";r=598;t=41'
    ),
    "Retry-After": _header("Seconds to wait before the next call.", "17", pattern="^[0-9]+$"),
    "WWW-Authenticate": _header(
        "How to say who you are.", 'Api-Key realm="ICCWC support portal"'
    ),
    "Idempotent-Replayed": _header(
        "`true` when this is the kept answer to an earlier call with the same `Idempotency-Key`.",
        "true",
        enum=["true"],
    ),
    "Location": _header(
        "The address of what was made, or was there already.",
        "https://portal.example.org/api/v1/conversations/17/",
        format="uri",
    ),
    "Content-Disposition": _header(
        "The name to save the file under.", 'attachment; filename="letter.pdf"'
    ),
    "Accept-Ranges": _header("Parts of the file can be asked for.", "bytes", enum=["bytes"]),
    "Content-Range": _header("Which bytes these are, and of how many.", "bytes 0-1023/48213"),
}  # fmt: skip

# On every answer to a key or a person; nobody else is counted by name.
ALWAYS = ("RateLimit-Policy", "RateLimit")


def header_references(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


# ── what calls may carry ─────────────────────────────────────────────────────────────────────

PARAMETERS: dict[str, dict[str, Any]] = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of names, labels and sentences: en, fr or es.",
        "schema": {**_TEXT, "default": "en"},
    },
    "Fields": {
        "name": "fields",
        "in": "query",
        "description": "The fields to answer with, separated by commas; all when left out.",
        "schema": _TEXT,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The `ETag` of an answer that you have: 304 while it is still the same.",
        "schema": _TEXT,
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The `ETag` of the object as you last read it, or `*` for whatever it is "
        "now. Without it the answer is 428; when it has changed for you meanwhile, 412.",
        "schema": _TEXT,
        "examples": {
            # The first stands in the form of the page to try calls on.
            "whatever it is now": {"value": "*"},
            "as you read it": {"value": '"2.6f1d0c4b7a9e3358"'},
        },
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A random word of yours for this one call. A repetition within 24 hours "
        "with the same word and content gives the first answer again; with other content, 422.",
        "schema": {**_TEXT, "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
    },
    "Range": {
        "name": "Range",
        "in": "header",
        "description": "One part of the file, as `bytes=0-1023`: the answer is 206 with that part.",
        "schema": _TEXT,
    },
    "IfRange": {
        "name": "If-Range",
        "in": "header",
        "description": "The `ETag` of the file: `Range` counts only while it is still that one.",
        "schema": _TEXT,
    },
}


def parameter_reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


# ── refusals ─────────────────────────────────────────────────────────────────────────────────

# Codes that only a call that writes, or only one that reads, can be answered with.
_WRITING = {
    "wrong_content_type", "invalid_input", "not_permitted", "not_allowed_now", "stale",
    "precondition_required", "key_reused", "too_large",
}  # fmt: skip
# Refused before an operation is chosen.
_NO_OPERATION = {"method_not_allowed"}


def codes_at(status: int, *, writes: bool) -> list[str]:
    """The codes that a call can be refused with at that status."""
    return sorted(
        code
        for code, (at, _title) in PROBLEMS.items()
        if at == status and code not in _NO_OPERATION and (writes or code not in _WRITING)
    )


def refusal_reference(status: int, *, writes: bool) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{_refusal_name(status, writes=writes)}"}


def _refusal_name(status: int, *, writes: bool) -> str:
    return f"{'Writing' if writes else 'Reading'}{status}"


_HEADERS_OF_REFUSALS = {
    401: ("WWW-Authenticate",), 412: ("ETag",), 416: ("Content-Range",), 429: ("Retry-After",),
}  # fmt: skip


def _refusals() -> dict[str, Any]:
    found = {}
    for writes in (False, True):
        for status in sorted({at for at, _title in PROBLEMS.values()}):
            codes = codes_at(status, writes=writes)
            if codes:
                found[_refusal_name(status, writes=writes)] = _refusal(status, codes)
    return found


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    only = {"properties": {"code": {"enum": codes}, "status": {"const": status}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, only]}
    headers = header_references(*ALWAYS, *_HEADERS_OF_REFUSALS.get(status, ()))
    return {
        "description": "; ".join(f"`{code}`: {_plain(PROBLEMS[code][1])}" for code in codes),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }


def _plain(title: "str | Promise") -> str:
    return str(title)


# ── groups of operations, in the order of the page ───────────────────────────────────────────

PEOPLE = "for people alone"

TAGS = {
    "me": "What your key is and may do.",
    "requests": "Requests for support, their files and what your agency does about them.",
    "referrals": "What the Secretariat passed on to you, and your answers.",
    "conversations": "Questions, answers and messages about requests.",
    "toolkit": "The tracker of the Toolkit: open to everybody, and more to the lead agency.",
    "events": "The change feed.",
    "webhooks": "Being called when something happens.",
    "parties": "The Parties to CITES.",
    "agencies": "The agencies that take part.",
    "supports": "What can be asked for.",
    PEOPLE: "Actions of countries and of the Secretariat, and the second pair of eyes of the "
    "Toolkit: done by people who are signed in. No API key can do them.",
}


# ── all together ─────────────────────────────────────────────────────────────────────────────


@cache
def examples() -> dict[str, Any]:
    """By operation, one call and its answer; tests/api/test_examples.py makes them and compares."""
    return dict(json.loads(EXAMPLES.read_text(encoding="utf-8"))) if EXAMPLES.exists() else {}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Hook of drf-spectacular."""
    components = result["components"]
    components["headers"] = HEADERS
    components["parameters"] = PARAMETERS
    components["responses"] = _refusals()
    components["schemas"]["WebhookMessage"] = message_schema()
    components["schemas"] = dict(sorted(components["schemas"].items()))
    result["webhooks"] = webhooks()
    result["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    for path, operations in result["paths"].items():
        reading = operations.get("get")
        # What can be acted on has a version to name.
        if reading and any(other.startswith(f"{path}actions/") for other in result["paths"]):
            _can_be_unchanged(reading)
        if reading and "application/pdf" in _content(reading, "200"):
            _gives_a_file(reading)
        if reading and any(one.get("name") == "format" for one in reading["parameters"]):
            _can_be_a_table(reading)
        for operation in operations.values():
            operation["responses"] = dict(sorted(operation["responses"].items()))
            _give_example(operation)
    return result


def _content(operation: dict[str, Any], status: str) -> dict[str, Any]:
    return dict(operation["responses"].get(status, {}).get("content", {}))


def _can_be_unchanged(reading: dict[str, Any]) -> None:
    reading["parameters"].append(parameter_reference("IfNoneMatch"))
    answers = reading["responses"]
    answers["200"]["headers"] |= header_references("ETag")
    answers["304"] = {
        "description": "Unchanged.", "headers": header_references(*ALWAYS, "ETag"),
    }  # fmt: skip


def _can_be_a_table(reading: dict[str, Any]) -> None:
    """With `format`: all rows, streamed, under a name to save them by."""
    answer = reading["responses"]["200"]
    answer["content"] |= {
        "text/csv": {"schema": _TEXT},
        XLSX: {"schema": {**_TEXT, "format": "binary"}},
    }
    answer["headers"] |= header_references("Content-Disposition")


def _gives_a_file(reading: dict[str, Any]) -> None:
    """Whole, or in parts; as what it is, whatever the caller says it accepts."""
    _can_be_unchanged(reading)
    reading["parameters"] += [parameter_reference("Range"), parameter_reference("IfRange")]
    answers = reading["responses"]
    answers.pop("406", None)
    answers["200"]["headers"] |= header_references("Accept-Ranges", "Content-Disposition")
    headers = {**answers["200"]["headers"], **header_references("Content-Range")}
    part = {"description": "The part that was asked for.", "headers": headers}
    answers["206"] = {**answers["200"], **part}
    for status in (409, 416):
        if codes_at(status, writes=False):
            answers[str(status)] = refusal_reference(status, writes=False)


def _give_example(operation: dict[str, Any]) -> None:
    example = examples().get(operation["operationId"])
    if example is None:
        return
    if "body" in example:
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["example"] = example["body"]
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "path" and parameter["name"] in example["path"]:
            parameter["example"] = example["path"][parameter["name"]]
    content = operation["responses"].get(str(example["status"]), {}).get("content", {})
    if "answer" in example and "application/json" in content:
        content["application/json"]["example"] = example["answer"]
