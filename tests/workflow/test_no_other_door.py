"""Nothing but the workflow changes a state: what the shell offers, tried on every model."""

import re
from collections.abc import Awaitable, Callable
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.db import transaction
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Upper

from tests.workflow.rows import another_state, one_of_each, stored
from workflow.executor import table_of, tables
from workflow.guard import StateIsProtected, may_write

pytestmark = pytest.mark.django_db

NAMES = [table.name for table in tables()]


def test_every_model_with_a_state_is_tried_here() -> None:
    assert sorted(one_of_each()) == NAMES


# ── ways of the shell ────────────────────────────────────────────────────────────────────────


def moved(row: Model) -> Any:
    other = copy(row)
    other.state = another_state(row)
    return other


def as_new(row: Model) -> Any:
    other = moved(row)
    other.pk, other._state.adding = None, True
    return other


def wait_for(awaited: Awaitable[Any]) -> None:
    async def wait() -> None:
        await awaited

    async_to_sync(wait)()


def from_a_fixture(row: Model) -> None:
    written = serializers.serialize("json", [moved(row)])
    for one in serializers.deserialize("json", written):
        one.save()


def every_value(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def ways(row: Any) -> dict[str, Callable[[], Any]]:
    """What somebody could type in the shell to move the row; awaited methods as well."""
    kind, mine, state = type(row), {"pk": row.pk}, {"state": another_state(row)}
    rows, base = kind.objects.filter(**mine), kind._base_manager.filter(**mine)
    by_hand = QuerySet(kind).filter(**mine)
    upsert = {
        "update_conflicts": True, "update_fields": ["state"], "unique_fields": ["id"],
    }  # fmt: skip
    return {
        "save": lambda: moved(row).save(),
        "save the state": lambda: moved(row).save(update_fields=["state"]),
        "asave": lambda: wait_for(moved(row).asave()),
        "save without a change": lambda: copy(row).save(),
        "save under a known id": lambda: kind(**every_value(row) | state).save(),
        "a fixture": lambda: from_a_fixture(row),
        "update": lambda: rows.update(**state),
        "update the version": lambda: rows.update(version=F("version") + 1),
        "aupdate": lambda: wait_for(rows.aupdate(**state)),
        "update of the base manager": lambda: base.update(**state),
        "update by an expression": lambda: base.update(state=Upper(Value("x"))),
        "update of a queryset made by hand": lambda: by_hand.update(**state),
        "update to the first state": lambda: by_hand.update(state=first_state(kind)),
        "bulk_update": lambda: kind.objects.bulk_update([moved(row)], ["state"]),
        "abulk_update": lambda: wait_for(kind.objects.abulk_update([moved(row)], ["state"])),
        "bulk_update of a queryset made by hand": (
            lambda: by_hand.bulk_update([moved(row)], ["state"])
        ),
        "upsert": lambda: kind.objects.bulk_create([copy(row)], **upsert),
        "upsert of the base manager": lambda: kind._base_manager.bulk_create([row], **upsert),
        "aupsert": lambda: wait_for(kind.objects.abulk_create([copy(row)], **upsert)),
        "update_or_create": lambda: kind.objects.update_or_create(defaults=state, **mine),
        "aupdate_or_create": (
            lambda: wait_for(kind.objects.aupdate_or_create(defaults=state, **mine))
        ),
    }


def ways_to_begin(row: Any) -> dict[str, Callable[[], Any]]:
    """What somebody could type to make a row in a state in which none begins."""
    kind, values = type(row), every_value(as_new(row))
    del values["id"]
    new = {"pk": 10**6}
    return {
        "create": lambda: kind.objects.create(**values),
        "save as new": lambda: as_new(row).save(),
        "bulk_create": lambda: kind.objects.bulk_create([as_new(row)]),
        "bulk_create, or let be": (
            lambda: kind.objects.bulk_create([as_new(row)], ignore_conflicts=True)
        ),
        "get_or_create": lambda: kind.objects.get_or_create(defaults=values, **new),
        "update_or_create": lambda: kind.objects.update_or_create(defaults=values, **new),
        "create_defaults": (
            lambda: kind.objects.update_or_create(create_defaults=values, defaults={}, **new)
        ),
    }


def first_state(kind: type[Model]) -> str:
    field: Any = kind._meta.get_field("state")
    return str(field.default)


def outcome(way: Callable[[], Any]) -> str:
    try:
        with transaction.atomic():
            way()
    except StateIsProtected:
        return "refused"
    return "done"


@pytest.mark.parametrize("name", NAMES)
def test_no_method_of_the_shell_changes_a_state(name: str) -> None:
    row = one_of_each()[name]
    before = stored()
    tried = ways(row)
    assert {way: outcome(call) for way, call in tried.items()} == dict.fromkeys(tried, "refused")
    assert stored() == before


@pytest.mark.parametrize("name", NAMES)
def test_no_row_is_made_in_a_state_in_which_none_begins(name: str) -> None:
    row = one_of_each()[name]
    before = stored()
    tried = ways_to_begin(row)
    assert {way: outcome(call) for way, call in tried.items()} == dict.fromkeys(tried, "refused")
    assert stored() == before


def test_rows_that_belong_to_another_are_no_way_round() -> None:
    rows = one_of_each()
    case, cycle = rows["requests"], rows["toolkit"]
    before = stored()
    tried = {
        "referrals": lambda: case.referrals.update(state="accepted"),
        "threads": lambda: case.threads.update(state="closed"),
        "requests of a Party": lambda: case.party.supportrequest_set.update(state="completed"),
        "cycles of a Party": lambda: case.party.implementations.update(state="public"),
        "steps": lambda: cycle.steps.update(state="done", effective_on="2026-01-01"),
        "day of a step": lambda: cycle.steps.update(effective_on="2026-01-01"),
        "recommendations": lambda: cycle.recommendations.update(state="verified"),
    }
    assert {way: outcome(call) for way, call in tried.items()} == dict.fromkeys(tried, "refused")
    assert stored() == before


def test_everything_else_of_a_row_can_be_saved_by_its_name() -> None:
    case = one_of_each()["requests"]
    before = stored()
    case.urgency = "high"
    case.save(update_fields=["urgency"])
    type(case).objects.update(language="fr")
    case.refresh_from_db()
    assert (case.urgency, case.language, stored()) == ("high", "fr", before)


def test_the_lock_is_open_for_the_lines_that_open_it_and_for_the_names_they_say() -> None:
    case = one_of_each()["requests"]
    case.version += 1
    with pytest.raises(StateIsProtected), may_write("version"), transaction.atomic():
        case.save()
    with may_write("version"):
        case.save(update_fields=["version"])
    with pytest.raises(StateIsProtected), transaction.atomic():
        case.save(update_fields=["version"])
    assert table_of(case).model.objects.get(pk=case.pk).version == case.version


def test_who_opens_the_lock() -> None:
    """The executor; the writing of a draft, which counts its changes and moves nothing; the loader
    of an edition that is not complete; the answers of an assessment, written by its actions; and
    who reads a document, which changes the document and not the cycle that is acted on."""
    root = Path(__file__).resolve().parent.parent.parent
    rooms = ("iccwc_portal", "toolkit", "requests_app", "partners", "workflow", "outbox", "history")
    opened = {
        str(file.relative_to(root)): re.findall(r"with may_write\((.*)\):", file.read_text())
        for room in rooms
        for file in sorted((root / room).rglob("*.py"))
    }
    assert {file: said for file, said in opened.items() if said} == {
        "requests_app/drafts.py": ['"version"'],
        "toolkit/assessing.py": ['"assessment", "indicator", "value", "words"'],
        "toolkit/framework/importer.py": ["*WRITTEN_BY_THE_LOADER"],
        "toolkit/framework/structure.py": ["*WRITTEN_BY_THE_LOADER"],
        "toolkit/workflow/document_readers.py": ['"readers"'],
        "workflow/executor.py": ["*guarded(table.model)"],
    }
