"""The demonstration's moves of Toolkit steps: some confirmed, one that waits, a document."""

from iccwc_portal.demo.cases import Case, act, actor
from iccwc_portal.demo.letter import pdf_file
from partners.reference_rows import rows
from toolkit.models import Implementation


def load() -> int:
    """Play the moves of cycles that have no lead agency yet, which is the first of them; how
    many. They happen now: what a published table says of these cycles was recorded just before."""
    made = 0
    for cycle in rows("demo_steps"):
        found = Implementation.objects.get(party__code=cycle["party"], cycle=cycle["cycle"])
        if found.lead_agency is None:
            for move in cycle["moves"]:
                _play(found, move)
                made += 1
    return made


def _play(cycle: Implementation, move: Case) -> None:
    step = move.get("on")
    cycle.refresh_from_db()
    act(cycle.steps.get(step=step) if step else cycle, _with_file(move), actor(move["by"]))


def _with_file(move: Case) -> Case:
    """A file is named; its content says that it is an example."""
    said = move.get("data", {})
    if "file" not in said:
        return move
    text = f"{said['title']}: an example for demonstration"
    return {**move, "data": {**said, "file": pdf_file(said["file"], text)}}
