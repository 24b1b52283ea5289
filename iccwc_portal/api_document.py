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
from iccwc_portal.api_headers import (
    ALWAYS,
    HEADERS,
    PARAMETERS,
    header_references,
    parameter_reference,
)
from iccwc_portal.api_problems import MEDIA_TYPE, PROBLEMS
from partners.spreadsheets import XLSX
from workflow.geojson import MEDIA_TYPE as GEOJSON

EXAMPLES = Path(__file__).parent / "api_examples.json"

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
    "offices": "The network of the agencies.",
    "recognition": "Where the role of ICCWC was recognized.",
    "operations": "Operations that ICCWC coordinated or supported.",
    "activities": "The support that ICCWC has given, gives and plans.",
    "networks": "Wildlife Enforcement Networks.",
    "network-meetings": "Their global meetings.",
    "news": "News and events.",
    "documents": "The document library.",
    "topics": "What news and documents are about.",
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
            can_be_unchanged(reading)
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


def can_be_unchanged(reading: dict[str, Any]) -> None:
    """With an ETag, and 304 for whoever has that answer already."""
    reading["parameters"].append(parameter_reference("IfNoneMatch"))
    answers = reading["responses"]
    answers["200"]["headers"] |= header_references("ETag")
    answers["304"] = {
        "description": "Unchanged.", "headers": header_references(*ALWAYS, "ETag"),
    }  # fmt: skip


def _can_be_a_table(reading: dict[str, Any]) -> None:
    """With `format`: all rows, streamed, under a name to save them by."""
    answer = reading["responses"]["200"]
    (said,) = (one for one in reading["parameters"] if one.get("name") == "format")
    if "geojson" in said["schema"]["enum"]:
        answer["content"][GEOJSON] = {"schema": {"type": "object"}}
    answer["content"] |= {
        "text/csv": {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    answer["headers"] |= header_references("Content-Disposition")


def _gives_a_file(reading: dict[str, Any]) -> None:
    """Whole, or in parts; as what it is, whatever the caller says it accepts."""
    can_be_unchanged(reading)
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
