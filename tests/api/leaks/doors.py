"""The doors of the API, from the map of the site and from the description: a new one is looked at,
or fails for want of a row."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator

from tests.test_routes import _plain, routes


def described() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True)["paths"])


def lists() -> dict[str, list[dict[str, Any]]]:
    """Path → declared parameters, of every GET without a part to fill in."""
    found = {}
    for path, operations in described().items():
        if "get" in operations and "{" not in path:
            parameters = operations["get"].get("parameters", [])
            found[path] = [one for one in parameters if one.get("in") == "query"]
    return found


def route_of(path: str) -> str:
    return _plain(resolve(f"/api/v1/{path}").route).removeprefix("api/v1/")


def actions_below(path: str) -> list[str]:
    """The addresses of actions below a detail's: `actions/accept/`."""
    route = route_of(path)
    stem = re.sub(r"<(?:\w+:)?(\w+)>", "<>", route)
    return [
        plain.removeprefix(stem)
        for one in routes()
        if (plain := re.sub(r"<(?:\w+:)?(\w+)>", "<>", _plain(one)).removeprefix("api/v1/"))
        and plain.startswith((f"{stem}actions/", f"{stem}attachments/"))
        and plain.count("<>") == stem.count("<>")
    ]


# Values to try where the description does not list them; those of hidden rows among them.
TRIED = {
    "party": ["KEN", "VNM", "PER", "GAB", "BGD"],
    "agency": ["INTERPOL", "WCO"],
    "lead_agency": ["INTERPOL", "WCO"],
    "support": ["basic_training", "wist"],
    "region": ["africa"],
    "q": ["Viet", "Peru", "ICCWC", "SITUATION", "WCO"],
    "page_size": ["1", "100"],
    "after": ["0", "latest"],
    "format": ["csv", "xlsx"],
    "request": ["ICCWC-2026-0001"],
    "topic": ["ivory"],
    "series": ["cobra"],
    "language": ["en"],
}
_DAYS = ["2000-01-01", "2026-06-01", "2199-01-01"]


def variations(parameters: list[dict[str, Any]]) -> Iterator[str]:
    """The query strings to try at a list: each parameter by itself with each value."""
    yield ""
    for one in parameters:
        name, schema = one["name"], one.get("schema", {})
        if name in {"cursor", "wait", "fields"}:
            continue
        words = schema.get("enum") or schema.get("items", {}).get("enum") or TRIED.get(name)
        if words is None:
            words = {
                "date": _DAYS,
                "date-time": [f"{day}T00:00:00Z" for day in _DAYS],
                "boolean": ["true", "false"],
                "integer": ["1", "2"],
            }.get(schema.get("format") or schema.get("type"), _DAYS)
        yield from (f"?{name}={word}" for word in words)


def doors() -> Iterator[str]:
    """Every list with every variation."""
    for path, parameters in lists().items():
        needs = "from=2026-01-01&to=2026-03-01" if path.endswith("toolkit/changes/") else ""
        for query in variations(parameters):
            yield path + (f"{query or '?'}&{needs}".replace("?&", "?") if needs else query)
        for form in ("csv", "xlsx"):
            yield f"{path}?{needs}&format={form}".replace("?&", "?")
