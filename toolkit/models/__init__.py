from toolkit.models.assessments import Assessment, AssessmentState, Score
from toolkit.models.cycles import Implementation, Publicity, StepStatus
from toolkit.models.documents import READERS_OF_EVIDENCE, Document, Readers
from toolkit.models.framework import Edition, Indicator, IndicatorKind, Outcome
from toolkit.models.imports import Import, ImportKind
from toolkit.models.observations import Observation, PublishedTotal, StatementState
from toolkit.models.recommendations import (
    SETTLED,
    TO_DO,
    Horizon,
    Part,
    Priority,
    Recommendation,
    RecommendationState,
)
from toolkit.models.records import Consent, Proposal, StepRecord

__all__ = [
    "READERS_OF_EVIDENCE",
    "SETTLED",
    "TO_DO",
    "Assessment",
    "AssessmentState",
    "Consent",
    "Document",
    "Edition",
    "Horizon",
    "Implementation",
    "Import",
    "ImportKind",
    "Indicator",
    "IndicatorKind",
    "Observation",
    "Outcome",
    "Part",
    "Priority",
    "Proposal",
    "Publicity",
    "PublishedTotal",
    "Readers",
    "Recommendation",
    "RecommendationState",
    "Score",
    "StatementState",
    "StepRecord",
    "StepStatus",
]
