"""The copy of a submission: on the page, on the desk and in the mail, always the same file."""

import io
import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from outbox import delivery
from outbox.models import Message
from requests_app import drafts
from requests_app.copy_pdf import copy_of
from requests_app.models import RequestState, SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MARKUP = '#panic("no") *not bold* $x$ <tag> [link](x) \\ @ref // "quoted"'


def read(content: bytes) -> str:
    """What can be read in a PDF file, on one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def copy_at(support_request: SupportRequest, number: int = 1) -> str:
    return reverse("requests:copy_pdf", args=[support_request.handle, number])


def test_the_copy_says_what_was_submitted_by_whom_and_when() -> None:
    with time_machine.travel("2026-03-04T23:30:00Z", tick=False):
        case = make.request_in(RequestState.SUBMITTED)

    answer = signed_in(case.created_by).get(copy_at(case))

    said = read(answer.content)
    letter = case.attachments.get()
    for words in [
        "ICCWC support portal", case.reference, "Kenya", "Basic training", "Version 1",
        "4 March 2026, 23:30 UTC", "Focal point, Kenya", make.ANSWERS["situation"],
        "What do you ask for?", make.ANSWERS["asked"], "not answered",
        "letter.pdf", letter.sha256, "I am entitled to ask for this support",
        "What happens next", "Page 1 of 2",
    ]:  # fmt: skip
        assert words in said
    assert answer["Content-Disposition"] == f'attachment; filename="{case.reference}-v1.pdf"'
    assert answer["Cache-Control"] == "private, no-store"


def test_the_file_has_a_title_a_language_and_tags() -> None:
    case = make.request_in(RequestState.SUBMITTED)
    version = case.versions.get()
    for language in ("en", "fr", "es"):
        reader = PdfReader(io.BytesIO(copy_of(version, language).content))
        root: Any = reader.trailer["/Root"]
        assert reader.metadata is not None
        assert reader.metadata.title == f"{case.reference}: Basic training"
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)


def test_what_people_wrote_is_never_read_as_markup() -> None:
    case = make.request_in(RequestState.SUBMITTED, situation=MARKUP, species="one\n\ntwo\nthree")
    said = read(copy_of(case.versions.get(), "en").content)
    assert MARKUP in said
    assert "one two three" in said


@pytest.mark.parametrize(
    "text",
    [  # fmt: skip
        "مرحبا بالعالم ICCWC",
        "穿山甲 鳞片",
        "नमस्ते",
        "x" * 4000,
        "\u200f bell",
        "🐘",
        "- \n\n\n -",
    ],
    ids=["Arabic", "Chinese", "Hindi", "one word", "direction mark", "elephant", "blank lines"],
)
def test_no_text_breaks_the_copy(text: str) -> None:
    case = make.request_in(RequestState.SUBMITTED, situation=text)
    assert copy_of(case.versions.get(), "en").content.startswith(b"%PDF-")


def test_the_same_version_gives_the_same_file_at_any_time() -> None:
    case = make.request_in(RequestState.SUBMITTED)
    first = copy_of(case.versions.get(), "fr")
    with time_machine.travel("2031-01-01T00:00:00Z"):
        later = copy_of(SupportRequest.objects.get().versions.get(), "fr")
    assert first == later
    assert first != copy_of(case.versions.get(), "en")


def test_the_language_is_the_readers_or_the_one_that_is_named() -> None:
    case = make.request_in(RequestState.SUBMITTED)
    client = signed_in(make.focal_point(language="fr"))
    languages = [
        PdfReader(io.BytesIO(client.get(copy_at(case) + query).content)).trailer["/Root"]["/Lang"]
        for query in ("", "?language=es", "?language=xx")
    ]
    assert languages == ["fr", "es", "fr"]


def test_who_sees_the_request_gets_the_copy_and_an_agency_the_last_one_only() -> None:
    draft = make.draft(situation="FIRST-WORDS")
    by = draft.created_by
    make.submit(draft, by)
    draft.refresh_from_db()
    perform("take_up", draft, by=make.the_officer(), data={"assignee": make.the_officer()})
    perform("return", draft, by=make.the_officer(), data={"to_correct": "Name the ports."})
    drafts.write(draft, by=by, answers={"situation": "SECOND-WORDS"})
    draft.refresh_from_db()
    make.submit(draft, by)
    perform("take_up", draft, by=make.the_officer(), data={"assignee": make.the_officer()})
    referred = {"agencies": [make.agency()], "note": "Please.", "answer_due_on": make.in_a_month()}
    perform("refer", draft, by=make.the_officer(), data=referred)
    readers = {
        "own": make.focal_point(),
        "officer": make.officer(),
        "auditor": make.auditor(),
        "agency": make.agency_officer(),
        "other agency": make.agency_officer(make.agency("WCO")),
        "other country": make.focal_point(make.party("PER")),
    }

    statuses = {
        name: [signed_in(who).get(copy_at(draft, number)).status_code for number in (1, 2, 3)]
        for name, who in readers.items()
    }

    assert statuses == {
        "own": [200, 200, 404],
        "officer": [200, 200, 404],
        "auditor": [200, 200, 404],
        "agency": [404, 200, 404],
        "other agency": [404, 404, 404],
        "other country": [404, 404, 404],
    }
    shown = signed_in(readers["agency"]).get(draft.get_absolute_url()).content.decode()
    assert (copy_at(draft, 1) in shown, copy_at(draft, 2) in shown) == (False, True)


# ── with the mail ────────────────────────────────────────────────────────────────────────────


def test_the_mail_that_confirms_a_submission_carries_the_copy_in_its_readers_language() -> None:
    draft = make.draft()
    french = make.focal_point(language="fr")
    make.officer()
    make.submit(draft, draft.created_by)

    for message in Message.objects.order_by("pk"):
        delivery.deliver(message.pk)

    enclosed = {one.to[0]: one.attachments for one in mail.outbox}
    own, others = enclosed.pop(draft.created_by.email), enclosed.pop(french.email)
    [(name, content, kind)] = own
    reference = SupportRequest.objects.get().reference
    assert (name, kind) == (f"{reference}-v1.pdf", "application/pdf")
    assert make.ANSWERS["situation"] in read(content)
    assert PdfReader(io.BytesIO(others[0][1])).trailer["/Root"]["/Lang"] == "fr"
    assert all(not files for files in enclosed.values()), "the desk has the request itself"


def test_a_mail_sent_again_after_a_crash_carries_the_same_bytes(
    settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "outbox.backends.MailFolder", tmp_path
    draft = make.draft()
    make.submit(draft, draft.created_by)
    message = Message.objects.get(recipient=f"user:{draft.created_by.pk}")

    def crash(message: Message) -> bool:
        raise KeyboardInterrupt

    sent = []
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_note_success", crash)
        with pytest.raises(KeyboardInterrupt):
            delivery.deliver(message.pk)
    sent.append(_enclosed(tmp_path))
    with time_machine.travel("2031-01-01T00:00:00Z"):
        assert delivery.deliver(message.pk)
    sent.append(_enclosed(tmp_path))

    assert len(sent[0]) == 1
    assert sent[0] == sent[1]


def _enclosed(folder: Path) -> list[bytes]:
    [file] = folder.glob("*.eml")
    parts = message_from_bytes(file.read_bytes()).walk()
    return [bytes(part.get_payload(decode=True)) for part in parts if part.get_filename()]


def test_the_desk_shows_what_is_enclosed_and_has_the_copy() -> None:
    case = make.request_in(RequestState.SUBMITTED)
    message = Message.objects.get(recipient=f"user:{case.created_by.pk}")
    desk = signed_in(make.lead())
    shown = desk.get(reverse("admin:outbox_message_change", args=[message.pk]))
    assert re.search(rf"{case.reference}-v1\.pdf \([\d.]+\s(KB|bytes)\)", page(shown))
    case_page = desk.get(reverse("admin:requests_app_supportrequest_change", args=[case.pk]))
    assert copy_at(case) in case_page.content.decode()
