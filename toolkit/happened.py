"""Tells the pages of actions where to read what happened to a cycle in the meantime."""

from toolkit.entries import entries
from toolkit.models import Assessment, Implementation, Recommendation, StepStatus
from toolkit.timeline import (
    about_assessment,
    about_implementations,
    about_recommendation,
    about_step,
)
from workflow.meanwhile import register_history


def show_what_happened() -> None:
    """Called in the app's ready()."""
    register_history(
        Implementation, lambda one, actor: about_implementations([one.pk], actor), entries
    )
    register_history(StepStatus, about_step, entries)
    register_history(Recommendation, about_recommendation, entries)
    register_history(Assessment, about_assessment, entries)
