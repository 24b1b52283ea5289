"""What is too large gets a sentence, and never more than the limit lies on disk."""

import io
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from partners.models import User
from requests_app.models import Attachment
from requests_app.uploads import CappedUploadHandler
from tests import make
from tests.reading_pages import errors_at, signed_in
from tests.requests_app.test_documents_step import names, step_of

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024


def _multipart(size: int) -> Iterator[bytes]:
    """A form with a letter of that size, made as it is read: it is nowhere whole."""
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

    def readinto(self, buffer: Any) -> int:
        self.rest = self.rest or next(self.chunks, b"")
        given = self.rest[: len(buffer)]
        buffer[: len(given)] = given
        self.rest = self.rest[len(given) :]
        return len(given)


def test_a_file_above_the_limit_gets_a_sentence() -> None:
    draft = make.draft(letter=False)
    size = settings.ATTACHMENT_MAX_BYTES + 5 * MIB
    length = sum(len(chunk) for chunk in _multipart(size))

    answer = signed_in(draft.created_by).generic(
        "POST",
        step_of(draft),
        CONTENT_TYPE=MULTIPART_CONTENT,
        CONTENT_LENGTH=str(length),
        **{"wsgi.input": Stream(_multipart(size))},
    )

    assert errors_at(answer) == {
        "letter": ["“huge.pdf” is too large. A file can have up to 20.0\xa0MB."]
    }
    assert not Attachment.objects.exists()


def test_of_a_file_of_one_gigabyte_never_more_than_the_limit_is_on_disk() -> None:
    handler = CappedUploadHandler()
    handler.new_file("letter", "huge.pdf", "application/pdf", 1024 * MIB)
    chunk, most = b"x" * MIB, 0

    for number in range(1024):
        handler.receive_data_chunk(chunk, number * MIB)
        most = max(most, os.fstat(handler.file.fileno()).st_size)
    handler.file.flush()
    handler.file.seek(0, 2)
    left = handler.file.tell()
    given: Any = handler.file_complete(1024 * MIB)

    assert (most <= settings.ATTACHMENT_MAX_BYTES, left) == (True, 0)
    assert (given.name, given.size, given.was_cut) == ("huge.pdf", 1024 * MIB, True)
    given.close()


def test_all_files_of_a_call_together_have_a_limit_too(settings: Any) -> None:
    settings.ATTACHMENTS_MAX_BYTES_AT_ONCE = 250
    draft = make.draft(letter=False)
    others = [make.pdf(f"{number}.pdf") for number in range(4)]  # of some 80 bytes each

    answer = signed_in(draft.created_by).post(step_of(draft), {"others": others})

    assert errors_at(answer) == {
        "others": [
            "“3.pdf” came with too much else. Send up to 250\xa0bytes at once, then the rest."
        ]
    }
    assert len(names(draft)) == 3


@pytest.mark.parametrize("user", [AnonymousUser(), User(name="Somebody")])
def test_of_callers_who_have_not_signed_in_no_file_is_stored(user: Any) -> None:
    request: Any = RequestFactory().post("/", {"letter": make.pdf()})
    request.user = user
    request.upload_handlers = [CappedUploadHandler(request)]

    stored = request.FILES["letter"]

    assert stored.name == "letter.pdf"
    assert getattr(stored, "was_cut", False) is not user.is_authenticated
