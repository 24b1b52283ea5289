"""The demonstration's assessments, by an edition that says itself that it is an exercise: no title
of the official framework is made up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from iccwc_portal.demo.cases import actor
from partners.models import Agency, Party
from toolkit.framework.importer import FRAMEWORK
from toolkit.framework.importer import load as load_indicators
from toolkit.importing import Row
from toolkit.models import Assessment, Edition, IndicatorKind
from toolkit.workflow.assessments import begin
from workflow.executor import perform

_KEY = "exercise"
_NAME = "Exercise edition (not the official indicators)"
_WORDS = {
    "en": ("Exercise outcome", "Exercise indicator", "Exercise answer"),
    "fr": ("Résultat d’exercice", "Indicateur d’exercice", "Réponse d’exercice"),
    "es": ("Resultado de ejercicio", "Indicador de ejercicio", "Respuesta de ejercicio"),
}
_PER_OUTCOME = 6  # the last has more
_LAST = 50

# By Party: who writes, when, how far it came, and by how much the scores are raised.
_ASSESSMENTS: tuple[dict[str, Any], ...] = (
    {"party": "VNM", "by": "focal-point.viet-nam", "on": date(2022, 3, 17), "raise": 0,
     "precision": "day", "do": ("submit",)},
    {"party": "VNM", "by": "focal-point.viet-nam", "on": date(2025, 9, 30), "raise": 1,
     "precision": "month", "do": ("submit",)},
    {"party": "BGD", "by": "focal-point.bangladesh", "on": date(2024, 11, 30), "raise": 0,
     "precision": "month", "do": ("submit", "disclose")},
    {"party": "KEN", "by": "focal-point.kenya", "on": date(2026, 5, 12), "raise": 0,
     "precision": "day", "do": ()},
)  # fmt: skip


def load() -> int:
    """Make the assessments of the demonstration, once; how many."""
    if Assessment.objects.exists():
        return 0
    edition = _edition()
    for one in _ASSESSMENTS:
        _play(one, edition)
    return len(_ASSESSMENTS)


def _edition() -> Edition:
    edition, made = Edition.objects.get_or_create(
        key=_KEY, defaults={"name": _NAME, "source": "Made for this demonstration"}
    )
    if made:
        rows = [Row(number + 2, _row(number)) for number in range(1, _LAST + 1)]
        values, _problems = FRAMEWORK.look_through(rows, edition)
        load_indicators(list(values.values()), edition, None)
    return edition


def _row(number: int) -> dict[str, str]:
    outcome = min((number - 1) // _PER_OUTCOME + 1, 8)
    kind = _kind(number)
    row = {"outcome": str(outcome), "number": str(number), "kind": kind}
    for language, (of_outcome, indicator, answer) in _WORDS.items():
        row[f"outcome_{language}"] = f"{of_outcome} {outcome}"
        row[f"title_{language}"] = f"{indicator} {number}"
        if kind == IndicatorKind.EA:
            row |= {f"answer{value}_{language}": f"{answer} {value}" for value in range(4)}
    return row


def _kind(number: int) -> str:
    """Nothing is said by which is which: every fifth is a document, the last one data."""
    if number == _LAST:
        return IndicatorKind.DA.value
    return (IndicatorKind.PA if number % 5 == 3 else IndicatorKind.EA).value


def _play(said: Mapping[str, Any], edition: Edition) -> None:
    writer, party = actor(said["by"]), Party.objects.get(code=said["party"])
    head = {
        "instrument": "indicator_framework",
        "edition": edition,
        "held_on": said["on"],
        "precision": said["precision"],
        "national_bodies": "Example for demonstration",
        "contact_person": "Example for demonstration",
        "contact_details": "contact@example.org",
        "lead_agency": Agency.objects.get(code="UNODC"),
        "implementation": party.implementations.order_by("-cycle").first(),
    }
    one = begin(party, by=writer, said=head)
    numbers = range(1, 13 if not said["do"] else _LAST + 1)
    scores = {str(number): _answer(number, said["raise"]) for number in numbers}
    perform("score", one, by=writer, data={"scores": scores})
    for action in said["do"]:
        perform(action, one, by=writer, data={"not_assessed": ""} if action == "submit" else {})


def _answer(number: int, raised: int) -> dict[str, str]:
    """Made up by arithmetic: some are raised by the second date, one falls, others stay."""
    kind = _kind(number)
    if kind == IndicatorKind.DA:
        return {"mark": "", "text": f"Example for demonstration: {40 + raised} seizures a year."}
    if kind == IndicatorKind.PA:
        return {"mark": str(int(number % 2 == 0 or raised and number % 3 == 0)), "text": ""}
    value = number * 7 % 3
    change = raised * (number % 4 != 1) - raised * (number % 11 == 0)
    return {"mark": str(max(0, min(3, value + change))), "text": ""}
