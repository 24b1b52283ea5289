"""The report as a Word file: real headings, tables with header rows, a title and a language. The
same bytes for the same document: nothing in it tells when it was made."""

import io
import zipfile
from datetime import datetime, time
from typing import Any

from django.utils import translation
from docx import Document as NewFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from iccwc_portal.report.as_pdf import disclaimer, legend_of, map_png
from iccwc_portal.report.document import Document, Heading, Map, Paragraph, Table

_LANGUAGES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES"}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name
_ALIGNED = {"num": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}


def docx(document: Document) -> bytes:
    file = NewFile()
    _describe(file, document)
    file.add_heading(document.title, level=1)
    for name, value in document.facts:
        line = file.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    with translation.override(document.language):
        for block in document.blocks:
            _ADD[type(block)](file, block)
    stored = io.BytesIO()
    file.save(stored)
    return _without_times(stored.getvalue())


def _describe(file: Any, document: Document) -> None:
    about = file.core_properties
    moment = datetime.combine(document.day, time.min)
    about.title, about.author, about.language = document.title, "ICCWC", document.language
    about.created = about.modified = moment
    about.last_modified_by, about.comments, about.revision = "ICCWC", "", 1
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    file.styles["Normal"].font.size = Pt(10.5)
    spoken = file.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if spoken is not None:
        spoken.set(qn("w:val"), _LANGUAGES[document.language])


def _heading(file: Any, block: Heading) -> None:
    file.add_heading(block.text, level=block.level)


def _paragraph(file: Any, block: Paragraph) -> None:
    run = file.add_paragraph().add_run(block.text)
    run.bold = block.tone == "warning"
    run.font.size = Pt(9) if block.tone == "source" else None


def _table(file: Any, block: Table) -> None:
    caption = file.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    rows = [block.head, *block.rows, *([block.foot] if block.foot else [])]
    table = file.add_table(rows=len(rows), cols=len(block.head), style="Table Grid")
    _name(table, block.caption)
    size = Pt(7) if len(block.head) > 7 else Pt(9.5)
    for at, row in enumerate(rows):
        is_bold = at == 0 or bool(block.foot and at == len(rows) - 1)
        for column, (cell, text) in enumerate(zip(table.rows[at].cells, row, strict=True)):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.bold = size, is_bold or column == 0
            cell.paragraphs[0].alignment = _ALIGNED.get(block.set_as(column))
    _repeat(table.rows[0])
    file.add_paragraph()


def _name(table: Any, caption: str) -> None:
    """What a screen reader calls the table."""
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), caption)
    table._tbl.tblPr.append(named)


def _repeat(row: Any) -> None:
    """A header row: read out as such, and repeated on every page."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _map(file: Any, block: Map) -> None:
    file.add_paragraph(block.title, style="Caption").paragraph_format.keep_with_next = True
    picture = file.add_picture(io.BytesIO(map_png(block.world)), width=Cm(17.4))
    shown = picture._inline.docPr
    shown.set("descr", f"{block.title}. {block.words}")
    legend = file.add_paragraph()
    for colour, words in legend_of(block.world):
        legend.add_run("■ ").font.color.rgb = _colour(colour)
        legend.add_run(f"{words}   ").font.size = Pt(9)
    file.add_paragraph().add_run(disclaimer()).font.size = Pt(8)


def _colour(hexadecimal: str) -> Any:
    return RGBColor.from_string(hexadecimal.removeprefix("#").upper())


_ADD: dict[type, Any] = {Heading: _heading, Paragraph: _paragraph, Table: _table, Map: _map}


def _without_times(content: bytes) -> bytes:
    """The same archive, whose entries all bear the same moment."""
    stored = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for entry in made.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, made.read(entry))
    return stored.getvalue()
