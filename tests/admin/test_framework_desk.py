"""The Indicator Framework and assessments on the desk."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from tests import make
from tests.reading_pages import page, table_rows
from tests.toolkit import instruments
from toolkit.models import Edition, Indicator

pytestmark = pytest.mark.django_db
LIST = "admin:toolkit_edition_changelist"


def send(desk: Client, edition: Edition, content: bytes) -> Any:
    where = reverse("admin:toolkit_edition_import", args=[edition.pk])
    return desk.post(where, {"file": SimpleUploadedFile("framework.xlsx", content)})


def test_the_shipped_edition_has_its_numbers_and_the_one_title_that_is_confirmed(lead: Client):
    call_command("load_reference", verbosity=0)
    call_command("load_reference", verbosity=0)
    edition = Edition.objects.get()
    assert (edition.key, edition.is_complete) == ("2016", False)
    assert [one.number for one in edition.outcomes.all()] == list(range(1, 9))
    assert [one.number for one in edition.indicators.all()] == list(range(1, 51))
    titles = {one.number: one.title_en for one in edition.indicators.all() if one.title_en}
    assert titles == {3: "National enforcement strategy"}
    assert not edition.outcomes.exclude(title_en="").exists()
    assert not Edition.objects.usable().exists()
    shown = lead.get(reverse("admin:toolkit_edition_change", args=[edition.pk]))
    assert "official titles of this edition have to be loaded" in page(shown)
    assert [row[1] for row in table_rows(shown, "indicators")].count("not loaded") == 49


def test_a_lead_adds_an_edition_fills_in_the_template_looks_it_through_and_loads_it(lead: Client):
    add = reverse("admin:toolkit_edition_add")
    lead.post(add, {"name": "Exercise", "key": "ex", "source": "An exercise"})
    edition = Edition.objects.get()
    content = lead.get(reverse("admin:toolkit_edition_template")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Indicators", "Instructions"]
    said = [[cell.value for cell in row] for row in book.worksheets[1]]
    assert [row[0] for row in said][:3] == ["How to fill it in", "Outcome no.", "Outcome title EN"]
    assert dict(said)["Kind"].startswith("EA: expert-based")
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:2] == [
        "Template edition",
        "Indicator Framework 2026-11",
    ]
    assert (sheet.cell(3, 5).value, sheet.cell(52, 5).value, sheet.max_row) == (1, 50, 52)

    answer = send(lead, edition, instruments.a_workbook(instruments.rows_of_an_edition()))
    assert answer.status_code == 302
    assert not Indicator.objects.exists()
    looked = lead.get(answer["Location"])
    assert "50 rows will be imported" in page(looked)
    done = lead.post(answer["Location"], {"confirm": looked.context["kept"].pk}, follow=True)
    assert "never changes" in page(done)
    edition.refresh_from_db()
    assert edition.is_complete
    assert edition.loaded_by == make.the_lead()
    one = edition.indicators.get(number=7)
    assert (one.kind, one.title, one.outcome.number) == ("EA", "Exercise indicator 7", 7)
    assert one.answers == {"en": [f"Exercise answer {value}" for value in range(4)]}
    kinds = [event.kind for event in Event.objects.about(edition)]
    assert kinds == ["toolkit.framework.added", "toolkit.framework.loaded"]
    assert "0 of 50" in page(done)  # titles in French: said


def test_a_complete_edition_is_loaded_no_second_time(lead: Client):
    edition = instruments.edition()
    before = list(edition.indicators.values())
    changed = instruments.rows_of_an_edition(i7={"title_en": "Another title"})
    answer = send(lead, edition, instruments.a_workbook(changed))
    assert answer.status_code == 400
    assert "is complete and does not change" in answer.content.decode()
    assert list(edition.indicators.values()) == before


def test_of_two_files_looked_through_before_either_was_loaded_the_second_is_refused(lead: Client):
    edition = Edition.objects.create(key="ex", name="Exercise")
    content = instruments.a_workbook(instruments.rows_of_an_edition())
    pages = [send(lead, edition, content)["Location"] for _n in range(2)]
    kept = [lead.get(where).context["kept"].pk for where in pages]
    answers = [
        lead.post(where, {"confirm": pk}).status_code for where, pk in zip(pages, kept, strict=True)
    ]
    assert answers == [302, 409]


def test_only_leads_load_and_add_and_the_others_of_the_secretariat_read(
    lead: Client, officer: Client, auditor: Client, focal_point: Client
):
    edition = Edition.objects.create(key="ex", name="Exercise")
    pages = {
        "list": reverse(LIST),
        "page": reverse("admin:toolkit_edition_change", args=[edition.pk]),
        "template": reverse("admin:toolkit_edition_template"),
        "workbook": reverse("admin:toolkit_edition_workbook", args=[edition.pk]),
        "add": reverse("admin:toolkit_edition_add"),
        "import": reverse("admin:toolkit_edition_import", args=[edition.pk]),
    }
    browsers = {"lead": lead, "officer": officer, "auditor": auditor, "country": focal_point}
    found = {
        (who, name): browser.get(where).status_code
        for who, browser in browsers.items()
        for name, where in pages.items()
    }
    expected = dict.fromkeys(found, 200)
    for who in ("officer", "auditor"):
        expected |= {(who, "add"): 403, (who, "import"): 403}
    expected |= {("country", name): 302 for name in pages}
    assert found == expected


def test_a_key_that_is_taken_or_misspelt_is_said_at_its_field(lead: Client):
    Edition.objects.create(key="ex", name="Exercise")
    add, sent = reverse("admin:toolkit_edition_add"), {"name": "Another", "source": "A paper"}
    taken = lead.post(add, {**sent, "key": "ex"})
    assert taken.context["form"].errors["key"] == ["There is an edition with this key."]
    assert "A paper" in taken.content.decode()
    misspelt = lead.post(add, {**sent, "key": "é 1"})
    assert "Use letters without accents" in misspelt.context["form"].errors["key"][0]
    assert Edition.objects.count() == 1


def test_the_desk_lists_what_was_submitted_and_shows_all_of_it(officer: Client):
    one = instruments.submitted(contact_person="Head of unit")
    hidden = instruments.draft(of=make.party("VNM"), contact_person="Hidden contact")
    listed = officer.get(reverse("admin:toolkit_assessment_changelist"))
    assert [row.pk for row in listed.context["cl"].result_list] == [one.pk]
    shown = officer.get(reverse("admin:toolkit_assessment_change", args=[one.pk]))
    assert "Head of unit" in page(shown)
    assert "50 of 50 answered" in page(shown)
    draft = reverse("admin:toolkit_assessment_change", args=[hidden.pk])
    assert officer.get(draft).status_code == 404
    history = officer.get(reverse("admin:toolkit_assessment_history", args=[hidden.pk]))
    assert history.status_code == 302
    assert "Hidden contact" not in listed.content.decode()


def test_lists_and_pages_of_the_desk_cost_the_same_however_many_there_are(officer: Client):
    one = instruments.submitted()
    pages = {
        reverse("admin:toolkit_assessment_changelist"): 12,
        reverse("admin:toolkit_assessment_change", args=[one.pk]): 18,
        reverse(LIST): 12,
        reverse("admin:toolkit_edition_change", args=[one.edition_id]): 18,
    }

    def counted(where: str) -> int:
        officer.get(where)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(where).status_code == 200
        return len(captured)

    few = {where: counted(where) for where in pages}
    for number in range(6):
        Edition.objects.create(key=f"more-{number}", name="More")
        instruments.submitted(of=make.party(("VNM", "BGD", "PER", "GAB")[number % 4]))
    assert {where: counted(where) for where in pages} == few
    assert [where for where, most in pages.items() if few[where] > most] == []
