"""The folded words of a row are those of its columns, whichever door wrote them."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from partners.models.folded import Folded, folded
from record.models import Activity, Recognition
from tests import make
from tests.reading_pages import signed_in

pytestmark = pytest.mark.django_db

COLUMNS: list[tuple[Any, Folded]] = [
    (model, column)
    for model in apps.get_models()
    for column in model._meta.concrete_fields
    if isinstance(column, Folded)
]


def stale() -> list[Any]:
    return [
        row
        for model, column in COLUMNS
        for row in model._base_manager.all()
        if getattr(row, column.attname) != column.words_of(row)
    ]


def test_these_kinds_are_searched_by_folded_words() -> None:
    assert {model._meta.label for model, _column in COLUMNS} == {
        "record.Activity", "record.Document", "record.GlobalMeeting", "record.NewsItem",
        "record.Operation", "record.Recognition",
        "requests_app.Post", "requests_app.Thread", "toolkit.Document", "toolkit.Recommendation",
    }  # fmt: skip


def test_no_accents_no_case_no_signs_and_the_title_apart() -> None:
    row = make.document(title_en="Côte d’Ivoire", title_fr="Œuvre", symbol="SC66 Inf. 9")
    assert row.search_text == " cote d ivoire oeuvre \n sc66 inf 9 "
    assert folded("… –") == ""


def test_the_note_for_editors_and_the_source_are_not_searched() -> None:
    row = make.document(title_en="Title", editors_note="secretnote", source="secretsource")
    assert row.search_text == " title \n"


def test_what_the_desk_writes_is_searched_as_it_was_written() -> None:
    client = signed_in(make.officer())
    row = make.recognition(title_en="Before", state="draft")
    page = f"/admin/record/recognition/{row.pk}/change/"
    form = client.get(page).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"title_en": "After the change", "_save": "1"}
    answer = client.post(page, data)
    row.refresh_from_db()

    assert answer.status_code == 302, answer.context["errors"]
    assert row.title_en == "After the change"
    assert stale() == []


def test_a_bulk_insert_and_the_reference_data_leave_nothing_stale(capsys: Any) -> None:
    Activity.objects.bulk_create([Activity(slug="one", title_en="Élan", kind="capacity")])
    call_command("load_reference")
    assert stale() == []
    assert Activity.objects.get(slug="one").search_text == " elan \n"


def test_reference_data_set_back_is_searched_by_its_own_words_again(capsys: Any) -> None:
    call_command("load_reference")
    changed = Recognition.objects.order_by("pk").first()
    assert changed is not None
    changed.title_en = "Something else"
    changed.save(update_fields=["title_en", "search_text"])

    call_command("load_reference", "--overwrite")

    changed.refresh_from_db()
    assert "something else" not in changed.search_text
    assert stale() == []


def test_what_a_conversation_and_a_plan_say_is_searched_too() -> None:
    case = make.request_in()
    make.conversation(case)
    make.recommendation(make.implementation())
    assert stale() == []
    assert Client().get("/search/", {"q": "schedule of penalties"}).context["total"] == 0
