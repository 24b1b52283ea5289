"""What may happen to a Toolkit cycle, its steps, its recommendations, and to an assessment."""

from toolkit.projection import TABLE_LOADED
from toolkit.workflow.assessments import ASSESSMENTS, BEGUN
from toolkit.workflow.implementations import ENTERED, IMPLEMENTATIONS
from toolkit.workflow.observing import (
    OBSERVATIONS,
    OBSERVED,
    TOTAL_OBSERVED,
    TOTALS,
    observe,
    observe_many,
    observe_total,
)
from toolkit.workflow.opening import (
    OPENED,
    load_table_row,
    open_at_desk,
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
    "OBSERVATIONS",
    "OBSERVED",
    "OPENED",
    "RECOMMENDATIONS",
    "STEPS",
    "TABLE_LOADED",
    "TOTALS",
    "TOTAL_OBSERVED",
    "load_table_row",
    "observe",
    "open_at_desk",
    "observe_many",
    "observe_total",
    "open_for_accepted_request",
    "open_implementation",
]
