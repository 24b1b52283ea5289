"""What may happen to a Toolkit implementation and to its steps."""

from toolkit.workflow.implementations import (
    IMPLEMENTATIONS,
    OBSERVED,
    OPENED,
    TABLE_LOADED,
    load_table_row,
    observe,
    open_for_accepted_request,
    open_implementation,
)
from toolkit.workflow.steps import STEPS

__all__ = [
    "IMPLEMENTATIONS",
    "OBSERVED",
    "OPENED",
    "STEPS",
    "TABLE_LOADED",
    "load_table_row",
    "observe",
    "open_for_accepted_request",
    "open_implementation",
]
