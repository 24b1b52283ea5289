"""The same import as a command: its report, what it does, and with what it ends."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from history.models import Event
from record.models import Activity, ActivityImport
from tests import make
from tests.record.importing_world import LISTS, SOURCE, parties, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _parties() -> None:
    parties()


def run(path: Path, *more: str, by: Any = None) -> tuple[int, list[str]]:
    """With what the command ends, and the lines of its report."""
    out = io.StringIO()
    email = (by or make.the_officer()).email
    try:
        call_command(
            "import_activities", str(path), "--source", SOURCE, "--by", email, *more, stdout=out
        )
    except CommandError as error:
        return error.returncode, [*out.getvalue().splitlines(), str(error)]
    return 0, out.getvalue().splitlines()


def test_a_good_list_is_reported_and_waits_for_a_yes():
    code, lines = run(LISTS / "spreadsheet.csv")

    batch = ActivityImport.objects.get()
    assert (code, batch.state, Activity.objects.count()) == (0, "waiting", 0)
    assert lines == [
        f"spreadsheet.csv, read as UTF-8. Source: {SOURCE}",
        "These columns are not known here and were not read: icon.",
        "Positions are kept to two decimals, about a kilometre: to the province or port, never "
        "nearer.",
        "row 2\tgood\tLaos\tTraining on parcels (2015)",
        "row 2.2\tgood\tLaos\tWorkshop for prosecutors (2016-2017)",
        "row 3\tgood\tDRC\tStudy of ports (2014)\tOne line was read as several activities.",
        "row 3.2\tgood\tDRC\tMeeting of customs officers (2015)\tOne line was read as several "
        "activities.",
        "row 4\tgood\tHong Kong, PRC\tSeminar on controlled delivery - 2013\t“2013” at the end was "
        "read as the year. Kept by its own name, with China.",
        "row 5\tgood\tVietnam\tCourse on online markets (May 2018)\tTwo lines were read as one "
        "text: the second begins in lower case.",
        "good: 6",
        f"Nothing is taken over yet: say --yes, or http://testserver/admin/record/activityimport/"
        f"{batch.pk}/change/",
    ]


def test_with_a_yes_the_rows_become_drafts_and_with_publish_they_are_public():
    assert run(LISTS / "spreadsheet.csv", "--yes")[0] == 0
    assert {one.state for one in Activity.objects.all()} == {"draft"}
    drafts = Activity.objects.count()

    code, lines = run(LISTS / "windows-1252.csv", "--yes", "--publish")

    assert (code, lines[-1]) == (0, "taken over: 1")
    (public,) = Activity.objects.visible_to(None)
    assert (public.title_en, Activity.objects.count()) == ("Formation – douanes", drafts + 1)
    assert [one.actor_name for one in Event.objects.about(public)] == [make.the_officer().name] * 2


def test_refused_rows_are_named_and_the_command_ends_with_1():
    code, lines = run(LISTS / "refused.csv", "--yes")

    assert code == 1
    assert lines[2].split("\t") == [
        "row 2",
        "cannot be taken",
        "Kenya",
        "Range backwards (2017-2016)",
        "“2017-2016” ends before it begins.",
    ]
    assert [one for one in lines if one.startswith(("cannot be taken:", "taken over:"))] == [
        "cannot be taken: 14",
        "taken over: 1",
    ]
    assert [one.title_en for one in Activity.objects.all()] == ["Good all the same"]


def test_open_questions_end_it_with_1_and_say_where_they_are_answered():
    code, lines = run(LISTS / "questions.csv", "--yes", "--star", "planned")

    batch = ActivityImport.objects.get()
    assert code == 1
    assert lines[-2] == (
        "Questions to be answered: 5, at http://testserver/admin/record/activityimport/"
        f"{batch.pk}/change/"
    )
    assert [one for one in verdicts(batch) if one[1] == "taken"] == [
        ("7", "taken", ["star_answered"])
    ]


@pytest.mark.parametrize("content", [None, b"%PDF-1.7", b"Country\nKenya\n"])
def test_a_file_that_cannot_be_read_ends_it_with_2(tmp_path, content):
    path = tmp_path / "list.csv"
    if content:
        path.write_bytes(content)

    code, lines = run(path)

    assert (code, ActivityImport.objects.count()) == (2, 0)
    assert lines[-1].startswith(str(path))


def test_nobody_but_an_officer_or_lead_answers_for_it():
    for person in (make.auditor(), make.focal_point(), make.agency_officer()):
        code, lines = run(LISTS / "spreadsheet.csv", by=person)
        assert (code, lines[-1]) == (
            1,
            f"“{person.email}” is no officer or lead of the Secretariat.",
        )
    assert run(LISTS / "spreadsheet.csv", by=make.the_lead())[0] == 0


def test_publishing_without_a_yes_is_refused():
    assert run(LISTS / "spreadsheet.csv", "--publish")[1] == [
        "--publish goes with --yes: nothing else is published."
    ]
    assert ActivityImport.objects.count() == 0
