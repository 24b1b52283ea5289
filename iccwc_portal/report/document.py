"""A document as blocks, which the page, the PDF file and the Word file set each in its own way."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """`tone` is empty, "warning" for what must not be overlooked, or "source"."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """The first cell of a row is its header. `numbers` are the columns of numbers; `centred` those
    of marks."""

    kind: ClassVar[str] = "table"
    key: str
    caption: str
    head: list[str]
    rows: list[list[str]]
    foot: list[str] = field(default_factory=list)
    numbers: frozenset[int] = frozenset()
    centred: frozenset[int] = frozenset()

    @property
    def cells(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row as its header and its other cells, those with how they are set."""
        return [(row[0], self._rest(row)) for row in self.rows]

    @property
    def foot_cells(self) -> tuple[str, list[tuple[str, str]]] | None:
        return (self.foot[0], self._rest(self.foot)) if self.foot else None

    def set_as(self, column: int) -> str:
        if column in self.numbers:
            return "num"
        return "centre" if column in self.centred else ""

    def _rest(self, row: list[str]) -> list[tuple[str, str]]:
        return [(self.set_as(at), text) for at, text in enumerate(row) if at]


@dataclass(frozen=True)
class Map:
    """`world` is a partners.map.WorldMap; `words` say in a sentence what it shows."""

    kind: ClassVar[str] = "map"
    key: str
    title: str
    world: Any
    words: str


Block = Heading | Paragraph | Table | Map


@dataclass(frozen=True)
class Document:
    name: str  # of its files, without an ending
    title: str
    language: str
    day: date
    facts: list[tuple[str, str]]
    blocks: list[Block]
