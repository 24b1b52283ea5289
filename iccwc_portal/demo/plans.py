"""The demonstration's action plan: a few recommendations, each marked as an example."""

from iccwc_portal.demo.cases import Case, act, actor
from partners.reference_rows import rows
from toolkit.models import Implementation

_ENTERED_BY = "officer-a"
_ENTERED = ("part", "text", "responsible", "supporting", "due_on")


def load() -> int:
    """Enter the recommendations of plans that have none yet; how many."""
    made = 0
    for plan in rows("demo_plans"):
        cycle = Implementation.objects.get(party__code=plan["party"], cycle=plan["cycle"])
        if not cycle.recommendations.exists():
            for recommendation in plan["recommendations"]:
                _play(cycle, recommendation)
                made += 1
    return made


def _play(cycle: Implementation, recommendation: Case) -> None:
    said = {name: recommendation[name] for name in _ENTERED if recommendation[name] is not None}
    act(cycle, {"do": "recommend", "data": said}, actor(_ENTERED_BY))
    entered = cycle.recommendations.latest("number")
    for move in recommendation["moves"]:
        act(entered, move, actor(move["by"]))
