"""The eight steps of the Toolkit, and what follows them.

Names and order: CITES SC66 Inf. 9, Part 3. The mapping of steps to the four categories of its
map is inferred from the map's legend: the document does not print it.
"""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    REQUEST = "request", _("Request")
    NOMINATION = "nomination_of_focal_point", _("Nomination of focal point")
    PREPARATORY_WORK = "preparatory_work", _("Preparatory work")
    INITIAL_MEETING = "initial_meeting", _("Initial meeting")
    MISSION = "in_country_mission", _("In-country mission")
    REPORT = "report_draft", _("Report (draft)")
    ACTION_PLAN = "action_plan", _("Action plan")
    PRESENTATION = "presentation", _("Presentation")
    FOLLOW_UP = "follow_up", _("Implementation of action plan recommendations")


NUMBERED = tuple(step for step in Step if step is not Step.FOLLOW_UP)


class StepState(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class Phase(models.TextChoices):
    REQUEST_RECEIVED = "request_received", _("Toolkit request received")
    PLANNING = "planning_phase", _("Toolkit implementation in planning phase")
    IN_PROCESS = "in_process", _("Toolkit implementation in process")
    COMPLETE = "complete", _("Toolkit implementation complete")


def number(step: str) -> int:
    """1 to 8; 9 for the follow-up."""
    return list(Step).index(Step(step)) + 1


def phase_of(done: Collection[str]) -> Phase | None:
    """The phase that follows from the steps done; None when not even the request was made."""
    reached = max((number(step) for step in done if step != Step.FOLLOW_UP), default=0)
    if Step.PRESENTATION in done:
        return Phase.COMPLETE
    if reached >= number(Step.INITIAL_MEETING):
        return Phase.IN_PROCESS
    if reached >= number(Step.NOMINATION):
        return Phase.PLANNING
    return Phase.REQUEST_RECEIVED if reached else None
