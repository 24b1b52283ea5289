"""The documents of a cycle: who is given which, who changes that, whose reading is recorded."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from requests_app.models import Scan
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from toolkit import documents
from toolkit.models import Document, Implementation, Readers
from workflow.executor import perform

pytestmark = pytest.mark.django_db

TITLE = "Minutes of the initial meeting"
CONCERNED = {"country", "lead agency", "Secretariat"}
PARTNERS = CONCERNED | {"other agency"}
EVERYBODY = PARTNERS | {"public", "other country"}


@pytest.fixture
def cycle() -> Implementation:
    return make.implementation(make.party("KEN"), make.agency("WCO"))


@pytest.fixture
def readers() -> dict[str, Client]:
    return {
        "public": Client(),
        "country": signed_in(make.party_viewer()),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "lead agency": signed_in(make.agency_viewer(make.agency("WCO"))),
        "other agency": signed_in(make.agency_officer(make.agency("UNODC"))),
        "Secretariat": signed_in(make.auditor()),
    }


def kept(cycle: Implementation, readers: str = "concerned", name: str = "m.pdf") -> Document:
    step = cycle.steps.get(position=4)
    said = {"file": make.pdf(name), "title": TITLE, "readers": readers}
    perform("attach", step, by=make.the_officer(), data=said)
    return cycle.documents.latest("pk")


def download(document: Document) -> str:
    cycle = document.implementation
    return reverse("toolkit:document", args=[cycle.party.code.lower(), cycle.cycle, document.pk])


def given(readers: dict[str, Client], document: Document) -> set[str]:
    """Who is given the file; everybody else is told that there is none."""
    answers = {name: one.get(download(document)) for name, one in readers.items()}
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    return {name for name, answer in answers.items() if answer.status_code == 200}


def consent(cycle: Implementation, documents: bool = True) -> None:
    make.publish(cycle, with_documents=documents)


def test_each_document_is_given_to_its_readers_and_to_nobody_else(cycle, readers):
    closed, shared, public = (kept(cycle, one, f"{one}.pdf") for one in Readers.values)

    def found() -> tuple[set[str], set[str], set[str]]:
        return given(readers, closed), given(readers, shared), given(readers, public)

    assert found() == (CONCERNED, PARTNERS, CONCERNED)
    consent(cycle, documents=False)
    assert found() == (CONCERNED, PARTNERS, CONCERNED)
    consent(cycle, documents=True)
    assert found() == (CONCERNED, PARTNERS, EVERYBODY)
    perform("withdraw_consent", cycle, by=make.the_officer(), data={"reason": "By letter."})
    assert found() == (CONCERNED, PARTNERS, CONCERNED)


def test_the_titles_are_read_only_by_those_inside_the_cycle(cycle, readers):
    kept(cycle, "partners")
    consent(cycle)
    step = cycle.steps.get(position=4).get_absolute_url()
    pages = {name: one.get(step) for name, one in readers.items()}
    seen = {name for name, shown in pages.items() if TITLE in shown.content.decode()}
    assert seen == CONCERNED
    party = {name: one.get("/toolkit/ken/").content.decode() for name, one in readers.items()}
    assert {name for name in ("public", "other country") if TITLE in party[name]} == set()


def test_what_everybody_may_read_is_listed_only_while_the_consent_covers_documents(cycle):
    public, waiting = kept(cycle, "public", "a.pdf"), kept(cycle, "public", "b.pdf")
    kept(cycle, "partners", "c.pdf")
    Document.objects.filter(pk=waiting.pk).update(scan=Scan.WAITING)
    for reader in (None, make.the_officer()):
        assert documents.public_of([cycle], reader) == {}
    consent(cycle)
    for reader in (None, make.the_officer()):
        assert documents.public_of([cycle], reader) == {cycle.pk: [public]}
    consent(cycle, documents=False)
    assert documents.public_of([cycle], None) == {}


def test_a_file_is_saved_and_never_shown_inside_the_portals_pages(cycle, readers):
    answer = readers["country"].get(download(kept(cycle, name="Réunion <1>.pdf")))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.4")


def test_a_part_behind_the_end_is_416_at_each_door_and_no_reading_is_noted(cycle, readers):
    document = kept(cycle)
    at_desk = reverse("admin:toolkit_implementation_file", args=[cycle.pk, document.pk])
    doors = [(readers["country"], download(document)), (signed_in(make.the_officer()), at_desk)]
    for reader, address in doors:
        answer = reader.get(address, headers={"range": "bytes=99999999-"})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{document.size}")
        assert f"The file has {document.size} bytes" in answer.content.decode()
        assert answer["Cache-Control"].startswith("private, no-store")
    assert not Event.objects.filter(kind=documents.READ).exists()


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.REFUSED])
def test_nobody_is_given_a_file_that_the_virus_scanner_has_not_passed(cycle, readers, scan):
    document = kept(cycle, "public")
    consent(cycle)
    Document.objects.filter(pk=document.pk).update(scan=scan)
    at_desk = reverse("admin:toolkit_implementation_file", args=[cycle.pk, document.pk])

    answers = [one.get(download(document)) for one in readers.values()]

    assert {answer.status_code for answer in answers} == {409}
    assert "This file cannot be opened now" in page(answers[0])
    assert signed_in(make.the_officer()).get(at_desk).status_code == 409
    assert not Event.objects.filter(kind=documents.READ).exists()
    shown = readers["country"].get(document.step.get_absolute_url()).content.decode()
    assert f'href="{download(document)}"' not in shown


def test_whoever_opens_a_confidential_document_is_recorded_and_those_inside_see_it(cycle, readers):
    closed, public = kept(cycle, "partners", "a.pdf"), kept(cycle, "public", "b.pdf")
    consent(cycle)
    readers["other agency"].get(download(closed))
    readers["other agency"].get(download(public))
    readers["public"].get(download(closed))

    read = Event.objects.filter(kind=documents.READ)

    assert [event.changes["document"]["id"] for event in read] == [closed.pk]
    body = make.agency("UNODC").name_en
    assert read.get().actor_body == body
    inside = page(readers["country"].get(closed.step.get_absolute_url()))
    assert f"“{TITLE}”" in inside
    assert body in inside.partition("Who has opened")[2]
    assert "Document opened" not in inside
    assert body not in page(readers["public"].get("/toolkit/ken/"))


def test_a_document_is_found_only_where_it_belongs(cycle):
    document = kept(cycle)
    make.implementation(make.party("VNM"))
    officer = signed_in(make.the_officer())
    for wrong in ("vnm/1", "ken/2"):
        assert officer.get(f"/toolkit/{wrong}/documents/{document.pk}/").status_code == 404
    assert officer.get(f"/toolkit/ken/1/documents/{9**40}/").status_code == 404
    other = make.implementation(make.party("PER"))
    at_desk = reverse("admin:toolkit_implementation_file", args=[other.pk, document.pk])
    assert officer.get(at_desk).status_code == 404


# ── adding ───────────────────────────────────────────────────────────────────────────────────


def attach(client: Client, **said: Any) -> Any:
    address = reverse("toolkit:step_action", args=["ken", 1, 4, "attach"])
    sent = {"version": 0, "file": make.pdf(), "title": TITLE, "readers": "concerned", **said}
    return client.post(address, sent)


def test_the_country_adds_a_document_and_everybody_concerned_is_told(cycle):
    country, colleague = make.focal_point(), make.focal_point()
    make.the_officer(), make.agency_officer(make.agency("WCO"))
    make.agency_officer(make.agency("UNODC"))

    assert attach(signed_in(country)).url == "/toolkit/ken/1/4/"

    found = cycle.documents.get()
    assert (found.title, found.readers, found.step.position) == (TITLE, "concerned", 4)
    assert Message.objects.count() == 4
    letter = Message.objects.get(address=colleague.email)
    assert "Toolkit, Kenya: a document for step 4" in letter.subject
    assert "/toolkit/ken/1/4/" in letter.text
    at_desk = Message.objects.get(address=make.the_officer().email)
    assert f"/admin/toolkit/implementation/{cycle.pk}/change/" in at_desk.text


def test_an_unfit_file_or_a_missing_answer_is_said_at_the_field(cycle):
    country = signed_in(make.focal_point())
    bad = SimpleUploadedFile("x.pdf", b"MZ not a document", "application/pdf")
    assert "is not a PDF file" in errors_at(attach(country, file=bad))["file"][0]
    assert errors_at(attach(country, file="")) == {"file": ["This needs an answer."]}
    assert errors_at(attach(country, title=""))["title"] == ["This needs an answer."]
    assert errors_at(attach(country, readers="all"))["readers"] == ["Choose from the list."]
    assert not cycle.documents.exists()


def test_the_lead_agency_marks_nothing_public(cycle):
    agency = signed_in(make.agency_officer(make.agency("WCO")))
    said = errors_at(attach(agency, readers="public"))["readers"]
    assert said[0].startswith("The country decides whether everybody may read it.")
    assert attach(agency, readers="partners").status_code == 302
    document = cycle.documents.get()
    opened = change(agency, document, "public")
    assert opened.status_code == 403


# ── who may read it, changed ─────────────────────────────────────────────────────────────────


def change(client: Client, document: Document, readers: str) -> Any:
    address = reverse("toolkit:action", args=["ken", 1, "open_document"])
    version = Implementation.objects.get(pk=document.implementation_id).version
    said = {"version": version, "document": document.pk, "readers": readers}
    return client.post(address, said)


def test_the_country_changes_who_may_read_a_document_and_history_keeps_old_and_new(cycle, readers):
    document, country = kept(cycle), make.focal_point()
    step = signed_in(country).get(document.step.get_absolute_url()).content.decode()
    assert f"/toolkit/ken/1/open_document/?document={document.pk}" in step

    assert change(signed_in(country), document, "partners").status_code == 302

    assert given(readers, document) == PARTNERS
    event = Event.objects.filter(kind="toolkit.open_document").get()
    assert event.changes["document"] == {
        "title": TITLE, "sha256": document.sha256, "readers_before": "concerned",
        "readers": "partners",
    }  # fmt: skip
    assert "Document: Minutes of the initial meeting Read by: the country" in page(
        readers["country"].get(document.step.get_absolute_url())
    )
    told = Message.objects.filter(event=event)
    assert {one.subject for one in told} == {"Toolkit, Kenya: who may read a document"}


def test_a_change_of_readers_that_changes_nothing_or_is_of_another_cycle_is_refused(cycle):
    document, country = kept(cycle), signed_in(make.focal_point())
    same = errors_at(change(country, document, "concerned"))
    assert same == {"readers": ["These may read it already."]}
    other = kept(make.implementation(make.party("VNM")), name="v.pdf")
    address = reverse("toolkit:action", args=["ken", 1, "open_document"])
    said = {"version": cycle.version, "document": other.pk, "readers": "public"}
    assert errors_at(country.post(address, said)) == {"document": ["Choose from the list."]}
    other.refresh_from_db()
    assert other.readers == "concerned"
