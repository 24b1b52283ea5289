"""Bringing in tables from files: read, judged row by row, previewed, then all of it or nothing."""

from toolkit.importing.importer import Importer, Problem
from toolkit.importing.sheets import Column, Row, Sheet, Unreadable, read_csv, read_xlsx

__all__ = [
    "Column",
    "Importer",
    "Problem",
    "Row",
    "Sheet",
    "Unreadable",
    "read_csv",
    "read_xlsx",
]
