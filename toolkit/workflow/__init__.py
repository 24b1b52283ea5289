"""What may happen to a Toolkit implementation and to its steps."""

from toolkit.workflow.implementations import (
    ENTERED,
    IMPLEMENTATIONS,
    OBSERVED,
    OPENED,
    TABLE_LOADED,
    load_table_row,
    observe,
    open_for_accepted_request,
    open_implementation,
)
from toolkit.workflow.recommendations import RECOMMENDATIONS
from toolkit.workflow.steps import STEPS

__all__ = [
    "ENTERED",
    "IMPLEMENTATIONS",
    "OBSERVED",
    "OPENED",
    "RECOMMENDATIONS",
    "STEPS",
    "TABLE_LOADED",
    "load_table_row",
    "observe",
    "open_for_accepted_request",
    "open_implementation",
]
