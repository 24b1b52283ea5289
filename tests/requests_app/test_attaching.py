"""What may be attached: judged by what the file holds."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.attaching import judge
from tests import make

PDF = make.pdf().read()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.pdf", content, "application/pdf")


def sheet_with(inside: bytes) -> bytes:
    """A spreadsheet in which `inside` stands as it is, far from the beginning."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" + " " * 1100)
        archive.writestr("xl/workbook.xml", inside)
    return packed.getvalue()


@pytest.mark.parametrize(
    "before",
    [b"", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\x1b%-12345X@PJL\r\n", b" " * 1019],
    ids=["nothing", "newline", "return", "byte order mark", "printer job", "1,019 spaces"],
)
def test_a_pdf_file_may_begin_anywhere_in_the_first_1024_bytes(before: bytes) -> None:
    assert judge(upload(before + PDF)) == "application/pdf"


@pytest.mark.parametrize(
    "content",
    [b" " * 1020 + PDF, sheet_with(PDF), b"PK\x03\x04" + b"\0" * 1100 + PDF],
    ids=["later", "in a spreadsheet", "in an archive"],
)
def test_a_file_that_holds_a_pdf_further_on_is_none(content: bytes) -> None:
    with pytest.raises(ValidationError):
        judge(upload(content))
