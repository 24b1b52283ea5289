"""Files can be had in parts, and nobody is sent again what they hold; at every door."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import FileResponse

from history.models import Event
from requests_app.models import Scan
from tests import make
from tests.api.conftest import signed_in, with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> SimpleNamespace:
    """A confidential letter, where its bytes are, and who may read it at which door."""
    case = make.request_in("submitted")
    attachment = case.attachments.get()
    officer = make.officer()
    return SimpleNamespace(
        row=attachment,
        bytes=attachment.file.open("rb").read(),
        tag=f'"{attachment.sha256}"',
        path=f"requests/{case.handle}/attachments/{attachment.pk}/",
        page=f"/requests/{case.reference}/attachments/{attachment.pk}/",
        api=signed_in(officer),
        case=case,
    )


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def part(caller: Any, path: str, asked: str, **more: str) -> Any:
    return caller.get(path, headers={"range": asked, **more})


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=5-5", 5, 5), ("bytes=10-", 10, None), ("bytes=-7", -7, None),
     ("bytes=0-999999999", 0, None), ("bytes=-999999999", 0, None), ("Bytes= 3-8 ", 3, 8)],
)  # fmt: skip
def test_a_part_is_206_and_says_which(
    letter: SimpleNamespace, asked: str, first: int, last: int | None
) -> None:
    size = len(letter.bytes)
    expected = letter.bytes[first : size if last is None else last + 1]
    start = first % size
    for caller, path in ((letter.api, letter.path), (letter.api.client, letter.page)):
        answer = part(caller, path, asked)
        assert (answer.status_code, body(answer)) == (206, expected), path
        assert answer["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{size}"
        assert answer["Content-Length"] == str(len(expected))
        assert (answer["ETag"], answer["Accept-Ranges"]) == (letter.tag, "bytes")
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,4-5", "bytes=9-2", "bytes=-", "bytes=x-y", "lines=0-9", "bytes",
     "bytes=0-" + "9" * 40, "bytes=\u0663-"],
)  # fmt: skip
def test_several_ranges_or_none_at_all_get_the_whole_file(
    letter: SimpleNamespace, asked: str
) -> None:
    answer = part(letter.api, letter.path, asked)
    assert (answer.status_code, body(answer)) == (200, letter.bytes)
    assert isinstance(answer, FileResponse)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999999-100000000", "bytes=-0"])
def test_a_part_behind_the_end_is_416_with_the_size_and_no_reading_is_noted(
    letter: SimpleNamespace, asked: str
) -> None:
    before = Event.objects.count()
    answer = part(letter.api, letter.path, asked)
    size = len(letter.bytes)
    assert (answer.status_code, answer.json()["code"]) == (416, "impossible_range")
    assert (answer["Content-Range"], str(size) in answer.json()["detail"]) == (
        f"bytes */{size}", True,
    )  # fmt: skip
    page = part(letter.api.client, letter.page, asked)
    assert (page.status_code, page["Content-Range"]) == (416, f"bytes */{size}")
    assert Event.objects.count() == before


def test_if_range_gives_a_part_of_the_present_file_only(letter: SimpleNamespace) -> None:
    same = part(letter.api, letter.path, "bytes=0-3", **{"if-range": letter.tag})
    for changed in ('"another"', f"W/{letter.tag}", "Sun, 22 Nov 2026 10:00:00 GMT"):
        whole = part(letter.api, letter.path, "bytes=0-3", **{"if-range": changed})
        assert (whole.status_code, body(whole)) == (200, letter.bytes)
    assert (same.status_code, body(same)) == (206, letter.bytes[:4])


def test_who_holds_the_file_is_sent_nothing_if_they_may_still_see_it(
    letter: SimpleNamespace,
) -> None:
    before = Event.objects.count()
    for tag in (letter.tag, f"W/{letter.tag}", f'"x", {letter.tag}', "*"):
        for caller, path in ((letter.api, letter.path), (letter.api.client, letter.page)):
            answer = caller.get(path, headers={"if-none-match": tag})
            assert (answer.status_code, body(answer), answer["ETag"]) == (304, b"", letter.tag)
    assert Event.objects.count() == before
    stranger = with_key(make.api_key(make.agency("WCO"))[1])
    for headers in ({"if-none-match": letter.tag}, {"range": "bytes=0-1"}):
        hidden = stranger.get(letter.path, headers=headers)
        missing = stranger.get("requests/ICCWC-1999-0001/attachments/1/", headers=headers)
        assert (hidden.status_code, hidden.content) == (404, missing.content)
        assert "ETag" not in hidden


def test_a_file_that_the_scanner_holds_has_no_parts(letter: SimpleNamespace) -> None:
    letter.row.scan = Scan.WAITING
    letter.row.save()
    for headers in ({"range": "bytes=0-1"}, {"if-none-match": letter.tag}):
        answer = letter.api.get(letter.path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "file_closed")


def test_reading_a_part_of_a_confidential_file_is_noted(letter: SimpleNamespace) -> None:
    before = Event.objects.filter(kind="files.read").count()
    body(part(letter.api, letter.path, "bytes=0-1"))
    assert Event.objects.filter(kind="files.read").count() == before + 1


def test_compression_on_the_way_leaves_files_and_their_tags_as_they_are(
    letter: SimpleNamespace,
) -> None:
    packed = {"accept-encoding": "gzip"}
    whole = letter.api.get(letter.path, headers=packed)
    assert ("Content-Encoding" in whole, whole["ETag"]) == (False, letter.tag)
    assert body(part(letter.api, letter.path, "bytes=1-2", **packed)) == letter.bytes[1:3]
    assert letter.api.get(f"requests/{letter.case.handle}/", headers=packed)["Content-Encoding"]


def test_head_tells_of_the_whole(letter: SimpleNamespace) -> None:
    answer = letter.api.client.head(f"/api/v1/{letter.path}", headers={"range": "bytes=0-1"})
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(letter.bytes)))
    assert (answer["Accept-Ranges"], answer["ETag"]) == ("bytes", letter.tag)
