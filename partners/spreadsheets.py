"""Cells for spreadsheets, which take some texts for formulas and would run them."""

from collections.abc import Iterable
from typing import Any

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(cells: Iterable[Any]) -> list[str]:
    """Cells of a CSV file that a spreadsheet will not take for formulas."""
    texts = ["" if cell is None else str(cell) for cell in cells]
    return [f"'{text}" if text.startswith(_RISKY) else text for text in texts]
