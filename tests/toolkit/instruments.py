"""Editions and assessments for the tests. No official title is made up: these say what they are."""

from datetime import date
from typing import Any

from partners.models import Agency, Party, User
from tests import make
from toolkit.framework.importer import COLUMNS, FRAMEWORK, FRAMEWORK_EDITION, load
from toolkit.framework.template import workbook
from toolkit.importing import Row
from toolkit.models import Assessment, Edition
from toolkit.workflow.assessments import begin
from workflow.executor import perform

KINDS = {**dict.fromkeys(range(1, 51), "EA"), 3: "PA", 10: "PA", 17: "PA", 50: "DA"}


def rows_of_an_edition(**changed: dict[str, Any]) -> list[dict[str, Any]]:
    """50 rows of an exercise; `changed` overwrites cells: i7={"title_en": "…"}."""
    rows = []
    for number in range(1, 51):
        outcome = (number - 1) % 8 + 1
        kind = KINDS[number]
        row: dict[str, Any] = {
            "outcome": outcome,
            "outcome_en": f"Exercise outcome {outcome}",
            "number": number,
            "kind": kind,
            "title_en": f"Exercise indicator {number}",
        }
        if kind == "EA":
            row |= {f"answer{value}_en": f"Exercise answer {value}" for value in range(4)}
        rows.append(row | changed.get(f"i{number}", {}))
    return rows


def a_workbook(rows: list[dict[str, Any]], edition: str = FRAMEWORK_EDITION) -> bytes:
    return workbook(COLUMNS, rows, edition)


def edition(key: str = "exercise", **changed: dict[str, Any]) -> Edition:
    """A complete edition, loaded as from a file."""
    made, _new = Edition.objects.get_or_create(key=key, defaults={"name": f"Exercise {key}"})
    if not made.is_complete:
        cells = [
            Row(line, {key: str(cell) for key, cell in row.items()})
            for line, row in enumerate(rows_of_an_edition(**changed), start=3)
        ]
        values, problems = FRAMEWORK.look_through(cells, made)
        assert not problems
        load(list(values.values()), made, None)
        made.refresh_from_db()
    return made


def draft(
    of: "Party | None" = None,
    on: date = date(2024, 5, 20),
    by: "User | None" = None,
    lead_agency: "Agency | None" = None,
    of_edition: "Edition | None" = None,
    **head: Any,
) -> Assessment:
    of = of or make.party()
    said = {
        "instrument": "indicator_framework",
        "edition": of_edition or edition(),
        "held_on": on,
        "precision": "day",
        "national_bodies": "Exercise customs",
        "contact_person": "Exercise contact",
        "contact_details": "contact@example.org",
        "lead_agency": lead_agency,
        **head,
    }
    return begin(of, by=by or make.someone("focal_point", of, "Focal point"), said=said)


def answer(one: Assessment, answers: dict[int, tuple[Any, str]]) -> None:
    """Answers by number: (score, remark), written by the Party's focal point."""
    who = make.someone("focal_point", one.party, "Focal point")
    scores = {
        str(number): {"mark": "" if value is None else str(value), "text": words}
        for number, (value, words) in answers.items()
    }
    perform("score", one, by=who, data={"scores": scores})


def full(value: int = 2) -> dict[int, tuple[Any, str]]:
    """An answer to every indicator."""
    by_kind = {"EA": (value, ""), "PA": (min(value, 1), ""), "DA": (None, "Forty seizures.")}
    return {number: by_kind[KINDS[number]] for number in range(1, 51)}


def submitted(value: int = 2, left_out: tuple[int, ...] = (), **head: Any) -> Assessment:
    one = draft(**head)
    answer(one, {number: said for number, said in full(value).items() if number not in left_out})
    who = make.someone("focal_point", one.party, "Focal point")
    why = {"not_assessed": "No data." if left_out else ""}
    perform("submit", one, by=who, data=why)
    return one
