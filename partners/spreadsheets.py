"""Cells for spreadsheets, which take some texts for formulas and would run them."""

from collections.abc import Iterable
from typing import Any

from workflow.characters import without_control

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(cells: Iterable[Any]) -> list[str]:
    """Cells of a CSV file that a spreadsheet will not take for formulas, without characters that
    are no text."""
    texts = ["" if cell is None else without_control(str(cell)) for cell in cells]
    return [f"'{text}" if text.startswith(_RISKY) else text for text in texts]
