"""What bad input gets on the pages: a sentence at the field, everything typed kept, never a 500."""

import io
import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import reverse

from partners.models import User
from requests_app.models import Attachment, SupportRequest
from requests_app.uploads import CappedUploadHandler
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from tests.requests_app.test_pages import typed

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024
UNFIT = "is not a PDF file or a PNG or JPEG picture, whatever its name says."


def spreadsheet(name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"PK\x03\x04\x14\x00 xl/workbook.xml", "application/pdf")


def test_a_spreadsheet_renamed_pdf_is_refused_at_its_field_and_everything_else_is_saved():
    client = signed_in(make.focal_point())
    files = {"letter": spreadsheet(), "others": [make.pdf("map.pdf"), spreadsheet("budget.pdf")]}

    answer = client.post(reverse("requests:new"), typed(check="1", **files))

    draft = SupportRequest.objects.get()
    assert answer.status_code == 200
    assert errors_at(answer) == {
        "letter": [f"“letter.pdf” {UNFIT}"],
        "others": [f"“budget.pdf” {UNFIT}"],
    }
    assert draft.answers["situation"] == make.ANSWERS["situation"]
    assert list(draft.attachments.values_list("name", flat=True)) == ["map.pdf"]
    assert f'action="{reverse("requests:edit", args=[draft.handle])}"' in answer.content.decode()


def test_an_empty_file_and_an_eleventh_attachment_are_refused():
    client = signed_in(make.focal_point())
    others = [make.pdf(f"{number}.pdf") for number in range(11)]
    empty = SimpleUploadedFile("empty.pdf", b"", "application/pdf")

    answer = client.post(reverse("requests:new"), typed(save="1", letter=empty, others=others))

    assert errors_at(answer) == {
        "letter": ["“empty.pdf” is empty."],
        "others": ["A request can have up to 10 further attachments."],
    }
    assert Attachment.objects.count() == 10


