"""What may happen to a Toolkit cycle, its steps, its recommendations, and to an assessment."""

from toolkit.projection import TABLE_LOADED
from toolkit.workflow.assessments import ASSESSMENTS, BEGUN
from toolkit.workflow.implementations import ENTERED, IMPLEMENTATIONS
from toolkit.workflow.observing import OBSERVED, observe
from toolkit.workflow.opening import (
    OPENED,
    load_table_row,
    open_for_accepted_request,
    open_implementation,
)
from toolkit.workflow.recommendations import RECOMMENDATIONS
from toolkit.workflow.steps import STEPS

__all__ = [
    "ASSESSMENTS",
    "BEGUN",
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
