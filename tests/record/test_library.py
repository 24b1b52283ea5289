"""The library: documents with their language versions, each a link or a file kept here."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from history.models import Event
from record.models import CheckedLink, Document, DocumentVersion, Topic
from tests import make
from tests.reading_pages import signed_in
from tests.record.at_desk import faults, opened, sent
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"A report. " * 40


def titles(address: str) -> list[str]:
    return [one.title for one in Client().get(address).context["rows"]]


def linked(document: Document, language: str = "en", url: str = "") -> DocumentVersion:
    url = url or f"https://example.org/{document.pk}/{language}"
    return DocumentVersion.objects.create(document=document, language=language, url=url)


def with_file(document: Document, language: str = "en", content: bytes = PDF, **more: str) -> Any:
    """The answer of the desk to a form that adds a language version with a file."""
    desk = signed_in(make.the_officer())
    upload = SimpleUploadedFile("The report.exe", content)
    rows = {"versions-TOTAL_FORMS": "1", "versions-0-language": language, "versions-0-file": upload}
    return sent(desk, document, opened(desk, document) | rows | more)


def test_documents_are_listed_by_date_and_narrowed_by_kind_topic_and_language() -> None:
    names = {"name_en": "Networks", "name_fr": "Réseaux", "name_es": "Redes"}
    topic = Topic.objects.create(key="networks", **names)
    old = make.document(title_en="Old", effective_on=date(2012, 7, 31), precision="month")
    old.topics.add(topic)
    linked(old, "fr")
    make.document(title_en="New", effective_on=date(2020, 5, 31), kind="tool")
    make.document(title_en="Without a date")
    make.document("draft", title_en="Draft", effective_on=date(2021, 1, 1))

    assert titles("/documents/") == ["New", "Old", "Without a date"]
    assert titles("/documents/?kind=tool") == ["New"]
    assert titles("/documents/?topic=networks") == ["Old"]
    assert titles("/documents/?language=fr") == ["Old"]
    assert titles("/documents/?language=fr&kind=tool") == []
    page = Client().get("/documents/?language=xx")
    assert page.status_code == 400
    assert "Language – Choose from the list." in page.content.decode()


def test_a_language_with_its_script_is_taken_at_the_desk_and_found() -> None:
    made = make.document("draft", source_url="")
    desk = signed_in(make.the_officer())
    rows = {
        "versions-TOTAL_FORMS": "1",
        "versions-0-language": "zh-hans",
        "versions-0-url": "https://example.org/zh",
    }
    assert sent(desk, made, opened(desk, made) | rows).status_code == 302
    publish(made)

    assert made.versions.get().language == "zh-hans"
    assert titles("/documents/?language=zh-hans") == [made.title]
    (row,) = Client().get("/api/v1/documents/?language=zh-hans").json()["results"]
    assert [one["language"] for one in row["versions"]] == ["zh-hans"]


def test_a_long_library_is_read_in_pages_and_loses_no_document() -> None:
    for number in range(60):
        day = date(2015, 1, 1 + number // 5) if number < 50 else None
        make.document(title_en=f"Document {number}", effective_on=day)

    address, seen = "/documents/", []
    while address:
        page = Client().get(address)
        seen += [one.title for one in page.context["rows"]]
        older = page.context["older"]
        address = f"/documents/?before={older}" if older else ""

    assert sorted(seen) == sorted(f"Document {number}" for number in range(60))
    assert seen[-1] == "Document 50"


def test_a_page_says_what_a_document_is_and_where_each_language_is_read() -> None:
    made = make.document(
        title_en="Guidelines", symbol="SC66 Inf. 21", effective_on=date(2020, 5, 31),
        precision="month", note_en="Revised in July.", source_url="",
    )  # fmt: skip
    linked(made, "en")
    gone = linked(made, "fr")
    CheckedLink.objects.create(url=gone.url, dead_since=timezone.now(), failures=3)

    page = Client().get(f"/documents/{made.slug}/").content.decode()

    for said in ("Guidelines", "SC66 Inf. 21", "May 2020", "Revised in July."):
        assert said in page
    assert 'hreflang="en" lang="en">English</a>' in page
    assert '<span lang="fr">Français</span> <span class="muted">(not available at present)' in page
    assert gone.url not in page


def test_a_file_is_brought_in_at_the_desk_and_read_by_everybody_once_it_is_public() -> None:
    made = make.document("draft", source_url="")
    assert with_file(made).status_code == 302

    version = made.versions.get()
    address = f"/documents/{made.slug}/en/"
    assert (version.name, version.content_type) == ("The report.pdf", "application/pdf")
    assert version.added_by == make.the_officer()
    assert version.sha256 in Event.objects.about(made).latest("pk").changes["documentversion"][1][0]
    for person in (None, make.focal_point(), make.agency_officer()):
        client = signed_in(person) if person else Client()
        assert client.get(address).status_code == 404
    preview = signed_in(make.the_officer()).get(address)
    assert preview["Cache-Control"] == "private, no-store"

    publish(made)

    page = Client().get(f"/documents/{made.slug}/").content.decode()
    assert f'<a href="{address}" hreflang="en" lang="en">English</a>' in page
    answer = Client().get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="The report.pdf"'
    assert (answer["Cache-Control"], answer["Accept-Ranges"]) == ("public, no-cache", "bytes")
    part = Client().get(address, headers={"range": "bytes=0-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF")
    assert Client().get(address, headers={"range": "bytes=9999-"}).status_code == 416
    again = Client().get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_document_opens_where_its_address_is_confirmed_and_says_so_where_none_is() -> None:
    call_command("load_reference", verbosity=0)

    opening = {one.document.slug: one.url for one in DocumentVersion.objects.all()}
    assert set(opening) == {
        "decision-17-52-on-iccwc", "second-global-meeting-of-wens", "third-global-meeting-of-wens",
    }  # fmt: skip
    listed = Document.objects.filter(slug__in=opening)
    assert sorted(titles("/documents/?language=en")) == sorted(one.title for one in listed)
    for document in Document.objects.visible_to(None):
        said = Client().get(f"/documents/{document.slug}/").content.decode()
        link = f'<a href="{opening.get(document.slug)}" rel="external" hreflang="en" lang="en">'
        none = "No official address of this document is confirmed, so no link is given."
        assert (link in said, none in said) == (
            document.slug in opening, document.slug not in opening,
        )  # fmt: skip
    assert "no official address of the document is confirmed" in (
        Client().get("/documents/").content.decode()
    )


def test_reference_data_leave_a_language_version_as_an_officer_has_it() -> None:
    call_command("load_reference", verbosity=0)
    DocumentVersion.objects.update(url="https://example.org/ours")
    call_command("load_reference", "--overwrite", verbosity=0)
    urls = set(DocumentVersion.objects.values_list("url", flat=True))
    assert urls == {"https://example.org/ours"}


def publish(document: Document) -> None:
    document.refresh_from_db()
    perform("publish", document, by=make.the_officer(), data={"publish_at": ""})


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"versions-0-file": ""}, {"versions-0-__all__": ["Give a link, or choose a file."]}),
        (
            {"versions-0-language": "klingon"[:5]},
            {"versions-0-language": ["“kling” is no code of a language such as en, fr, es or ar."]},
        ),
    ],
)
def test_a_version_without_link_and_file_or_of_no_language_gets_a_sentence(
    more: dict[str, str], fault: dict[str, list[str]]
) -> None:
    made = make.document("draft")
    assert faults(with_file(made, **more)) == fault
    assert not made.versions.exists()


def test_a_file_that_is_none_of_those_allowed_gets_a_sentence() -> None:
    page = with_file(make.document("draft"), content=b"MZ\x90\x00 a program")
    sentence = "is not a PDF file or a PNG or JPEG picture, whatever its name says."
    assert sentence in faults(page)["versions-0-file"][0]


def test_one_language_stands_once() -> None:
    made = make.document("draft")
    desk = signed_in(make.the_officer())
    rows = {"versions-TOTAL_FORMS": "2"}
    for number in (0, 1):
        rows[f"versions-{number}-language"] = "en"
        rows[f"versions-{number}-url"] = f"https://example.org/{number}"
    page = sent(desk, made, opened(desk, made) | rows)
    assert page.status_code == 200
    assert not made.versions.exists()


def test_a_file_that_waits_for_the_virus_scanner_is_not_offered(settings: Any) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    made = make.document("draft", source_url="")
    with_file(made)
    publish(made)

    assert made.versions.get().scan == "waiting"
    assert Client().get(f"/documents/{made.slug}/en/").status_code == 404
    page = Client().get(f"/documents/{made.slug}/").content.decode()
    assert "not available at present" in page


def test_the_library_costs_the_same_for_one_document_and_for_many() -> None:
    costs = []
    for count in (1, 40):
        for _number in range(count):
            linked(make.document())
        with CaptureQueriesContext(connection) as cost:
            Client().get("/documents/")
        costs.append(len(cost))
    assert costs[0] == costs[1] <= 5


def test_a_document_costs_the_same_for_one_language_and_for_six() -> None:
    costs = []
    for codes in (["en"], ["en", "fr", "es", "ar", "ru", "pt"]):
        made = make.document()
        for code in codes:
            linked(made, code)
        with CaptureQueriesContext(connection) as cost:
            Client().get(f"/documents/{made.slug}/")
        costs.append(len(cost))
    assert costs[0] == costs[1] <= 6
