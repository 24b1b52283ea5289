"""Control characters: nobody types them, copying from a PDF brings them, and no XML may hold them
(XML 1.0, 2.2), so a feed or a drawing with one is broken for everybody."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# All of C0 but tab and line breaks, halves of pairs of UTF-16, and what Unicode has set aside.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AROUND = 15  # characters shown before and after


def problem_with(text: str) -> str:
    """A sentence that shows where a character stands that is no text; empty when there is none."""
    found = _NO_TEXT.search(text)
    if not found:
        return ""
    near = text[max(found.start() - _AROUND, 0) : found.end() + _AROUND]
    return _(
        "“%(near)s” holds a control character, which cannot be kept. Type these words again."
    ) % {"near": " ".join(_NO_TEXT.sub("�", near).split())}


def judge(typed: Any) -> None:
    """For the text fields of forms, whatever they make of a text. Of null characters Django says
    so itself."""
    for text in typed if isinstance(typed, list) else [typed]:
        problem = problem_with(text) if isinstance(text, str) and "\x00" not in text else ""
        if problem:
            raise ValidationError(problem, code="control_characters")


def without_control(text: str) -> str:
    """For what was stored before anybody looked."""
    return _NO_TEXT.sub("", text)