def _multipart(fields: dict[str, object], size: int) -> Iterator[bytes]:
    """A form with a letter of that size, made as it is read: it is nowhere whole."""
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        yield head.encode()
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="letter"; filename="huge.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    yield b"%PDF-1.4\n"
    for _each in range(size // MIB):
        yield b"x" * MIB
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


class Stream(io.RawIOBase):
    """What a web server hands over: bytes to be read, that come from a generator."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.rest = self.rest or next(self.chunks, b"")
        given = self.rest[: len(buffer)]
        buffer[: len(given)] = given
        self.rest = self.rest[len(given) :]
        return len(given)


def test_a_file_above_the_limit_is_refused_and_what_was_typed_is_saved():
    client = signed_in(make.focal_point())
    fields = typed(save="1")
    size = settings.ATTACHMENT_MAX_BYTES + MIB
    length = sum(len(chunk) for chunk in _multipart(fields, size))

    answer = client.generic(
        "POST",
        reverse("requests:new"),
        CONTENT_TYPE=MULTIPART_CONTENT,
        CONTENT_LENGTH=str(length),
        **{"wsgi.input": Stream(_multipart(fields, size))},
    )

    assert errors_at(answer) == {
        "letter": ["“huge.pdf” is too large. A file can have up to 20.0\xa0MB."]
    }
    assert SupportRequest.objects.get().answers["asked"] == make.ANSWERS["asked"]
    assert not Attachment.objects.exists()


def test_of_a_file_of_one_gigabyte_never_more_than_the_limit_is_on_disk():
    handler = CappedUploadHandler()
    handler.new_file("letter", "huge.pdf", "application/pdf", 1024 * MIB)
    chunk, most = b"x" * MIB, 0

    for number in range(1024):
        handler.receive_data_chunk(chunk, number * MIB)
        most = max(most, os.fstat(handler.file.fileno()).st_size)
    handler.file.flush()
    handler.file.seek(0, 2)
    left = handler.file.tell()
    given = handler.file_complete(1024 * MIB)

    assert (most <= settings.ATTACHMENT_MAX_BYTES, left) == (True, 0)
    assert (given.name, given.size, given.was_cut) == ("huge.pdf", 1024 * MIB, True)
    given.close()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("needed_from", "0000-01-01", "Give the date as year-month-day, for example 2015-12-31."),
        ("needed_from", "31/12/2015", "Give the date as year-month-day, for example 2015-12-31."),
        ("needed_from", "0001-01-01", "Give a date between 1 July 1975 and"),
        ("needed_from", "9999-12-31", "Give a date between 1 July 1975 and"),
        ("contact_email", "somebody at home", "Give an address like name@example.org."),
        ("species", "x" * 1001, "Use at most 1000 characters (now 1001)."),
        ("situation", "\x00", "Null characters are not allowed."),
    ],
)
def test_a_malformed_answer_gets_a_sentence_at_its_field_and_the_rest_is_saved(
    field, value, sentence
):
    client = signed_in(make.focal_point())
    draft = make.draft()

    answer = client.post(
        reverse("requests:edit", args=[draft.handle]),
        typed(version=draft.version, save="1", **{"objective": "A new objective.", field: value}),
    )

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert [*errors_at(answer)] == [field]
    assert errors_at(answer)[field][0].startswith(sentence)
    assert answer.context["form"][field].value() == value
    assert draft.answers["objective"] == "A new objective."
    assert draft.answers.get(field) == make.ANSWERS.get(field)


def test_without_a_kind_of_support_nothing_is_stored_and_everything_typed_stands():
    client = signed_in(make.focal_point())

    answer = client.post(reverse("requests:new"), typed(support="999999999999999999999"))

    assert list(errors_at(answer)) == ["support"]
    assert make.ANSWERS["situation"] in page(answer)
    assert not SupportRequest.objects.exists()


def test_a_second_click_on_an_action_is_told_the_present_state_and_changes_nothing():
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())
    address = reverse("requests:action", args=[case.handle, "withdraw"])
    sent = {"version": case.version, "reason": "Solved otherwise."}

    answers = [client.post(address, sent) for _ in "12"]

    case.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "“Withdraw the request” cannot be done now: the present state is “withdrawn”." in page(
        answers[1]
    )
    assert "What you typed Reason Solved otherwise." in page(answers[1])
    assert (case.state, case.version) == ("withdrawn", sent["version"] + 1)


def test_an_action_from_a_stale_page_comes_back_with_everything_typed_and_then_goes_through():
    case = make.request_in("in_review")
    client = signed_in(make.the_officer())
    address = reverse("requests:action", args=[case.handle, "advise"])
    sent = {"version": case.version - 1, "advice": "Write to the focal point."}

    stale = client.post(address, sent)
    again = client.post(address, {**sent, "version": stale.context["form"]["version"].value()})

    assert (stale.status_code, again.status_code) == (409, 302)
    assert "This was changed by somebody else in the meantime." in page(stale)
    assert "Write to the focal point." in page(stale)


def test_an_action_page_for_what_is_not_allowed_says_so():
    case = make.request_in("submitted")
    country = signed_in(make.focal_point())

    def status(client, action: str) -> int:
        return client.get(reverse("requests:action", args=[case.handle, action])).status_code

    found = {action: status(country, action) for action in ("withdraw", "submit", "accept", "fly")}
    assert found == {"withdraw": 200, "submit": 409, "accept": 403, "fly": 404}
    viewer = signed_in(make.party_viewer())
    posted = viewer.post(
        reverse("requests:action", args=[case.handle, "withdraw"]),
        {"version": case.version, "reason": "Mischief."},
    )
    case.refresh_from_db()
    assert (posted.status_code, case.state) == (403, "submitted")


def test_missing_words_of_an_action_are_asked_for_at_their_fields():
    case = make.request_in("in_review")
    client = signed_in(make.the_lead())
    address = reverse("requests:action", args=[case.handle, "accept"])

    nothing = client.post(address, {"version": case.version})
    tampered = client.post(
        address,
        {"version": "x", "lead_agency": "nobody", "decision": " ", "funding_known": "perhaps"},
    )

    assert errors_at(nothing) == {
        name: ["This needs an answer."] for name in ("lead_agency", "decision", "funding_known")
    }
    assert set(errors_at(tampered)) == {"version", "lead_agency", "decision", "funding_known"}


def test_an_answer_of_three_megabytes_gets_its_sentence_and_stays_on_the_page():
    client = signed_in(make.focal_point())
    text = "a" * (3 * MIB)

    answer = client.post(reverse("requests:new"), typed(save="1", asked=text))

    assert answer.status_code == 200
    assert set(errors_at(answer)) == {"asked"}
    assert text in answer.content.decode()
    assert SupportRequest.objects.get().answers["situation"] == make.ANSWERS["situation"]


def test_all_files_of_a_call_together_have_a_limit_too(settings):
    settings.ATTACHMENTS_MAX_BYTES_AT_ONCE = 250
    client = signed_in(make.focal_point())
    others = [make.pdf(f"{number}.pdf") for number in range(4)]  # of some 80 bytes each

    answer = client.post(reverse("requests:new"), typed(save="1", others=others))

    assert errors_at(answer) == {
        "others": [
            "“3.pdf” came with too much else. Send up to 250\xa0bytes at once, then the rest."
        ]
    }
    assert Attachment.objects.count() == 3


@pytest.mark.parametrize("user", [AnonymousUser(), User(name="Somebody")])
def test_of_callers_who_have_not_signed_in_no_file_is_stored(user):
    request = RequestFactory().post("/", {"letter": make.pdf()})
    request.user = user
    request.upload_handlers = [CappedUploadHandler(request)]

    stored = request.FILES["letter"]

    assert stored.name == "letter.pdf"
    assert getattr(stored, "was_cut", False) is not user.is_authenticated
