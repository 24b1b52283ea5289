from toolkit.models.cycles import Implementation, Observation, StepStatus
from toolkit.models.recommendations import Part, Recommendation, RecommendationState

__all__ = [
    "Implementation",
    "Observation",
    "Part",
    "Recommendation",
    "RecommendationState",
    "StepStatus",
]
