"""The loader of the Indicator Framework: what a file must hold, and what is said of faults."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from history.models import Event
from tests.toolkit import instruments
from toolkit.framework.importer import FRAMEWORK
from toolkit.framework.template import loaded_edition
from toolkit.importing import Unreadable
from toolkit.models import Edition, Indicator, Outcome
from workflow.guard import StateIsProtected

pytestmark = pytest.mark.django_db

EMPTY = "This cell is empty."


@pytest.fixture
def edition() -> Edition:
    return Edition.objects.create(key="ex", name="Exercise")


def faults(edition: Edition, rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Row, column and sentence, read through a real workbook."""
    upload = SimpleUploadedFile("framework.xlsx", instruments.a_workbook(rows))
    sheet = FRAMEWORK.read(upload, FRAMEWORK.columns)
    _values, problems = FRAMEWORK.look_through(sheet.rows, edition)
    return [(one.row, one.column, one.sentence) for one in problems]


def test_a_right_file_has_no_fault(edition: Edition):
    assert faults(edition, instruments.rows_of_an_edition()) == []


def test_every_fault_is_named_by_row_and_column(edition: Edition):
    rows = instruments.rows_of_an_edition(
        i4={"title_en": ""},  # row 6
        i5={"kind": "XX"},  # row 7
        i6={"answer2_en": ""},  # row 8
        i7={"answer0_fr": "Réponse"},  # row 9
        i8={"number": 51},  # row 10
        i9={"outcome": "first"},  # row 11
        i10={"answer0_en": "No such thing"},  # row 12, PA
        i11={"outcome_en": "Something else"},  # row 13, outcome 3
        i12={"number": 13},  # row 14
    )
    assert faults(edition, rows) == [
        (6, "Title EN", EMPTY),
        (7, "Kind", "Write EA, PA or DA."),
        (8, "Answer 2 EN", "An EA indicator has four answers; this one is empty."),
        (9, "Answer 1 FR", "An EA indicator has four answers; this one is empty."),
        (10, "Indicator no.", "Give a whole number from 1 to 50."),
        (11, "Outcome no.", "Give a whole number from 1 to 8."),
        (12, "Answer 0 EN", "Only an EA indicator has answers."),
        (13, "Outcome title EN", "Row 5 gives this outcome another title."),
        (15, "Indicator no.", "This indicator stands in row 14 already."),
        (52, "Indicator no.", "Among the rows without a fault these are missing: 4, 5, 8, 9, 12."),
    ]


def test_rows_that_are_missing_are_named(edition: Edition):
    rows = instruments.rows_of_an_edition()
    left = [row for row in rows if row["number"] not in {7, 8} and row["outcome"] != 4]
    assert faults(edition, left) == [
        (44, "Indicator no.", "Among the rows without a fault these are missing: "
         "4, 7, 8, 12, 20, 28, 36, 44."),
        (44, "Outcome no.", "Among the rows without a fault these are missing: 4."),
    ]  # fmt: skip


def test_a_template_of_last_year_is_told_which(edition: Edition):
    rows = instruments.rows_of_an_edition()
    old = instruments.a_workbook(rows, edition="Indicator Framework 2025-01")
    with pytest.raises(Unreadable) as told:
        FRAMEWORK.read(SimpleUploadedFile("old.xlsx", old), FRAMEWORK.columns)
    assert "“Indicator Framework 2025-01”" in str(told.value)
    assert "“Indicator Framework 2026-11”" in str(told.value)


def test_nothing_but_the_loader_writes_what_an_edition_says():
    edition = instruments.edition()
    one, outcome = edition.indicators.get(number=7), edition.outcomes.first()
    one.title_en = outcome.title_en = "Another title"
    ways = (
        one.save,
        outcome.save,
        lambda: one.save(update_fields=["title_en"]),
        lambda: Indicator.objects.filter(pk=one.pk).update(answers={}),
        lambda: Indicator.objects.filter(pk=one.pk).update(kind="PA"),
        lambda: Indicator.objects.bulk_update([one], ["title_en"]),
        lambda: Outcome.objects.create(edition=edition, number=9),
        lambda: Edition.objects.filter(pk=edition.pk).update(is_complete=False),
    )
    for way in ways:
        with pytest.raises(StateIsProtected):
            way()


def test_the_command_loads_a_new_edition_and_names_faults(tmp_path: Path):
    right, wrong = tmp_path / "right.xlsx", tmp_path / "wrong.xlsx"
    right.write_bytes(instruments.a_workbook(instruments.rows_of_an_edition()))
    wrong.write_bytes(instruments.a_workbook(instruments.rows_of_an_edition(i4={"kind": "XX"})))
    said = StringIO()
    with pytest.raises(CommandError, match="Give --name"):
        call_command("load_framework", str(right), "--edition", "ex", stdout=said)
    with pytest.raises(CommandError, match="Nothing was loaded: 2 faults"):
        call_command("load_framework", str(wrong), "--edition=ex", "--name=Exercise", stdout=said)
    assert "row 6, Kind: Write EA, PA or DA. XX" in said.getvalue()
    assert not Edition.objects.exists()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_framework", str(tmp_path / "no"), "--edition=ex", "--name=E")
    call_command("load_framework", str(right), "--edition=ex", "--name=Exercise", stdout=said)
    edition = Edition.objects.get()
    assert (edition.is_complete, edition.loaded_by, edition.indicators.count()) == (True, None, 50)
    assert Event.objects.about(edition).get().actor_kind == "system"
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_framework", str(right), "--edition=ex", stdout=said)
    assert "is complete and does not change" in said.getvalue()


def test_an_edition_that_is_downloaded_is_a_file_that_can_be_loaded_again():
    first = instruments.edition(i7={"title_fr": "Indicateur 7"})
    again = Edition.objects.create(key="again", name="Again")
    upload = SimpleUploadedFile("again.xlsx", loaded_edition(first))
    sheet = FRAMEWORK.read(upload, FRAMEWORK.columns)
    values, problems = FRAMEWORK.look_through(sheet.rows, again)
    assert problems == []
    assert len(values) == 50
    assert [one["title_fr"] for one in values.values() if one["title_fr"]] == ["Indicateur 7"]
