"""Cycles of the Toolkit, their steps and action plans."""

from datetime import date
from typing import Any

from django.utils import timezone

from history.models import Event
from partners.models import Agency, Party, Role, User
from tests.make.bodies import party
from tests.make.cases import pdf
from tests.make.people import someone, the_lead, the_officer
from toolkit.models import Document, Implementation, Recommendation, StepStatus
from toolkit.workflow import open_implementation
from workflow.executor import perform


def implementation(of: Party | None = None, lead_agency: Agency | None = None) -> Implementation:
    """A Toolkit cycle with step 1 done, not public."""
    return open_implementation(
        of or party(),
        requested_on=date(2026, 1, 15),
        by=the_officer(),
        lead_agency=lead_agency,
    )


def move(
    step: StepStatus, state: str, on: "date | None" = None, precision: str = "day", **said: Any
) -> Event:
    """A step moved as people do it: an officer proposes, a lead confirms."""
    note = said.pop("note", "Agreed with the country.")
    day = on or timezone.now().date()
    data = {"state": state, "effective_on": day, "precision": precision, "note": note, **said}
    perform("propose", step, by=the_officer(), data=data)
    return perform("confirm", step, by=the_lead())


def correct(
    step: StepStatus, state: str, on: "date | None" = None, precision: str = "day", **said: Any
) -> Event:
    """The record of a step corrected: an officer proposes, a lead confirms."""
    day = on or timezone.now().date()
    data = {"state": state, "effective_on": day, "precision": precision, "reason": "Misread."}
    perform("propose_correction", step, by=the_officer(), data={**data, **said})
    return perform("confirm", step, by=the_lead())


def publish(cycle: Implementation, by: "User | None" = None, **said: Any) -> Event:
    """The country consents to the publication of the cycle, the action plan and files left out."""
    writer = by or someone(Role.FOCAL_POINT, cycle.party, "Focal point")
    data = {"with_plan": False, "with_documents": False, **said}
    return perform("publish", cycle, by=writer, data=data)


def recommendation(cycle: Implementation, state: str = "proposed", **fields: Any) -> Recommendation:
    """A recommendation of the cycle's action plan, brought to `state` by those entitled."""
    entered = {
        "part": "legislation",
        "text": "Revise the schedule of penalties.",
        "priority": "medium",
        **fields,
    }
    perform("recommend", cycle, by=the_officer(), data=entered)
    made = cycle.recommendations.latest("pk")
    country = someone(Role.FOCAL_POINT, cycle.party, "Focal point")
    begun: list[tuple[str, dict[str, Any], User]] = [("accept", {}, country)]
    under_way = [*begun, ("start", {"note": "A committee sits."}, country)]
    done = [*under_way, ("finish", {"outcome": "Revised.", "evidence": "Act 4."}, country)]
    ways = {
        "proposed": [],
        "accepted": begun,
        "under_way": under_way,
        "done": done,
        "verified": [*done, ("verify", {}, the_officer())],
        "not_accepted": [("refuse", {"reason": "Done before."}, country)],
    }
    if state == "superseded":
        successor = recommendation(cycle, text="In its place.")
        because = {"by": successor, "reason": "Two in one."}
        ways[state] = [("supersede", because, the_officer())]
    for action, data, actor in ways[state]:
        perform(action, made, by=actor, data=data)
    return made


def evidence(recommendation: Recommendation, readers: str = "concerned") -> Document:
    """A file with which the country shows how far a recommendation under way is."""
    country = someone(Role.FOCAL_POINT, recommendation.implementation.party, "Focal point")
    said = {"note": "Half.", "file": pdf("evidence.pdf"), "readers": readers}
    perform("report", recommendation, by=country, data=said)
    return recommendation.documents.latest("pk")
