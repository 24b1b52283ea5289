"""Bringing in tables from files: read, judged row by row, previewed, then all of it or nothing."""

from toolkit.importing.importer import Importer, NotImported, Problem
from toolkit.importing.sheets import Column, Row, Sheet, Unreadable, read_csv
from toolkit.importing.workbooks import EDITION_LABEL, read_xlsx

__all__ = [
    "EDITION_LABEL",
    "Column",
    "Importer",
    "NotImported",
    "Problem",
    "Row",
    "Sheet",
    "Unreadable",
    "read_csv",
    "read_xlsx",
]
