from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from workflow.executor import effects, tables
from workflow.transitions import Table, Transition


class Command(BaseCommand):
    help = "Print every transition table, state diagram and effect, as Markdown for docs/."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            parts = [_page(table) for table in tables()] + [_effects()]
        self.stdout.write("\n".join(parts))


def _page(table: Table) -> str:
    lines = [f"## {table.name}", "", "```mermaid", "stateDiagram-v2"]
    for one in table.transitions:
        lines += [f"    {a} --> {b}: {one.action}" for a, b in _arrows(one)]
    lines += [
        "```",
        "",
        "| Action | From | To | Who | Needs | Tells |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(one) for one in table.transitions]
    return "\n".join([*lines, ""])


def _arrows(one: Transition) -> list[tuple[str, str]]:
    arrows = []
    for source in sorted(one.sources):
        targets = one.targets or {one.target or source}
        arrows += [(source, str(target)) for target in sorted(map(str, targets))]
    return arrows


def _row(one: Transition) -> str:
    targets = ", ".join(sorted(one.targets)) or str(one.target or "same")
    needs = ", ".join(i.name if i.required else f"({i.name})" for i in one.inputs)
    sources = ", ".join(sorted(one.sources))
    cells = [one.action, sources, targets, one.who.label, needs, ", ".join(one.tells)]
    return "| " + " | ".join(cells) + " |"


def _effects() -> str:
    lines = ["## Effects registered by upper apps", ""]
    for (table, action), found in sorted(effects().items()):
        lines += [f"- `{table}.{action}` runs `{f.__module__}.{f.__qualname__}`" for f in found]
    return "\n".join(lines)
