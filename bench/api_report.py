"""What bench.api found: lines while it runs, docs/performance.md with its figures and its plot."""

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, FIGURES, PLOT = (
    DOCS / "performance.md",
    DOCS / "performance.json",
    DOCS / "img/performance.svg",
)
WHO = {
    "portal": "portal",
    "django": "bare Django",
    "psycopg": "psycopg2 + json_agg",
    "list": "list, in turn",
    "first": "first page, in turn",
}
TEMPLATE = Path(__file__).with_name("performance_page.md")
GROWTH = 1.02  # of memory between a fifth of the calls and all of them

Row = dict[str, Any]


def say(row: Row) -> None:
    many = f"{row['per_second']:>8.0f}/s" if "per_second" in row else ""
    print(
        f"{row['what']:<28}{WHO[row['who']]:<21}{row['requests']:>9,}"
        f"{row['p50']:>9.2f}{row['p95']:>9.2f}{row['p99']:>9.2f}{row['errors']:>5}{many}",
        flush=True,
    )


def webhooks() -> dict[str, Any] | None:
    """The figures that bench.webhooks prints; None where it could not measure."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.webhooks"], capture_output=True, text=True, check=False
    )
    print(done.stdout)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        print(done.stderr[-2000:])
        return None
    return said if isinstance(said, dict) else None


# ── goals ────────────────────────────────────────────────────────────────────────────────────


def _p50(results: Row, what: str, who: str = "portal", requests: int | None = None) -> float:
    size = requests or results["gauge"]
    found = [
        row["p50"]
        for row in results["rows"]
        if (row["what"], row["who"], row["requests"]) == (what, who, size)
    ]
    return float(found[0]) if found else float("nan")


def goals(results: Row) -> list[tuple[str, str, str, bool]]:
    """What was asked, what was found, and whether that is enough."""
    listed, unchanged = _p50(results, "list of 50, filtered"), "304 of one request"
    deep = "deep page of 50"
    rows = [
        _ratio("list of 50, filtered, against the bare Django floor",
               listed, _p50(results, "list of 50, filtered", "django"), 2.0),
        _ratio("one request, against the bare Django floor",
               _p50(results, "one request"), _p50(results, "one request", "django"), 2.0),
        _ratio("304 answer, against the list", _p50(results, unchanged),
               _p50(results, unchanged, "list"), 0.5),
        _ratio(f"deep page at {results['gauge']:,}, against the first page at "
               f"{results['small']:,}",
               _p50(results, deep), _p50(results, deep, "first", results["small"]), 1.2),
        _ratio("create with 3 notifications, against one bare INSERT through Django",
               _p50(results, "create with 3 notifications"),
               _p50(results, "create with 3 notifications", "django"), 6.0),
    ]  # fmt: skip
    return [*rows, _webhooks_goal(results), _memory_goal(results)]


def _ratio(what: str, ours: float, other: float, most: float) -> tuple[str, str, str, bool]:
    ratio = ours / other if other else float("nan")
    return what, f"≤ {most} ×", f"{ratio:.2f} ×", ratio <= most


def _webhooks_goal(results: Row) -> tuple[str, str, str, bool]:
    rate = (results.get("webhooks") or {}).get("per_second")
    what = "events delivered to a webhook, end to end, one worker"
    found = "not measured" if rate is None else f"{rate:.0f} per second"
    return what, "≥ 300 per second", found, bool(rate and rate >= 300)


def _memory_goal(results: Row) -> tuple[str, str, str, bool]:
    after = {row["calls"]: sum(row["workers"]) for row in results["memory"]}
    calls = sorted(after)
    warm, last = after[calls[1]], after[calls[-1]]
    what = f"API processes after {calls[-1]:,} calls, against after {calls[1]:,}"
    found = f"{warm:.0f} MB → {last:.0f} MB"
    return what, f"no growth (≤ {GROWTH} ×)", found, last <= warm * GROWTH


# ── the page ─────────────────────────────────────────────────────────────────────────────────


def write(results: Row, *, keep: bool) -> int:
    """Prints the goals; writes the page, the figures and the plot unless docs/ is kept as it is.
    1 when a call failed; a goal that is missed is told and fails nothing: machines differ."""
    results |= {"machine": _machine(), "on": f"{datetime.now(UTC):%Y-%m-%d}"}
    results["note"] = os.environ.get("NOTE", "")
    met = goals(results)
    print(_table(["at the size of the goals", "goal", "found", "met"], _goal_cells(met)))
    if not keep:
        FIGURES.write_text(json.dumps(_rounded(results), indent=1, ensure_ascii=False) + "\n")
        _plot(results)
        PAGE.write_text(_page(results, met))
        print(f"Written: {PAGE.relative_to(DOCS.parent)}")
    return 1 if any(row["errors"] for row in results["rows"]) else 0


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    servers = f"PostgreSQL {_postgres_version()}, gunicorn {version('gunicorn')}"
    python = f"Python {platform.python_version()}, Django {version('django')}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {python}, {servers}"


def _postgres_version() -> str:
    from tools import servers  # noqa: PLC0415

    programs = servers._postgres_programs()
    if programs is None:
        return "of another machine"
    said = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\d+(\.\d+)?", said.stdout)
    return found[0] if found else "unknown"


def _goal_cells(met: list[tuple[str, str, str, bool]]) -> list[list[str]]:
    return [[what, goal, found, "yes" if is_met else "**no**"] for what, goal, found, is_met in met]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _page(results: Row, met: list[tuple[str, str, str, bool]]) -> str:
    return TEMPLATE.read_text().format(
        on=results["on"],
        machine=results["machine"],
        gauge=f"{results['gauge']:,}",
        note=f"\n\n**{results['note']}**" if results["note"] else "",
        goals=_table(["At {:,} requests".format(results["gauge"]), "Goal", "Found", "Met"],
                     _goal_cells(met)),
        figures=_table(
            ["What", "Who", "Requests", "p50", "p95", "p99", "Queries", "Bytes", "Calls/s",
             "p95 of many", "Errors"],
            [_figures(row) for row in results["rows"]],
        ),
        memory=_table(
            ["Calls", "MB of each worker"],
            [[f"{row['calls']:,}", " · ".join(f"{one:.1f}" for one in row["workers"])]
             for row in results["memory"]],
        ),
        samples=results["samples"], clients=results["clients"], seconds=f"{results['seconds']:g}",
        client_p50=f"{results['client']['p50']:.2f}",
        client_rate=f"{results['client']['per_second']:.0f}",
        sizes=_sizes(results),
    )  # fmt: skip


def _figures(row: Row) -> list[str]:
    def number(name: str, shape: str) -> str:
        return format(row[name], shape) if row.get(name) is not None else ""

    queries = number("queries", "d")
    if row.get("messages"):
        queries += f" ({row['messages']} messages)"
    return [
        row["what"], WHO[row["who"]], f"{row['requests']:,}", number("p50", ".2f"),
        number("p95", ".2f"), number("p99", ".2f"), queries, number("bytes", ",d"),
        number("per_second", ".0f"), number("p95_of_many", ".1f"), number("errors", "d"),
    ]  # fmt: skip


def _sizes(results: Row) -> str:
    parts = []
    for size, tables in results["sizes"].items():
        said = ", ".join(f"`{name}` {held / 1e6:,.0f} MB" for name, held in tables.items())
        parts.append(f"At {int(size):,} requests: {said}.")
    return " ".join(parts)


def _plot(results: Row) -> None:
    import matplotlib  # noqa: PLC0415 - takes a second to load

    matplotlib.use("svg")
    from matplotlib import pyplot  # noqa: PLC0415

    matplotlib.rcParams |= {"svg.hashsalt": "iccwc", "font.size": 9}
    names = list(dict.fromkeys(row["what"] for row in results["rows"]))[::-1]
    figure, axes = pyplot.subplots(figsize=(8, 0.55 * len(names) + 1.2))
    colours = {"portal": "#1d5b79", "django": "#c8963e", "psycopg": "#8a8a8a"}
    for place, who in enumerate(["psycopg", "django", "portal"]):
        spots = [(at, _p50(results, name, who)) for at, name in enumerate(names)]
        spots = [(at, value) for at, value in spots if value == value]  # noqa: PLR0124 - not NaN
        axes.barh(
            [at + (place - 1) * 0.27 for at, _value in spots],
            [value for _at, value in spots],
            height=0.25, color=colours[who], label=WHO[who],
        )  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel(f"milliseconds, p50 of one client, {results['gauge']:,} requests")
    axes.legend(loc="lower right")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})
    pyplot.close(figure)
