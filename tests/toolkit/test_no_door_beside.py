"""What decides who reads, and what was submitted, is altered by actions alone: tried by what the
shell offers."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet

from tests import make
from tests.toolkit import instruments
from toolkit.models import Assessment, Document, Edition, Indicator, Outcome, Score, StepRecord
from workflow.executor import perform
from workflow.guard import StateIsProtected

pytestmark = pytest.mark.django_db


def ways(row: Model, **said: Any) -> dict[str, Callable[[], Any]]:
    kind, (name,) = type(row), said
    for one, value in said.items():
        setattr(row, one, value)
    mine = {"pk": row.pk}
    upsert = {"update_conflicts": True, "update_fields": [name], "unique_fields": ["id"]}
    manager: Any = kind._default_manager
    return {
        "save": row.save,
        "save it alone": lambda: row.save(update_fields=[name]),
        "update": lambda: manager.filter(**mine).update(**said),
        "update by hand": lambda: QuerySet(kind).filter(**mine).update(**said),
        "bulk_update": lambda: manager.bulk_update([row], [name]),
        "upsert": lambda: manager.bulk_create([row], **upsert),
    }


def refused(way: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            way()
    except (StateIsProtected, ProtectedError):
        return True
    return False


def test_no_method_of_the_shell_alters_who_reads_or_what_was_submitted() -> None:
    cycle = make.implementation()
    said = {"file": make.pdf(), "title": "Minutes", "readers": "concerned"}
    perform("attach", cycle.steps.get(position=4), by=make.the_officer(), data=said)
    assessment = instruments.submitted()
    another = instruments.edition("another")
    for row, altered in (
        (Document.objects.get(), {"readers": "public"}),
        (StepRecord.objects.filter(implementation=cycle).earliest("pk"), {"is_published": True}),
        (assessment, {"held_on": date(2001, 1, 1)}),
        (Assessment.objects.get(), {"edition": another}),
        (another, {"name": "Another name"}),
        (Indicator.objects.earliest("pk"), {"title_en": "Another title"}),
    ):
        tried = ways(row, **altered)
        assert {way: refused(call) for way, call in tried.items()} == dict.fromkeys(tried, True)
    assert not StepRecord.objects.filter(is_published=True).exists()
    assert Document.objects.get().readers == "concerned"
    stored = Assessment.objects.get()
    assert (stored.held_on == date(2001, 1, 1), stored.edition == another) == (False, False)


def test_no_answer_of_an_assessment_and_nothing_of_an_edition_is_deleted() -> None:
    assessment = instruments.submitted()
    instruments.edition("another")  # nothing was assessed by it
    for kind in (Score, Indicator, Outcome, Edition):
        before = kind._base_manager.count()
        assert before
        for rows in (kind.objects.all(), kind._base_manager.all()):
            assert refused(rows.delete)
        assert refused(kind.objects.latest("pk").delete)
        assert kind._base_manager.count() == before
    assert refused(assessment.scores.all().delete)
