"""The copy of a submitted version as a PDF file: the same bytes for the same version and language.

Typst sets it from requests_app/typst/copy.typ. What people wrote goes in as data and is never
read as markup; free text stays in the language in which it was written.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outbox.enclosures import File
from requests_app.models import Attachment, RequestVersion
from requests_app.reading import Answer, sections
from requests_app.workflow.inputs import DECLARATION

_SOURCE = Path(__file__).parent / "typst" / "copy.typ"
_MARK = Path(settings.BASE_DIR) / "static" / "img" / "mark.svg"
_LONG_RUN = re.compile(r"\S{60}")
_MAY_BREAK = "\u200b"


def copy_of(version: RequestVersion, language: str) -> File:
    """The copy in one of settings.LANGUAGES."""
    with translation.override(language):
        data = _data(version, language)
    compiler = typst.Compiler(_SOURCE.read_bytes(), font_paths=fonts())
    content = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(data)})
    if not isinstance(content, bytes):
        raise TypeError("Typst gave no file")
    return File(f"{data['reference']}-v{version.number}.pdf", content, "application/pdf")


def enclosed_copy(version_id: int, language: str) -> File:
    """The maker of the copy that goes with a mail: see outbox.enclosures."""
    versions = RequestVersion.objects.select_related(
        "support_request__party", "support_request__support", "submitted_by"
    )
    return copy_of(versions.get(pk=version_id), language)


@cache
def fonts() -> typst.Fonts:
    """Those in the package, then the machine's for scripts that they lack; looked for once."""
    return typst.Fonts()


# ── what stands in it ────────────────────────────────────────────────────────────────────────


def _data(version: RequestVersion, language: str) -> dict[str, Any]:
    support_request = version.support_request
    read = sections(version.answers)
    title, reference = read[0].answers[0].text, support_request.handle
    moment = version.submitted_at.astimezone(UTC)
    submitted = _("%(moment)s UTC") % {"moment": date_format(moment, "DATETIME_FORMAT")}
    number = _("Version %(number)s") % {"number": version.number}
    return {
        "reference": reference,
        "title": title,
        "language": language,
        "date": {part: getattr(moment, part) for part in _PARTS_OF_A_DATE},
        "mark": _MARK.read_text(),
        "eyebrow": f"{reference} · {support_request.party.name}",
        "footer": f"{reference} · {number}",
        "words": _words(),
        "facts": [
            [_("Reference"), reference],
            [_("Party"), support_request.party.name],
            [_("Kind of support"), title],
            [_("Version"), str(version.number)],
            [_("Submitted"), submitted],
            [_("Submitted by"), version.submitted_by.name],
        ],
        "sections": [
            {"title": section.title, "answers": [_answer(one) for one in section.answers]}
            for section in read[1:]
        ],
        "attachments": [_attachment(file) for file in version.attachments],
        "closing": [
            [_("Declaration"), str(DECLARATION.label)],
            [_("What happens next"), _what_happens_next()],
        ],
    }


_PARTS_OF_A_DATE = ("year", "month", "day", "hour", "minute", "second")


def _words() -> dict[str, str]:
    return {
        "portal": _("ICCWC support portal"),
        "consortium": _("International Consortium on Combating Wildlife Crime"),
        "page": _("Page {page} of {pages}"),
        "not_answered": _("not answered"),
        "attachments": _("Attachments"),
        "no_attachments": _("No file is attached."),
    }


def _what_happens_next() -> str:
    return _(
        "The CITES Secretariat looks at it, passes it on to the partner agencies as appropriate "
        "and advises you on the next steps. Your focal points are told by e-mail when it takes a "
        "step or asks a question. Please quote the reference in every letter."
    )


def _answer(answer: Answer) -> dict[str, Any]:
    paragraphs = [part.split("\n") for part in re.split(r"\n\s*\n", answer.text.strip()) if part]
    return {
        "label": answer.label,
        "rtl": _reads_from_the_right(answer.text),
        # A run without blanks would leave the page: it may break, unseen.
        "paragraphs": [
            [_LONG_RUN.sub(rf"\g<0>{_MAY_BREAK}", line) for line in part] for part in paragraphs
        ],
    }


def _reads_from_the_right(text: str) -> bool:
    """As its first letter with a direction does (UAX 9, P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((one != "L" for one in directions if one in {"L", "R", "AL"}), False)


def _attachment(file: Mapping[str, Any]) -> dict[str, str]:
    kinds: dict[str, Any] = dict(Attachment.AttachmentKind.choices)
    about = f"{kinds.get(file['kind'], file['kind'])}, {filesizeformat(file['size'])}"
    return {"name": file["name"], "about": about, "sha256": file["sha256"]}
