"""Letters and other files for the demonstration: real PDFs of one page, made here."""

from django.core.files.uploadedfile import SimpleUploadedFile


def pdf_file(name: str, words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(words), "application/pdf")


def pdf(words: str) -> bytes:
    """One A4 page with one line of text, in a font that every reader has."""
    shown = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    content = b"BT /F1 14 Tf 72 760 Td (" + shown.encode("cp1252", "replace") + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    # Each line of the table of offsets is 20 bytes long, its ending included.
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    )
