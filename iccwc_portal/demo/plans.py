"""The demonstration's action plan: a few recommendations, each marked as an example."""

from iccwc_portal.demo.cases import Case, act, actor
from partners.reference_rows import rows
from toolkit.models import Implementation

_ENTERED_BY = "officer-a"
_ENTERED = ("part", "text", "priority", "horizon", "responsible", "supporting", "due_on")


def load() -> int:
    """Enter the recommendations of plans that have none yet; how many."""
    made = 0
    for plan in rows("demo_plans"):
        cycle = Implementation.objects.get(party__code=plan["party"], cycle=plan["cycle"])
        if not cycle.recommendations.exists():
            for recommendation in plan["recommendations"]:
                _enter(cycle, recommendation)
                made += 1
            for number, recommendation in enumerate(plan["recommendations"], start=1):
                _play(cycle, number, recommendation)
    return made


def _enter(cycle: Implementation, recommendation: Case) -> None:
    said = {name: recommendation[name] for name in _ENTERED if recommendation[name] is not None}
    act(cycle, {"do": "recommend", "data": said}, actor(_ENTERED_BY))


def _play(cycle: Implementation, number: int, recommendation: Case) -> None:
    """Its moves, once all are entered: one may take the place of another."""
    entered = cycle.recommendations.get(number=number)
    for move in recommendation["moves"]:
        act(entered, _with_successor(cycle, move), actor(move["by"]))


def _with_successor(cycle: Implementation, move: Case) -> Case:
    """A fixture names the successor by its number, a form by its row."""
    if move["do"] != "supersede":
        return move
    successor = cycle.recommendations.get(number=move["data"]["by"])
    return {**move, "data": {**move["data"], "by": successor.pk}}
