"""The virus scanner: nothing opens and nothing is submitted before an explicit "clean"."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outbox.models import Heartbeat
from requests_app import drafts, scanning
from requests_app.models import Attachment, RequestState, Scan, SupportRequest
from requests_app.tasks import scan, scan_waiting
from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.scanner import EICAR, Scanner, running
from workflow.errors import InvalidInput
from workflow.executor import perform

pytestmark = pytest.mark.django_db

WAITS = "“letter.pdf” is still being checked for viruses. Try again in a minute."
REFUSED = "“letter.pdf” was refused by the virus scanner."


@pytest.fixture
def scanner(settings: Any) -> Iterator[Scanner]:
    with running() as server:
        settings.CLAMAV_URL, settings.CLAMAV_TIMEOUT = server.url, 1
        yield server


def infected() -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.pdf", b"%PDF-1.4\n" + EICAR, "application/pdf")


def draft_with(upload: SimpleUploadedFile) -> SupportRequest:
    draft = make.draft(letter=False)
    drafts.attach(draft, upload, Attachment.AttachmentKind.LETTER, by=draft.created_by)
    return draft


def the_scan() -> str:
    return Attachment.objects.get().scan


def test_without_a_scanner_a_file_is_open_at_once() -> None:
    draft = make.draft()
    assert the_scan() == Scan.NOT_ASKED
    make.submit(draft, draft.created_by)


def test_a_clean_file_opens_once_it_was_checked(scanner: Scanner) -> None:
    make.draft()
    before = the_scan()
    scan_waiting()
    assert (before, the_scan()) == (Scan.WAITING, Scan.CLEAN)
    assert scanner.seen == [make.pdf().read()]


def test_a_new_file_is_looked_at_as_soon_as_it_is_stored(
    scanner: Scanner, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(scanning.current_app, "send_task", lambda *said: sent.append(said))
    with django_capture_on_commit_callbacks(execute=True):
        make.draft()
    [(name, [kind, attachment_id])] = sent
    assert (name, kind) == (scan.name, "requests_app.attachment")
    scan(kind, attachment_id)
    assert the_scan() == Scan.CLEAN


def test_the_documents_of_a_toolkit_cycle_are_looked_at_like_every_other_file(
    scanner: Scanner,
) -> None:
    step = make.implementation().steps.get(position=4)
    for name, upload in (("clean", make.pdf()), ("infected", infected())):
        said = {"file": upload, "title": name, "readers": "concerned"}
        perform("attach", step, by=make.the_officer(), data=said)
    files = step.implementation.documents
    assert set(files.values_list("scan", flat=True)) == {Scan.WAITING}
    assert scan_waiting() == 2
    found = dict(files.values_list("title", "scan"))
    assert found == {"clean": Scan.CLEAN, "infected": Scan.REFUSED}
    again = {"file": infected(), "title": "Once more", "readers": "concerned"}
    with pytest.raises(InvalidInput) as refused:
        perform("attach", step, by=make.the_officer(), data=again)
    assert refused.value.fields == {
        "file": ["“letter.pdf” was refused by the virus scanner. Send another file."]
    }


@pytest.mark.parametrize("mood", ["hangs_up", "is_silent", "fails", "babbles"])
def test_a_scanner_that_says_nothing_of_use_leaves_the_file_closed(
    scanner: Scanner, mood: str
) -> None:
    scanner.mood = mood
    make.draft()
    scan_waiting()
    assert the_scan() == Scan.WAITING

    scanner.mood = "works"
    scan_waiting()
    assert the_scan() == Scan.CLEAN


def test_a_scanner_that_is_not_there_leaves_the_file_closed_and_is_missed(settings: Any) -> None:
    with running() as gone:
        settings.CLAMAV_URL = gone.url
    make.draft()
    scan_waiting()
    assert the_scan() == Scan.WAITING
    assert not Heartbeat.objects.filter(name=scanning.HEARTBEAT).exists()


def test_a_file_in_which_a_virus_was_found_is_gone_and_its_row_says_so(scanner: Scanner) -> None:
    draft = draft_with(infected())
    stored = Path(Attachment.objects.get().file.path)
    assert stored.exists()

    scan_waiting()

    assert (the_scan(), stored.exists()) == (Scan.REFUSED, False)
    answer = signed_in(draft.created_by).get(reverse("requests:documents", args=[draft.handle]))
    assert "letter.pdf" in page(answer)
    assert "Refused by the virus scanner" in page(answer)


def test_a_refused_file_whose_removal_was_cut_short_is_removed_later(scanner: Scanner) -> None:
    draft_with(infected())
    stored = Path(Attachment.objects.get().file.path)
    Attachment.objects.update(scan=Scan.REFUSED)
    scan_waiting()
    assert (stored.exists(), Attachment.objects.get().file.name) == (False, "")


def test_a_file_over_which_the_scanner_falls_silent_does_not_keep_back_the_others(
    scanner: Scanner, monkeypatch: Any
) -> None:
    draft = make.draft()
    drafts.attach(draft, make.pdf("map.pdf"), "other", by=draft.created_by)
    letter = Attachment.objects.get(kind="letter")
    ask = scanning._verdict

    def silent_over_letters(content: Any) -> Scan:
        if content.name == letter.file.name:
            raise scanning.NoVerdict
        return ask(content)

    monkeypatch.setattr(scanning, "_verdict", silent_over_letters)
    scan_waiting()
    scans = Attachment.objects.order_by("pk").values_list("scan", flat=True)
    assert list(scans) == [Scan.WAITING, Scan.CLEAN]


# ── doors ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("state", "sentence"), [(Scan.WAITING, WAITS), (Scan.REFUSED, REFUSED)])
def test_no_door_gives_out_a_file_that_was_not_passed(state: Scan, sentence: str) -> None:
    case = make.request_in(RequestState.REFERRED)
    make.open_files(case)
    letter = case.attachments.get()
    Attachment.objects.update(scan=state)
    _key, token = make.api_key()
    desk = reverse("admin:requests_app_supportrequest_file", args=[case.pk, letter.pk])
    own = reverse("requests:attachment", args=[case.handle, letter.pk])

    answers = [
        signed_in(make.focal_point()).get(own),
        signed_in(make.agency_officer()).get(own),
        signed_in(make.officer()).get(desk),
    ]
    problem = signed_in(make.focal_point()).get(
        f"/api/v1/requests/{case.reference}/attachments/{letter.pk}/",
        headers={"Authorization": f"Api-Key {token}"},
    )

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert all(sentence in page(answer) for answer in answers)
    assert (problem.status_code, problem.json()["code"]) == (409, "file_closed")
    assert problem.json()["detail"].startswith(sentence)


def test_the_pages_and_the_api_say_how_the_check_stands() -> None:
    case = make.request_in(RequestState.REFERRED)
    make.open_files(case)
    Attachment.objects.update(scan=Scan.WAITING)
    _key, token = make.api_key()
    pages = [
        signed_in(make.focal_point()).get(case.get_absolute_url()),
        signed_in(make.agency_officer()).get(case.referrals.get().get_absolute_url()),
        signed_in(make.officer()).get(
            reverse("admin:requests_app_supportrequest_change", args=[case.pk])
        ),
    ]
    for answer in pages:
        html = answer.content.decode()
        assert "Being checked for viruses" in html
        assert not re.search(r"/(attachments|files)/\d", html)
    detail = signed_in(make.focal_point()).get(
        f"/api/v1/requests/{case.reference}/", headers={"Authorization": f"Api-Key {token}"}
    )
    assert [one["scan"] for one in detail.json()["attachments"]] == ["waiting"]


# ── submission ───────────────────────────────────────────────────────────────────────────────


def test_nothing_is_submitted_with_a_file_that_is_still_being_checked(scanner: Scanner) -> None:
    draft = make.draft()
    drafts.attach(draft, make.pdf("map.pdf"), "other", by=draft.created_by)
    with pytest.raises(InvalidInput) as refusal:
        make.submit(draft, draft.created_by)
    assert refusal.value.fields == {"letter": [WAITS], "others": [WAITS.replace("letter", "map")]}

    scan_waiting()
    make.submit(draft, draft.created_by)


def test_a_refused_letter_is_taken_off_and_another_one_is_attached(scanner: Scanner) -> None:
    draft = draft_with(infected())
    scan_waiting()
    with pytest.raises(InvalidInput) as refusal:
        make.submit(draft, draft.created_by)
    take_off = f"{REFUSED} Take it off and attach another file."
    assert refusal.value.fields == {"letter": ["Attach the signed letter.", take_off]}

    drafts.detach(Attachment.objects.get(), by=draft.created_by)
    drafts.attach(draft, make.pdf(), Attachment.AttachmentKind.LETTER, by=draft.created_by)
    scan_waiting()
    make.submit(draft, draft.created_by)


def test_a_letter_that_was_sent_later_and_refused_can_be_sent_again(scanner: Scanner) -> None:
    case = make.draft(support_key="wist", letter=False)
    by = case.created_by
    make.submit(case, by)
    perform("send_letter", case, by=by, data={"letter": infected()})
    scan_waiting()

    perform("send_letter", case, by=by, data={"letter": make.pdf("signed.pdf")})
    scan_waiting()

    scans = case.attachments.order_by("pk").values_list("name", "scan")
    assert list(scans) == [("letter.pdf", Scan.REFUSED), ("signed.pdf", Scan.CLEAN)]


def test_a_refused_file_is_not_taken_in_again_by_any_way(scanner: Scanner) -> None:
    draft = draft_with(infected())
    scan_waiting()
    client = signed_in(draft.created_by)
    for field in ("letter", "others"):
        again = SimpleUploadedFile("again.pdf", b"%PDF-1.4\n" + EICAR, "application/pdf")
        answer = client.post(reverse("requests:documents", args=[draft.handle]), {field: again})
        said = answer.context["form"].errors[field]
        assert said == ["“again.pdf” was refused by the virus scanner. Send another file."]
    assert the_scan() == Scan.REFUSED


def test_a_refused_letter_that_is_sent_again_later_is_refused(scanner: Scanner) -> None:
    case = make.draft(support_key="wist", letter=False)
    make.submit(case, case.created_by)
    client = signed_in(case.created_by)
    where = reverse("requests:action", args=[case.handle, "send_letter"])
    assert client.post(where, {"version": case.version, "letter": infected()}).status_code == 302
    scan_waiting()
    case.refresh_from_db()
    answer = client.post(where, {"version": case.version, "letter": infected()})
    sentence = "“letter.pdf” was refused by the virus scanner. Send another file."
    assert answer.context["form"].errors["letter"] == [sentence]
    assert the_scan() == Scan.REFUSED
