"""Headers and parameters that the OpenAPI document says once for all operations."""

from typing import Any

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
